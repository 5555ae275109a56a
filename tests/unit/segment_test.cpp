#include "image/segment.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <vector>

#include "drawing.h"
#include "image/to_ink.h"

namespace inkdigit {
namespace {

using namespace testing;

std::vector<Segment> segments_of(const Picture& picture) {
  return segment_digits(to_ink(picture.view()));
}

std::vector<Segment> segments_of(const std::vector<Stroke>& strokes, double pen = 10) {
  Picture picture(400, 300, kWhite);
  draw(picture, strokes, pen, kBlack);
  return segments_of(picture);
}

TEST_CASE("a blank picture has no digits", "[segment]") {
  CHECK(segments_of(Picture(50, 40, kWhite)).empty());
}

TEST_CASE("a digit alone is one, all of it", "[segment]") {
  const int digit = GENERATE(0, 1, 2, 3, 4, 5, 7);
  Picture picture(300, 300, kWhite);
  draw(picture, placed(digit_shape(digit), 60, 40, 200), 14, kBlack);
  const Ink ink = to_ink(picture.view());
  const auto segments = segment_digits(ink);
  REQUIRE(segments.size() == 1);
  const Box& box = segments[0].box;
  size_t different = 0;
  for (size_t y = 0; y < box.height; ++y) {
    for (size_t x = 0; x < box.width; ++x) {
      different += segments[0].ink.at(x, y) != ink.at(box.left + x, box.top + y);
    }
  }
  CHECK(different == 0);
}

TEST_CASE("the pieces of a digit stay together", "[segment]") {
  const std::vector<Stroke> body = placed(digit_shape(5), 100, 50, 200);
  SECTION("a five whose bar stands off") {
    CHECK(segments_of({{{160, 50}, {290, 42}}, {{140, 75}, {140, 140}}, body[1]}).size() == 1);
  }
  SECTION("a five whose bar stands off to the right") {
    CHECK(segments_of({{{190, 60}, {300, 50}}, {{140, 50}, {140, 140}}, body[1]}).size() == 1);
  }
  SECTION("a four with a separate stem") {
    CHECK(segments_of({{{150, 50}, {110, 180}, {240, 180}},
                       {{200, 90}, {200, 165}},
                       {{200, 195}, {200, 260}}})
              .size() == 1);
  }
  SECTION("a zero with a slash that does not touch it") {
    CHECK(segments_of({placed(digit_shape(0), 100, 50, 200)[0], {{180, 190}, {220, 110}}}).size() ==
          1);
  }
  SECTION("an eight of two loops") {
    const Stroke loop = placed(digit_shape(0), 100, 40, 90)[0];
    Stroke below = loop;
    for (Point2& point : below) point.y += 105;
    CHECK(segments_of({loop, below}).size() == 1);
  }
  SECTION("a seven with a bar that does not touch it") {
    CHECK(segments_of({{{100, 50}, {220, 50}, {150, 250}}, {{100, 150}, {160, 150}}}).size() == 1);
  }
}

TEST_CASE("digits come in reading order, row by row", "[segment]") {
  std::vector<Stroke> strokes;
  std::vector<double> lefts;
  const auto write = [&](int digit, double left, double top) {
    for (const Stroke& stroke : placed(digit_shape(digit), left, top, 80))
      strokes.push_back(stroke);
    lefts.push_back(left);
  };
  write(7, 20, 20);
  write(1, 110, 32);
  write(4, 190, 12);
  write(0, 30, 170);
  write(5, 120, 160);
  const auto segments = segments_of(strokes, 8);
  REQUIRE(segments.size() == 5);
  for (size_t i = 0; i < segments.size(); ++i) {
    const Box& box = segments[i].box;
    const double middle = double(box.left) + double(box.width) / 2;
    CHECK(std::abs(middle - (lefts[i] + 40)) < 20);
    CHECK((i < 3) == (box.top < 100));
  }
}

TEST_CASE("a slanted neighbour reaches over a digit without joining it", "[segment]") {
  CHECK(segments_of({{{150, 60}, {90, 220}}, {{190, 60}, {130, 220}}}).size() == 2);
}

TEST_CASE("a screen of dots is no number", "[segment]") {
  Ink ink(400, 400);
  for (size_t y = 0; y < ink.height; ++y) {
    for (size_t x = 0; x < ink.width; ++x) ink.at(x, y) = x % 4 < 2 && y % 4 < 2 ? 1.0f : 0.0f;
  }
  CHECK(segment_digits(ink).empty());
}

TEST_CASE("a dash and dots between digits are no digits", "[segment]") {
  std::vector<Stroke> strokes = placed(digit_shape(2), 20, 60, 100);
  for (const Stroke& stroke : placed(digit_shape(3), 260, 60, 100)) strokes.push_back(stroke);
  strokes.push_back({{165, 110}, {210, 110}});
  strokes.push_back({{240, 160}});
  CHECK(segments_of(strokes).size() == 2);
}

}  // namespace
}  // namespace inkdigit
