#include "image/touching.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <vector>

#include "drawing.h"
#include "image/to_ink.h"

namespace inkdigit {
namespace {

using namespace testing;

/// What hangs together in a drawing, as one segment.
Segment segment_of(const std::vector<Stroke>& strokes) {
  Picture picture(500, 300, kWhite);
  draw(picture, strokes, 10, kBlack);
  auto segments = segment_digits(to_ink(picture.view()));
  REQUIRE(segments.size() == 1);
  return std::move(segments.front());
}

TEST_CASE("two digits that touch can be cut where they do", "[touching]") {
  std::vector<Stroke> strokes = placed(digit_shape(0), 50, 60, 120);
  for (const Stroke& stroke : placed(digit_shape(0), 134, 60, 120)) strokes.push_back(stroke);
  const Segment segment = segment_of(strokes);
  const std::vector<Cut> cuts = find_cuts(segment.ink);
  REQUIRE(cuts.size() >= 3);
  const double middle = static_cast<double>(segment.ink.width) / 2.0;
  const auto apart = [&](const Cut& cut) {
    return std::abs(static_cast<double>(cut.columns[segment.ink.height / 2]) - middle);
  };
  const Cut& nearest = *std::ranges::min_element(cuts, {}, apart);
  CHECK(apart(nearest) <= 6);

  const auto left = between(segment, cuts.front(), nearest);
  const auto right = between(segment, nearest, cuts.back());
  REQUIRE(left.has_value());
  REQUIRE(right.has_value());
  CHECK(join(*left, *right).box == segment.box);
  CHECK(join(*left, *right).ink.values == segment.ink.values);
}

TEST_CASE("slanted digits are cut along the slant", "[touching]") {
  // Two slanted bars, joined by a short stroke: no upright line goes between them.
  const Segment segment =
      segment_of({{{170, 60}, {100, 240}}, {{250, 60}, {180, 240}}, {{135, 150}, {215, 150}}});
  size_t least = 100;
  const std::vector<Cut> cuts = find_cuts(segment.ink);
  for (size_t i = 1; i + 1 < cuts.size(); ++i) least = std::min(least, cuts[i].crossed);
  CHECK(least == 1);
  for (const Cut& cut : cuts) {
    for (size_t y = 1; y < cut.columns.size(); ++y) {
      CHECK(std::abs(double(cut.columns[y]) - double(cut.columns[y - 1])) <= 1);
    }
  }
}

TEST_CASE("a way counts as many strokes as it crosses, be they thick or thin", "[touching]") {
  // Two bars, joined above by a thin stroke and below by one that is as thick as it is long.
  const Segment segment = segment_of({{{100, 60}, {100, 240}},
                                      {{200, 60}, {200, 240}},
                                      {{100, 80}, {200, 80}},
                                      {{100, 190}, {200, 190}},
                                      {{100, 198}, {200, 198}},
                                      {{100, 206}, {200, 206}}});
  const std::vector<Cut> cuts = find_cuts(segment.ink);
  REQUIRE(cuts.size() >= 3);
  CHECK(cuts[cuts.size() / 2].crossed == 2);
}

TEST_CASE("a stroke that two digits share is cut along", "[touching]") {
  // Two upright boxes with a side in common, which is more ink than their tops and bottoms.
  const Segment segment = segment_of(
      {{{120, 60}, {280, 60}, {280, 240}, {120, 240}, {120, 60}}, {{200, 60}, {200, 240}}});
  const size_t middle = segment.ink.width / 2;
  const std::vector<Cut> cuts = find_cuts(segment.ink);
  CHECK(std::ranges::any_of(cuts, [&](const Cut& cut) {
    return cut.crossed == 1 && std::ranges::all_of(cut.columns, [&](size_t column) {
             return column + 5 >= middle && column <= middle + 5;
           });
  }));
}

TEST_CASE("cuts go from the left edge to the right one, and all of a segment lies between",
          "[touching]") {
  std::vector<Stroke> strokes;
  for (int n = 0; n < 4; ++n) {
    for (const Stroke& stroke : placed(digit_shape(n), 40 + 75 * n, 60, 120)) {
      strokes.push_back(stroke);
    }
  }
  strokes.push_back({{45, 180}, {330, 180}});  // so that they hang together
  const Segment segment = segment_of(strokes);
  const std::vector<Cut> cuts = find_cuts(segment.ink);
  CHECK(cuts.front().columns == std::vector<size_t>(segment.ink.height, 0));
  CHECK(cuts.back().columns == std::vector<size_t>(segment.ink.height, segment.ink.width));
  const auto all = between(segment, cuts.front(), cuts.back());
  REQUIRE(all.has_value());
  CHECK(all->ink.values == segment.ink.values);
  CHECK_FALSE(between(segment, cuts.back(), cuts.back()).has_value());
}

TEST_CASE("the smallest segments can be asked, too", "[touching]") {
  for (const size_t side : {1, 2, 3}) {
    Ink ink(side, side);
    std::ranges::fill(ink.values, 1.0f);
    const std::vector<Cut> cuts = find_cuts(ink);
    for (const Cut& cut : cuts) CHECK(cut.columns.size() == side);
    CHECK(cuts.size() >= 2);
  }
}

}  // namespace
}  // namespace inkdigit
