#include "read_number.h"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "drawing.h"
#include "image/to_ink.h"

namespace inkdigit {
namespace {

using namespace testing;

Classification reading(int digit, float confidence, double energy = 15.0) {
  Classification result;
  result.state = confidence >= 0.6f ? State::kDigit : State::kUnsure;
  result.digit = digit;
  result.label = std::to_string(digit);
  result.confidence = confidence;
  result.energy = energy;
  return result;
}

std::vector<std::pair<Segment, Classification>> read(const std::vector<Stroke>& strokes,
                                                     const ReadSegment& read_one) {
  Picture picture(500, 300, kWhite);
  draw(picture, strokes, 10, kBlack);
  return read_number(to_ink(picture.view()), read_one);
}

/// Zeros side by side, `step` pixels from each to the next: they are 94 wide and 130 high.
std::vector<Stroke> zeros(int count, double step) {
  std::vector<Stroke> strokes;
  for (int n = 0; n < count; ++n) {
    for (const Stroke& stroke : placed(digit_shape(0), 50 + step * n, 60, 120)) {
      strokes.push_back(stroke);
    }
  }
  return strokes;
}

/// Sure of what is about as wide as one zero, and of nothing else.
Classification by_width(const Segment& segment) {
  const double aspect = double(segment.box.width) / double(segment.box.height);
  return reading(0, aspect > 0.6 && aspect < 0.85 ? 0.99f : 0.3f);
}

TEST_CASE("digits that touch are read as so many", "[number]") {
  const auto digits = read(zeros(3, 84), by_width);
  REQUIRE(digits.size() == 3);
  for (size_t i = 0; i < 3; ++i) {
    CHECK(digits[i].second.state == State::kDigit);
    if (i > 0) CHECK(digits[i].first.box.left > digits[i - 1].first.box.left + 60);
  }
}

TEST_CASE("parts that are read with confidence, but have little energy, are no digits",
          "[number]") {
  const auto with_parts_of_energy = [](double energy) {
    return [energy](const Segment& segment) {
      const bool is_part = segment.box.width < 94;
      return is_part ? reading(7, 0.99f, energy) : reading(0, 0.3f);
    };
  };
  CHECK(read(zeros(2, 50), with_parts_of_energy(14.0)).size() > 1);
  CHECK(read(zeros(2, 50), with_parts_of_energy(4.0)).size() == 1);
}

TEST_CASE("parts that look like ones are seldom digits", "[number]") {
  const auto with_parts_read_as = [](int digit) {
    return [digit](const Segment& segment) {
      const bool is_part = segment.box.width < 94;
      return is_part ? reading(digit, 0.99f) : reading(0, 0.3f);
    };
  };
  CHECK(read(zeros(2, 50), with_parts_read_as(7)).size() > 1);
  CHECK(read(zeros(2, 50), with_parts_read_as(1)).size() == 1);
}

TEST_CASE("two digits are not thought less likely than one as wide as both", "[number]") {
  // They would be, were their widths not looked at.
  const auto digits = read(zeros(2, 84), [](const Segment& segment) {
    const double aspect = double(segment.box.width) / double(segment.box.height);
    return aspect > 1.3 ? reading(8, 0.52f) : reading(0, aspect > 0.6 ? 0.61f : 0.3f);
  });
  CHECK(digits.size() == 2);
}

TEST_CASE("what is as wide as a digit, but cannot be read, may be two", "[number]") {
  const std::vector<Stroke> bars{
      {{100, 60}, {100, 190}}, {{210, 60}, {210, 190}}, {{100, 125}, {210, 125}}};
  const auto with_confidence = [](float confidence) {
    return [confidence](const Segment& segment) {
      return segment.box.width > 80 ? reading(0, confidence) : reading(7, 0.99f);
    };
  };
  CHECK(read(bars, with_confidence(0.2f)).size() == 2);
  CHECK(read(bars, with_confidence(0.7f)).size() == 1);
}

TEST_CASE("digits that overlap are read as so many, however many there are", "[number]") {
  const auto digits = read(zeros(5, 80), by_width);
  REQUIRE(digits.size() == 5);
  for (const auto& [segment, reading] : digits) CHECK(reading.state == State::kDigit);
}

/// `groups` of five zeros that touch, four to a row.
std::vector<std::pair<Segment, Classification>> read_groups(int groups,
                                                            const ReadSegment& read_one) {
  constexpr int kGroupsInRow = 4;
  const int rows = (groups + kGroupsInRow - 1) / kGroupsInRow;
  Picture picture(1000, static_cast<size_t>(100 + 80 * rows), kWhite);
  std::vector<Stroke> strokes;
  for (int n = 0; n < 5 * groups; ++n) {
    const int group = n / 5, column = group % kGroupsInRow, row = group / kGroupsInRow;
    for (const Stroke& stroke :
         placed(digit_shape(0), 40 + 240 * column + 36 * (n % 5), 50 + 80 * row, 52)) {
      strokes.push_back(stroke);
    }
  }
  draw(picture, strokes, 4, kBlack);
  return read_number(to_ink(picture.view(), 1024), read_one);
}

TEST_CASE("twenty digits that touch are all cut apart", "[number]") {
  const auto digits = read_groups(4, by_width);
  REQUIRE(digits.size() == 20);
  for (const auto& [segment, reading] : digits) CHECK(reading.state == State::kDigit);
}

TEST_CASE("a page full of digits that touch is read in a bounded time", "[number]") {
  // A part takes about a millisecond.
  constexpr size_t kMostReads = 2000;
  size_t reads = 0;
  const auto digits = read_groups(100, [&](const Segment& segment) {
    ++reads;
    return segment.box.width > 80 ? reading(8, 0.9f) : by_width(segment);
  });
  CHECK(reads < kMostReads);
  CHECK(digits.front().second.digit == 0);
  // What was not tried to be cut is not said to be one digit.
  CHECK(digits.back().second.digit == 8);
  CHECK(digits.back().second.state == State::kUnsure);
}

TEST_CASE("what was cut apart is unsure where it is read with little confidence", "[number]") {
  const auto read_one = [](const Segment& segment) {
    const float confidence = by_width(segment).confidence;
    return reading(0, confidence > 0.9f ? (segment.box.left < 100 ? 0.99f : 0.95f) : 0.3f);
  };
  const auto touching = read(zeros(2, 84), read_one);
  REQUIRE(touching.size() == 2);
  CHECK(touching[0].second.state == State::kDigit);
  CHECK(touching[1].second.state == State::kUnsure);
  const auto apart = read(zeros(2, 110), read_one);
  REQUIRE(apart.size() == 2);
  CHECK(apart[1].second.state == State::kDigit);
}

TEST_CASE("a wide digit that is read with confidence stays whole", "[number]") {
  const auto digits = read(zeros(2, 84), [](const Segment& segment) {
    return reading(segment.box.width > 150 ? 8 : 0, segment.box.width > 150 ? 1.0f : 0.5f);
  });
  REQUIRE(digits.size() == 1);
  CHECK(digits[0].second.digit == 8);
}

TEST_CASE("what cannot be read at all stays whole", "[number]") {
  const auto digits = read(zeros(2, 84), [](const Segment&) { return reading(3, 0.4f); });
  CHECK(digits.size() == 1);
}

TEST_CASE("a long line is not taken to pieces", "[number]") {
  size_t asked = 0;
  const auto digits = read({{{30, 150}, {470, 150}}}, [&](const Segment&) {
    ++asked;
    return reading(1, 0.5f);
  });
  CHECK(digits.size() == 1);
  CHECK(asked == 1);
}

TEST_CASE("two pieces are one digit where they look more like one", "[number]") {
  // A bar, and an open hook at its left.
  const std::vector<Stroke> four{{{100, 60}, {90, 140}, {150, 140}}, {{166, 60}, {166, 220}}};
  const auto as_four = [](const Segment& segment) {
    return segment.box.width > 80 ? reading(4, 0.99f) : reading(1, 0.95f);
  };
  const auto digits = read(four, as_four);
  REQUIRE(digits.size() == 1);
  CHECK(digits[0].second.digit == 4);
  CHECK(read(four, [](const Segment& segment) {
          return segment.box.width > 80 ? reading(4, 0.5f) : reading(1, 0.95f);
        }).size() == 2);
}

}  // namespace
}  // namespace inkdigit
