// Numbers in printed forms: boxes, combs and lines around the digits, and strokes across them.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <vector>

#include "drawing.h"
#include "image/box_lines.h"
#include "image/framing.h"
#include "image/printed_lines.h"
#include "image/segment.h"
#include "image/to_ink.h"

namespace inkdigit {
namespace {

using namespace testing;

constexpr size_t kWidth = 460, kHeight = 180;
constexpr double kLeft = 50, kTop = 40, kCellWidth = 90, kCellHeight = 100;  // of the form, pixels
constexpr double kRight = kLeft + 4 * kCellWidth, kBottom = kTop + kCellHeight;
constexpr double kClear = 60, kNear = 92, kAcross = 112;  // heights of digits
constexpr double kSlender = 0.6;  // their width, so that they are narrower than their cells
const Box kAll{0, 0, kWidth, kHeight};

void append(std::vector<Stroke>& strokes, const std::vector<Stroke>& others) {
  strokes.insert(strokes.end(), others.begin(), others.end());
}

/// Strokes of 2, 5, 7, 0, each in its cell.
std::vector<Stroke> number(double height) {
  std::vector<Stroke> strokes;
  double left = kLeft + (kCellWidth - kSlender * height) / 2;
  for (const int digit : {2, 5, 7, 0}) {
    std::vector<Stroke> shape = digit_shape(digit);
    for (Stroke& stroke : shape) {
      for (Point2& point : stroke) point.x *= kSlender;
    }
    append(strokes, placed(shape, left, (kTop + kBottom - height) / 2, height));
    left += kCellWidth;
  }
  return strokes;
}

std::vector<Stroke> uprights(double top) {
  std::vector<Stroke> lines;
  for (int i = 0; i <= 4; ++i) {
    const double x = kLeft + i * kCellWidth;
    lines.push_back({{x, top}, {x, kBottom}});
  }
  return lines;
}

/// The four sides of each cell; `apart` pixels between two.
std::vector<Stroke> boxes(double apart = 0) {
  std::vector<Stroke> lines;
  for (int i = 0; i < 4; ++i) {
    const double left = kLeft + i * kCellWidth + apart / 2, right = left + kCellWidth - apart;
    lines.push_back({{left, kTop}, {right, kTop}, {right, kBottom}, {left, kBottom}, {left, kTop}});
  }
  return lines;
}

std::vector<Stroke> comb() {
  std::vector<Stroke> lines = uprights(kBottom - 40);
  lines.push_back({{kLeft, kBottom}, {kRight, kBottom}});
  return lines;
}

std::vector<Stroke> lines_below_each() {
  std::vector<Stroke> lines;
  for (int i = 0; i < 4; ++i) {
    const double left = kLeft + i * kCellWidth;
    lines.push_back({{left + 12, kBottom}, {left + kCellWidth - 12, kBottom + 1}});
  }
  return lines;
}

Ink ink_of(const std::vector<Stroke>& digits, const std::vector<Stroke>& lines, double thickness,
           const Box& part) {
  Picture picture(kWidth, kHeight, kWhite);
  draw(picture, lines, thickness, {60, 60, 60, 255});
  draw(picture, digits, 7, {30, 40, 110, 255});
  Picture cut(part.width, part.height, kWhite);
  for (size_t y = 0; y < part.height; ++y) {
    std::copy_n(picture.at(part.left, part.top + y), 4 * part.width, cut.at(0, y));
  }
  Ink ink = to_ink(cut.view());
  remove_printed_lines(ink);
  return ink;
}

/// Whether each digit is found, in its place, as it would be without the lines.
void check_form(const std::vector<Stroke>& digits, const std::vector<Stroke>& lines,
                double thickness, const Box& part = kAll) {
  const std::vector<Segment> alone = segment_digits(ink_of(digits, {}, thickness, kAll));
  const std::vector<Segment> found = segment_digits(ink_of(digits, lines, thickness, part));
  REQUIRE(alone.size() == 4);
  REQUIRE(found.size() == 4);
  for (size_t i = 0; i < 4; ++i) {
    INFO("digit " << i);
    const auto left = static_cast<double>(found[i].box.left + part.left);
    CHECK(std::abs(left - static_cast<double>(alone[i].box.left)) <= 4);
    const auto frame = [](const Segment& segment) {
      return *frame_ink(with_margin(segment.ink, segment.ink.height / 8));
    };
    CHECK(mean_difference(frame(found[i]), frame(alone[i])) < 10);
  }
}

TEST_CASE("digits in printed boxes are found, those across the lines, too", "[form]") {
  const double height = GENERATE(kClear, kNear, kAcross), thickness = GENERATE(2.0, 4.0);
  INFO("height " << height << ", lines " << thickness);
  check_form(number(height), boxes(), thickness);
  check_form(number(height), boxes(14), thickness);
}

TEST_CASE("digits on a comb are found, those across its line, too", "[form]") {
  const double height = GENERATE(kClear, kNear, kAcross);
  INFO("height " << height);
  check_form(number(height), comb(), 3);
}

TEST_CASE("lines between cells are no ones, wherever the form was cut out", "[form]") {
  const double thickness = GENERATE(2.0, 4.0);
  const auto part = [](double left, double top, double right, double bottom) {
    return Box{static_cast<size_t>(left), static_cast<size_t>(top),
               static_cast<size_t>(right - left), static_cast<size_t>(bottom - top)};
  };
  INFO("lines " << thickness);
  const double slack = 1 + thickness / 2;
  SECTION("along its outer lines") {
    check_form(number(kClear), boxes(), thickness,
               part(kLeft - slack, kTop - slack, kRight + slack, kBottom + slack));
  }
  SECTION("beside its upper and its lower line") {
    check_form(number(kClear), boxes(), thickness,
               part(kLeft - slack, kTop - 20, kRight + slack, kBottom + 20));
    check_form(number(kClear), boxes(), thickness,
               part(kLeft + slack, kTop - 20, kRight - slack, kBottom + 20));
  }
  SECTION("within its upper and its lower line") {
    check_form(number(kClear), boxes(), thickness,
               part(kLeft - slack, kTop + slack, kRight + slack, kBottom - slack));
    check_form(number(kClear), boxes(), thickness,
               part(kLeft + slack, kTop + slack, kRight - slack, kBottom - slack));
  }
}

TEST_CASE("lines as thick as strokes between cells are no ones", "[form]") {
  const auto left = static_cast<size_t>(kLeft), top = static_cast<size_t>(kTop);
  check_form(number(kClear), boxes(), 6, {left + 6, top + 6, 348, 88});
}

TEST_CASE("lines below the digits, one for each, are no parts of them", "[form]") {
  check_form(number(kClear), lines_below_each(), 3);
}

TEST_CASE("digits as square as boxes stay whole", "[form]") {
  const Stroke square{{60, 20}, {180, 20}, {180, 160}, {60, 160}, {60, 20}};
  const Stroke bar{{60, 90}, {180, 90}};
  for (const std::vector<Stroke>& strokes : {std::vector<Stroke>{square}, {square, bar}}) {
    const Ink ink = ink_of(strokes, {}, 1, kAll);
    Ink same = ink;
    remove_box_lines(same);
    CHECK(same.values == ink.values);
  }
}

TEST_CASE("a stroke that two digits share is no line", "[form]") {
  const std::vector<Stroke> sevens{
      {{40, 40}, {250, 40}}, {{130, 40}, {100, 140}}, {{250, 40}, {215, 140}}};
  const Ink ink = ink_of(sevens, {}, 1, {0, 0, 300, kHeight});
  for (const size_t x : {60, 190, 240}) CHECK(ink.at(x, 40) > 0.5f);
}

TEST_CASE("ones from the upper to the lower edge of a close cut are no lines", "[form]") {
  std::vector<Stroke> digits{{{60, 42}, {60, 138}}, {{200, 42}, {198, 138}}};
  append(digits, placed(digit_shape(5), 100, 45, 90));
  const Ink ink = ink_of(digits, {}, 1, {40, 40, 200, 100});
  CHECK(segment_digits(ink).size() == 3);
}

}  // namespace
}  // namespace inkdigit
