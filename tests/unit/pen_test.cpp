#include "train/pen.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <numbers>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "train/loss.h"
#include "train/pen_dataset.h"
#include "train/pen_digits.h"
#include "train/pen_scribbles.h"

namespace inkdigit {
namespace {

double total(const Ink& ink) { return std::accumulate(ink.values.begin(), ink.values.end(), 0.0); }

TEST_CASE("a pen's line has round ends and the width asked for", "[pen]") {
  const Ink line = draw_strokes({{{10.0, 20.0}, {30.0, 20.0}}}, 40, 6.0);
  const double area = 20.0 * 6.0 + std::numbers::pi * 9.0;
  CHECK(std::abs(total(line) - area) < 0.02 * area);
  CHECK(line.at(20, 17) == 1.0f);  // 17…23 is covered
  CHECK(line.at(20, 16) == 0.0f);
  CHECK(line.at(7, 19) > 0.5f);  // the round end
  CHECK(line.at(5, 19) == 0.0f);
}

TEST_CASE("strokes that cross or leave the picture are drawn once and cut off", "[pen]") {
  const std::vector<PenStroke> strokes{{{-50.0, 8.0}, {80.0, 8.0}}, {{8.0, -50.0}, {8.0, 80.0}}};
  const Ink cross = draw_strokes(strokes, 16, 2.0);
  CHECK(*std::ranges::max_element(cross.values) == 1.0f);
  CHECK(std::abs(total(cross) - (2 * 32.0 - 4.0)) < 1e-3);
  const Ink dot = draw_strokes({{{8.0, 8.0}}}, 16, 6.0);
  CHECK(std::abs(total(dot) - std::numbers::pi * 9.0) < 1.0);
}

TEST_CASE("pen digits are the same for the same key, and differ between keys", "[pen]") {
  const auto draw = [](uint64_t key) {
    Random random({key});
    return draw_pen_digit(4, random);
  };
  const auto same = [](const std::vector<PenStroke>& a, const std::vector<PenStroke>& b) {
    return std::ranges::equal(a, b, [](const PenStroke& s, const PenStroke& t) {
      return std::ranges::equal(
          s, t, [](const PenPoint& p, const PenPoint& q) { return p.x == q.x && p.y == q.y; });
    });
  };
  CHECK(same(draw(1), draw(1)));
  CHECK_FALSE(same(draw(1), draw(2)));
  Random random({1});
  CHECK_THROWS_AS(draw_pen_digit(10, random), std::invalid_argument);
  CHECK_THROWS_AS(draw_pen_digit(-1, random), std::invalid_argument);
}

TEST_CASE("some hands write narrow digits", "[pen]") {
  int narrow = 0;
  for (uint64_t key = 0; key < 1000; ++key) {
    Random random({key});
    std::vector<double> xs, ys;
    for (const PenStroke& stroke : draw_pen_digit(3, random)) {
      for (const PenPoint& point : stroke) {
        xs.push_back(point.x);
        ys.push_back(point.y);
      }
    }
    const auto [left, right] = std::ranges::minmax(xs);
    const auto [top, bottom] = std::ranges::minmax(ys);
    narrow += right - left < 0.5 * (bottom - top);
  }
  CHECK(narrow >= 50);  // with one spread of widths for all hands there were 22
}

TEST_CASE("every pen picture is a frame with ink; threads do not change them", "[pen]") {
  const ThreadPool one(1), two(2);
  for (const auto make : {make_pen_digits, make_pen_scribbles}) {
    const Dataset dataset = make(1000, 3, one);
    CHECK(dataset.size() == 1000);
    CHECK(dataset.images == make(1000, 3, two).images);
    CHECK(dataset.images != make(1000, 4, one).images);
    for (size_t n = 0; n < dataset.size(); ++n) {
      const auto* picture = &dataset.images[n * 784];
      const auto inked = std::count_if(picture, picture + 784, [](uint8_t v) { return v > 128; });
      REQUIRE(inked >= 15);
      REQUIRE(inked < 400);
    }
  }
  const Dataset digits = make_pen_digits(20, 3, one);
  CHECK(digits.labels[7] == 7);
  CHECK(digits.labels[13] == 3);
  CHECK(std::ranges::count(make_pen_scribbles(20, 3, one).labels, kNoClass) == 20);
}

}  // namespace
}  // namespace inkdigit
