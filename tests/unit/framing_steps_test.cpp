#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <numeric>
#include <optional>

#include "image/place.h"
#include "image/resize.h"
#include "image/stroke_width.h"
#include "image/strokes.h"
#include "image/turn.h"
#include "image/widen.h"

// The steps of framing, one by one.
namespace inkdigit {
namespace {

using Catch::Matchers::WithinAbs;

void fill(Ink& ink, const Box& box, float value = 1.0f) {
  for (size_t y = box.top; y < box.top + box.height; ++y) {
    for (size_t x = box.left; x < box.left + box.width; ++x) ink.at(x, y) = value;
  }
}

double sum(const Ink& ink) { return std::accumulate(ink.values.begin(), ink.values.end(), 0.0); }

TEST_CASE("bounds reach to the last pixel above the threshold", "[framing]") {
  Ink ink(30, 20);
  CHECK_FALSE(ink_bounds(ink).has_value());
  fill(ink, {3, 4, 10, 12});
  ink.at(25, 5) = kStrokeThreshold - 0.01f;
  CHECK(ink_bounds(ink) == Box{3, 4, 10, 12});
  ink.at(25, 5) = kStrokeThreshold + 0.01f;
  CHECK(ink_bounds(ink) == Box{3, 4, 23, 12});
  fill(ink, {0, 0, 30, 20});
  CHECK(ink_bounds(ink) == Box{0, 0, 30, 20});
}

TEST_CASE("specks go and strokes stay", "[framing]") {
  Ink ink(200, 200);
  const Box stroke{20, 30, 100, 6}, second_stroke{20, 60, 10, 10}, speck{150, 150, 4, 4};
  fill(ink, stroke);
  fill(ink, second_stroke);
  const Ink clean = ink;
  fill(ink, speck);
  ink.at(0, 0) = 1.0f;
  keep_strokes(ink);
  CHECK(ink.values == clean.values);
}

TEST_CASE("what hangs together by a corner is one piece", "[framing]") {
  Ink diagonal(100, 100);
  for (size_t i = 10; i < 60; ++i) diagonal.at(i, 99 - i) = 1.0f;
  const Ink before = diagonal;
  keep_strokes(diagonal);
  CHECK(diagonal.values == before.values);
}

TEST_CASE("where all is specks nothing remains", "[framing]") {
  Ink ink(500, 100);
  fill(ink, {100, 50, 9, 9});  // below a fiftieth of 500
  fill(ink, {300, 20, 9, 9});
  keep_strokes(ink);
  CHECK(sum(ink) == 0.0);
  fill(ink, {100, 50, 10, 3});
  keep_strokes(ink);
  CHECK(sum(ink) == 30.0);
}

TEST_CASE("a crop is a square with the ink in its middle", "[framing]") {
  Ink ink(30, 20);
  fill(ink, {5, 3, 4, 10}, 0.5f);
  ink.at(5, 3) = 1.0f;
  const Ink square = crop_square(ink, {5, 3, 4, 10});
  CHECK(square.width == 10);
  CHECK(square.height == 10);
  CHECK(ink_bounds(square) == Box{3, 0, 4, 10});
  CHECK(square.at(3, 0) == 1.0f);
  CHECK(sum(square) == sum(ink));
}

TEST_CASE("a square of the box's size is not resampled", "[framing]") {
  Ink ink(kBoxSide, kBoxSide);
  for (size_t i = 0; i < ink.values.size(); ++i) ink.values[i] = float(i * 7 % 11) / 10.0f;
  const Ink box = scale_to_box(ink);
  for (size_t i = 0; i < ink.values.size(); ++i) {
    REQUIRE_THAT(box.values[i], WithinAbs(ink.values[i], 1e-6));
  }
}

TEST_CASE("scaling down takes the mean of the area", "[framing]") {
  const size_t side = GENERATE(40, 50, 73, 200);
  Ink ink(side, side);
  fill(ink, {side / 3, side / 4, side / 2, side / 5});
  const Ink box = scale_to_box(ink);
  const double scale = double(kBoxSide) / double(side);
  CHECK_THAT(sum(box), WithinAbs(sum(ink) * scale * scale, 0.02 * sum(box)));
  const Point before = centre_of_mass(ink), after = centre_of_mass(box);
  CHECK_THAT(after.x, WithinAbs(before.x * scale, 0.05));
  CHECK_THAT(after.y, WithinAbs(before.y * scale, 0.05));
  CHECK(*std::max_element(box.values.begin(), box.values.end()) <= 1.00001f);
  CHECK(*std::min_element(box.values.begin(), box.values.end()) >= -0.00001f);
}

TEST_CASE("strengthening lets a tenth of the ink be full, and makes nothing weaker", "[framing]") {
  Ink ink(kBoxSide, kBoxSide);
  for (size_t i = 0; i < 100; ++i) ink.values[i] = 0.001f * float(i + 101);  // 0.101 … 0.2
  const Ink before = ink;
  strengthen(ink);
  CHECK(std::count(ink.values.begin(), ink.values.end(), 1.0f) == 11);
  CHECK_THAT(ink.values[0], WithinAbs(0.101 / 0.19, 1e-3));
  CHECK(ink.values[200] == 0.0f);
  for (size_t i = 0; i < 100; ++i) REQUIRE(ink.values[i] >= before.values[i]);
  Ink paper(kBoxSide, kBoxSide);
  strengthen(paper);
  CHECK(sum(paper) == 0.0);
}

TEST_CASE("the centre of mass is weighted", "[framing]") {
  Ink ink(10, 10);
  ink.at(2, 3) = 1.0f;
  ink.at(6, 3) = 0.5f;
  ink.at(2, 9) = 0.5f;
  const Point centre = centre_of_mass(ink);
  CHECK_THAT(centre.x, WithinAbs((2.5 + 0.5 * 6.5 + 0.5 * 2.5) / 2, 1e-6));
  CHECK_THAT(centre.y, WithinAbs((3.5 + 0.5 * 3.5 + 0.5 * 9.5) / 2, 1e-6));
}

TEST_CASE("the box is placed by its centre of mass, as MNIST's are", "[framing]") {
  Ink digit(kBoxSide, kBoxSide);
  fill(digit, {0, 0, 20, 20});  // its centre is at 10, so the box begins at 5: the centre at 15
  Frame frame = place_in_frame(digit);
  CHECK(frame[5 * kFrameSide + 5] == 255);
  CHECK(frame[24 * kFrameSide + 24] == 255);
  CHECK(frame[4 * kFrameSide + 5] == 0);
  CHECK(frame[25 * kFrameSide + 24] == 0);

  Ink bar(kBoxSide, kBoxSide);
  fill(bar, {0, 0, 3, 20}, 0.5f);  // the centre at 1.5: moved by 13, to 14.5
  frame = place_in_frame(bar);
  CHECK(frame[10 * kFrameSide + 13] == 128);
  CHECK(frame[10 * kFrameSide + 15] == 128);
  CHECK(frame[10 * kFrameSide + 12] == 0);
  CHECK(frame[10 * kFrameSide + 16] == 0);
}

TEST_CASE("ink whose centre of mass is far off still stays in the frame", "[framing]") {
  Ink digit(kBoxSide, kBoxSide);
  fill(digit, {10, 0, 1, 20}, 0.01f);
  fill(digit, {5, 18, 10, 2});
  const Frame frame = place_in_frame(digit);
  size_t rows = 0;
  for (size_t y = 0; y < kFrameSide; ++y) {
    rows += std::any_of(&frame[y * kFrameSide], &frame[y * kFrameSide] + kFrameSide,
                        [](uint8_t level) { return level > 0; });
  }
  CHECK(rows == 20);
}

TEST_CASE("the width of strokes is measured", "[framing]") {
  const size_t width = GENERATE(1, 3, 8);
  const float strength = GENERATE(1.0f, 0.3f);
  Ink ink(300, 300);
  fill(ink, {20, 20, width, 260}, strength);
  CHECK_THAT(stroke_width(ink), WithinAbs(double(width), 0.04 * double(width)));
}

TEST_CASE("outlines move out and in by as much as told", "[framing]") {
  const double radius = GENERATE(3.0, 1.5, 0.25, -0.25, -1.5, -3.0);
  Ink ink(60, 200);
  fill(ink, {25, 30, 10, 140});
  const Ink moved = offset_outline(ink, radius);
  const size_t margin = (moved.width - ink.width) / 2;
  double across = 0;  // of the row through its middle
  for (size_t x = 0; x < moved.width; ++x) across += moved.at(x, margin + 100);
  CHECK_THAT(across, WithinAbs(10 + 2 * radius, 1e-4));
  const Point centre = centre_of_mass(moved);
  CHECK_THAT(centre.x, WithinAbs(double(margin) + 30, 1e-4));
  CHECK_THAT(centre.y, WithinAbs(double(margin) + 100, 1e-4));
}

TEST_CASE("a dot grows into a disc, not a square", "[framing]") {
  Ink ink(11, 11);
  ink.at(5, 5) = 1.0f;
  const Ink disc = offset_outline(ink, 4.0);
  CHECK_THAT(sum(disc), WithinAbs(3.14159 * 4.5 * 4.5, 2.0));
}

TEST_CASE("ordinary strokes are left alone, others become ordinary", "[framing]") {
  const auto bar = [](double box_pixels) {
    Ink ink(400, 400);
    const auto width = static_cast<size_t>(box_pixels * 400 / kBoxSide);
    fill(ink, {200 - width / 2, 0, width, 400});
    return ink;
  };
  const Ink ordinary = bar(2.7);  // its ends make its mean width 2.4
  CHECK(normalise_stroke_width(ordinary).values == ordinary.values);
  for (const double width : {0.05, 1.0, 4.0, 5.0}) {
    INFO("from " << width);
    const double result = stroke_width(scale_to_box(normalise_stroke_width(bar(width))));
    CHECK(result > 0.9 * kMinStrokeWidth);
    CHECK(result < 1.25 * kMaxStrokeWidth);
  }
}

TEST_CASE("what thinning would wipe out is left alone", "[framing]") {
  Ink blot(100, 100);
  fill(blot, {0, 0, 100, 100}, 0.35f);  // counts as wide, but not as inside an outline
  fill(blot, {0, 40, 100, 11});
  CHECK(normalise_stroke_width(blot).values == blot.values);
}

TEST_CASE("a frame is turned clockwise about its centre", "[framing]") {
  Frame frame{};
  frame[10 * kFrameSide + 20] = 255;
  frame[4 * kFrameSide + 9] = 51;
  std::array<float, kFrameSize> turned;
  turn(frame, 0.0f, turned);
  for (size_t i = 0; i < kFrameSize; ++i) {
    CHECK_THAT(turned[i], WithinAbs(static_cast<float>(frame[i]) / 255.0f, 1e-5));
  }
  turn(frame, 1.0f, turned);  // (x, y) pixels off the centre come to (-y, x)
  CHECK_THAT(turned[20 * kFrameSide + 17], WithinAbs(1.0, 1e-5));
  CHECK_THAT(turned[9 * kFrameSide + 23], WithinAbs(0.2, 1e-5));
  CHECK_THAT(std::accumulate(turned.begin(), turned.end(), 0.0), WithinAbs(1.2, 1e-4));
}

TEST_CASE("a narrow digit is widened, though not without bound", "[framing]") {
  const auto width_of = [](size_t width, size_t height) {
    Ink digit(width, height);
    fill(digit, {0, 0, width, height});
    const std::optional<Ink> wide = widen(digit);
    if (!wide) return size_t{0};
    CHECK(wide->height == height);
    CHECK_THAT(sum(*wide), WithinAbs(static_cast<double>(wide->width * height), 1.0));
    return wide->width;
  };
  CHECK(width_of(40, 100) == 60);
  CHECK(width_of(24, 100) == 60);
  CHECK(width_of(10, 100) == 25);
  CHECK(width_of(1, 300) == 3);
  CHECK(width_of(60, 100) == 0);
  CHECK(width_of(100, 50) == 0);
  CHECK(width_of(1, 1) == 0);
}

}  // namespace
}  // namespace inkdigit
