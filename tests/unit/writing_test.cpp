// What lies around writing, in forms, photographs and pictures of a screen.
#include "image/writing.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cmath>
#include <vector>

#include "drawing.h"
#include "image/segment.h"
#include "image/strokes.h"

namespace inkdigit {
namespace {

using namespace testing;

constexpr size_t kWidth = 300, kHeight = 240;
const std::vector<Stroke> kFive = placed(digit_shape(5), 110, 70, 100);

/// Ink of strokes, at most `strength` strong.
Ink inked(const std::vector<Stroke>& strokes, double pen = 8, double strength = 1.0) {
  const std::vector<double> covered = cover(kWidth, kHeight, strokes, pen);
  Ink ink(kWidth, kHeight);
  std::ranges::transform(covered, ink.values.begin(),
                         [strength](double value) { return static_cast<float>(strength * value); });
  return ink;
}

Ink together(Ink ink, const Ink& other) {
  for (size_t i = 0; i < ink.values.size(); ++i) {
    ink.values[i] = std::max(ink.values[i], other.values[i]);
  }
  return ink;
}

std::vector<Stroke> operator+(std::vector<Stroke> strokes, const std::vector<Stroke>& others) {
  strokes.insert(strokes.end(), others.begin(), others.end());
  return strokes;
}

/// The share of `ink` that is kept.
double kept(const Ink& ink, const Ink& all, Content content) {
  Ink writing = all;
  keep_writing(writing, content);
  double before = 0.0, after = 0.0;
  for (size_t i = 0; i < ink.values.size(); ++i) {
    if (ink.values[i] <= 0.25f) continue;
    before += 1.0;
    after += writing.values[i] == ink.values[i] ? 1.0 : 0.0;
  }
  return after / before;
}

/// Whether `writing` alone is left of a picture that shows `clutter`, too.
void check_clutter(const Ink& writing, const Ink& clutter, Content content = Content::kDigit) {
  const Ink all = together(writing, clutter);
  CHECK(kept(writing, all, content) == 1.0);
  CHECK(kept(clutter, all, content) == 0.0);
}

Stroke rectangle(double left, double top, double width, double height, double slant = 0.0) {
  return {{left, top},
          {left + width, top + slant},
          {left + width - slant, top + height + slant},
          {left - slant, top + height},
          {left, top}};
}

TEST_CASE("a box around a digit is none of it", "[writing]") {
  const double slant = GENERATE(0.0, 12.0);
  check_clutter(inked(kFive), inked({rectangle(80, 40, 150, 160, slant)}, 3));
}

TEST_CASE("the corner of a box that the picture's edge cuts off is none of it", "[writing]") {
  const Ink five = inked(placed(digit_shape(5), 210, 140, 70));
  check_clutter(five, inked({{{175, 300}, {175, 110}, {400, 110}}}, 3));
  check_clutter(five, inked({{{175, 300}, {175, 110}, {285, 110}, {285, 300}}}, 3));
}

TEST_CASE("lines as thick as strokes, of a box or a table around it, are no part of a digit",
          "[writing]") {
  const Box part{76, 40, 150, 165};  // of the picture, hardly larger than the box
  const auto check_lines = [&](const std::vector<Stroke>& lines) {
    check_clutter(crop(inked(kFive), part), crop(inked(lines), part));
  };
  const Stroke left{{82, 0}, {82, 240}}, bottom{{0, 190}, {300, 182}}, right{{219, 0}, {219, 240}};
  check_lines({left, bottom});
  check_lines({bottom, right});
  check_lines({bottom});
}

TEST_CASE("thick lines of a table that go from edge to edge are no part of a digit", "[writing]") {
  const std::vector<Stroke> across{{{0, 30}, {300, 38}}, {{70, 0}, {64, 240}}};
  check_clutter(inked(kFive), inked(across));
  // A line along the picture's edge, which looks like shade, ends before it.
  check_clutter(inked(kFive),
                inked({{{8, 30}, {300, 30}}, {{270, 5}, {270, 240}}, {{8, 30}, {8, 240}}}));
}

TEST_CASE("a four whose strokes cross from edge to edge is no table", "[writing]") {
  const Ink four =
      inked({{{0, 150}, {300, 150}}, {{200, 0}, {200, 240}}, {{130, 20}, {70, 130}}}, 14);
  CHECK(kept(four, four, Content::kDigit) == 1.0);
}

TEST_CASE("a line below a digit is none of it", "[writing]") {
  const Ink five = inked(kFive);
  for (const Stroke& line : {Stroke{{110, 184}, {215, 188}}, Stroke{{30, 190}, {270, 190}}}) {
    Ink all = together(five, inked({line}, 4));
    keep_writing(all, Content::kDigit);
    CHECK((ink_bounds(all) == ink_bounds(five)));
  }
}

TEST_CASE("the base of a two that stands off is a part of it", "[writing]") {
  std::vector<Stroke> two = placed(digit_shape(2), 110, 70, 100);
  two[1] = {{185, 120}, {122, 160}};
  const Ink ink = inked(two + std::vector<Stroke>{{{112, 171}, {205, 171}}});
  Ink same = ink;
  keep_writing(same, Content::kDigit);
  CHECK(same.values == ink.values);
}

TEST_CASE("a zero keeps its slash and its shape", "[writing]") {
  const std::vector<Stroke> zero = placed(digit_shape(0), 100, 40, 160);
  const std::vector<Stroke> slash{{{200, 90}, {160, 150}}};
  const Ink ink = inked(zero + slash);
  CHECK(kept(ink, ink, Content::kDigit) == 1.0);
  // Cut out to its ends, or nearly, too.
  const size_t slack = GENERATE(0, 2);
  const Ink close = crop(ink, {120 - slack, 35, 120 + 2 * slack, 170});
  CHECK(kept(close, close, Content::kDigit) == 1.0);
}

TEST_CASE("dust in a zero does not make a box of it", "[writing]") {
  const Ink zero = inked(placed(digit_shape(0), 100, 40, 160));
  const Ink dust = inked({{{165, 100}, {180, 100}}, {{190, 150}, {205, 152}}}, 10);
  CHECK(kept(zero, together(zero, dust), Content::kDigit) == 1.0);
}

TEST_CASE("what the picture's edge cuts off is no digit", "[writing]") {
  SECTION("the table beside the paper") {
    check_clutter(inked(kFive), inked({{{10, 0}, {14, 240}}}, 30));
  }
  SECTION("its grain") {
    check_clutter(inked(kFive),
                  inked({{{0, 20}, {60, 20}}, {{0, 60}, {61, 60}}, {{0, 190}, {58, 190}}}, 9));
  }
  SECTION("a finger") { check_clutter(inked(kFive), inked({{{30, 240}, {55, 170}}}, 34)); }
  SECTION("a margin beside a number") {
    check_clutter(inked(placed(digit_shape(2), 80, 90, 60) + placed(digit_shape(7), 150, 90, 60)),
                  inked({{{30, 0}, {30, 240}}}, 3), Content::kNumber);
  }
}

TEST_CASE("a part of a digit that was drawn to the picture's edge stays", "[writing]") {
  const Ink four = inked({{{130, 30}, {90, 150}, {170, 150}}, {{185, 110}, {185, 240}}});
  CHECK(kept(four, four, Content::kDigit) == 1.0);
  const Ink five = inked({{{120, 0}, {190, 0}}, {{110, 20}, {110, 100}, {180, 120}, {110, 190}}});
  CHECK(kept(five, five, Content::kDigit) == 1.0);
}

TEST_CASE("a number that was cut out to its ends keeps its digits", "[writing]") {
  Ink ink = inked(placed(digit_shape(7), 20, 60, 100) + placed(digit_shape(5), 110, 70, 80) +
                  placed(digit_shape(1), 190, 50, 120));
  ink = crop(ink, {24, 46, 226, 128});
  CHECK(kept(ink, ink, Content::kNumber) == 1.0);
}

TEST_CASE("far fainter ink is no writing, a little fainter one is", "[writing]") {
  const Ink line = inked({{{20, 200}, {280, 210}}}, 3, 0.35);
  check_clutter(inked(kFive), line);
  const Ink faint = together(inked({kFive[1]}), inked({kFive[0]}, 8, 0.7));
  CHECK(kept(faint, faint, Content::kDigit) == 1.0);
}

TEST_CASE("bits far from a digit go, its parts stay", "[writing]") {
  check_clutter(inked(kFive), inked({{{270, 30}, {285, 40}}}, 5));
  // A digit in four pieces, each near the next.
  const Ink broken = inked({{{110, 40}, {110, 80}},
                            {{110, 100}, {110, 135}},
                            {{120, 155}, {150, 165}},
                            {{175, 165}, {215, 160}}});
  CHECK(kept(broken, broken, Content::kDigit) == 1.0);
  // Two digits are not made one by leaving out the other.
  const Ink two = inked(placed(digit_shape(2), 20, 70, 100) + placed(digit_shape(3), 200, 70, 90));
  CHECK(kept(two, two, Content::kDigit) == 1.0);
}

TEST_CASE("digits in boxes and tables, and over a line, are segmented", "[writing][segment]") {
  std::vector<Stroke> digits, clutter;
  for (int i = 0; i < 3; ++i) digits = digits + placed(digit_shape(i + 2), 30.0 + 90 * i, 90, 60);
  SECTION("in a box each") {
    for (int i = 0; i < 3; ++i) clutter.push_back(rectangle(15.0 + 90 * i, 70, 80, 100));
  }
  SECTION("in boxes side by side") {
    clutter = {rectangle(15, 70, 270, 100), {{105, 70}, {105, 170}}, {{195, 70}, {195, 170}}};
  }
  SECTION("underlined") { clutter = {{{15, 175}, {285, 180}}}; }
  const auto segments = segment_digits(together(inked(digits), inked(clutter, 3)));
  REQUIRE(segments.size() == 3);
  for (size_t i = 0; i < 3; ++i) {
    CHECK(std::abs(static_cast<double>(segments[i].box.left) - (30.0 + 90.0 * i)) < 12);
    CHECK(segments[i].box.height < 75);
  }
}

}  // namespace
}  // namespace inkdigit
