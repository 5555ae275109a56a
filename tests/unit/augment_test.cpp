#include "train/augment.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

namespace inkdigit {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

constexpr size_t kSide = 28;
using Source = std::vector<uint8_t>;
using Target = std::vector<float>;

const AugmentOptions kAll{.rotation = 15,
                          .scale = 0.1,
                          .shear = 0.1,
                          .shift = 2,
                          .elastic_strength = 1,
                          .elastic_smoothness = 4,
                          .occlusion = 0.5};

/// A bar that stands upright in the middle, a little off in height.
Source bar() {
  Source source(kSide * kSide);
  for (size_t y = 6; y < 20; ++y) {
    for (size_t x = 12; x < 16; ++x) source[y * kSide + x] = 255;
  }
  return source;
}

/// `slope` levels a pixel to the right: where a sample lies can be read off its value.
Source ramp(uint8_t slope) {
  Source source(kSide * kSide);
  for (size_t i = 0; i < source.size(); ++i) source[i] = uint8_t(slope * (i % kSide));
  return source;
}

Target changed(const Source& source, const AugmentOptions& options, uint64_t key) {
  Target target(kSide * kSide, -1.0f);
  augment(std::span(source).first<kFrameSize>(), std::span(target).first<kFrameSize>(), options,
          key);
  return target;
}

struct Moments {
  double mass = 0, x = 0, y = 0;           // sum, centre
  double xx = 0, xy = 0, yy = 0;           // central second moments
  double lean() const { return xy / yy; }  // shift to the right for each pixel down
  double angle() const {                   // of the main axis to the vertical, degrees
    return 0.5 * std::atan2(2 * xy, yy - xx) * 180 / 3.14159265358979;
  }
};

Moments moments(const Target& picture) {
  Moments m;
  for (size_t i = 0; i < picture.size(); ++i) {
    m.mass += picture[i];
    m.x += picture[i] * double(i % kSide);
    m.y += picture[i] * double(i / kSide);
  }
  m.x /= m.mass;
  m.y /= m.mass;
  for (size_t i = 0; i < picture.size(); ++i) {
    const double dx = double(i % kSide) - m.x, dy = double(i / kSide) - m.y;
    m.xx += picture[i] * dx * dx / m.mass;
    m.xy += picture[i] * dx * dy / m.mass;
    m.yy += picture[i] * dy * dy / m.mass;
  }
  return m;
}

/// The least and the greatest of `measure` over many keys.
template <typename Measure>
std::pair<double, double> range(const AugmentOptions& options, Measure&& measure) {
  double low = std::numeric_limits<double>::max(), high = -low;
  for (uint64_t key = 0; key < 400; ++key) {
    const double value = measure(moments(changed(bar(), options, key)));
    low = std::min(low, value);
    high = std::max(high, value);
  }
  return {low, high};
}

TEST_CASE("without options a picture stays as it is, in 0…1", "[augment]") {
  Source source(kSide * kSide);
  for (size_t i = 0; i < source.size(); ++i) source[i] = uint8_t(i * 37 % 256);
  const Target target = changed(source, {}, 5);
  float most = 0;
  for (size_t i = 0; i < source.size(); ++i) {
    most = std::max(most, std::abs(target[i] - static_cast<float>(source[i]) / 255.0f));
  }
  CHECK(most < 1e-5f);
}

TEST_CASE("the key decides what is drawn", "[augment]") {
  CHECK(changed(bar(), kAll, 1) == changed(bar(), kAll, 1));
  CHECK(changed(bar(), kAll, 1) != changed(bar(), kAll, 2));
}

TEST_CASE("every value stays in 0…1, and paper stays paper", "[augment]") {
  AugmentOptions wild{
      .rotation = 180, .scale = 0.9, .shear = 2, .shift = 20, .elastic_strength = 10};
  for (uint64_t key = 0; key < 200; ++key) {
    const Target target = changed(Source(kSide * kSide, 255), wild, key);
    const auto [low, high] = std::minmax_element(target.begin(), target.end());
    REQUIRE(*low >= 0.0f);
    REQUIRE(*high <= 1.0f);
  }
  CHECK(changed(Source(kSide * kSide, 0), kAll, 3) == Target(kSide * kSide, 0.0f));
}

TEST_CASE("what lies outside is paper", "[augment]") {
  // Ink everywhere, moved by up to 10 pixels: the uncovered side must be empty.
  bool uncovered = false;
  for (uint64_t key = 0; key < 20; ++key) {
    const Target target = changed(Source(kSide * kSide, 255), {.shift = 10}, key);
    uncovered = uncovered || std::count(target.begin(), target.end(), 0.0f) > 5 * 28;
  }
  CHECK(uncovered);
}

TEST_CASE("shift moves by whole pixels and parts of them, in all four directions", "[augment]") {
  const Moments before = moments(changed(bar(), {}, 0));
  const AugmentOptions options{.shift = 3};
  const auto [left, right] = range(options, [](const Moments& m) { return m.x; });
  const auto [up, down] = range(options, [](const Moments& m) { return m.y; });
  CHECK_THAT(left, WithinAbs(before.x - 3, 0.1));
  CHECK_THAT(right, WithinAbs(before.x + 3, 0.1));
  CHECK_THAT(up, WithinAbs(before.y - 3, 0.1));
  CHECK_THAT(down, WithinAbs(before.y + 3, 0.1));
  for (uint64_t key = 0; key < 50; ++key) {  // ink is neither made nor lost
    REQUIRE_THAT(moments(changed(bar(), options, key)).mass, WithinRel(before.mass, 0.02));
  }
}

TEST_CASE("rotation turns by up to its degrees, both ways", "[augment]") {
  const auto [low, high] = range({.rotation = 20}, [](const Moments& m) { return m.angle(); });
  CHECK_THAT(low, WithinAbs(-20, 1));
  CHECK_THAT(high, WithinAbs(20, 1));
}

TEST_CASE("scale changes each axis by itself", "[augment]") {
  const AugmentOptions options{.scale = 0.2};
  const Moments before = moments(changed(bar(), {}, 0));
  const auto height = [&](const Moments& m) { return std::sqrt(m.yy / before.yy); };
  const auto [least, most] = range(options, height);
  CHECK_THAT(least, WithinAbs(0.8, 0.03));
  CHECK_THAT(most, WithinAbs(1.2, 0.03));
  const auto [narrowest, widest] =
      range(options, [&](const Moments& m) { return height(m) / std::sqrt(m.xx / before.xx); });
  CHECK(narrowest < 0.8);
  CHECK(widest > 1.25);
}

TEST_CASE("shear leans by up to its share of the height", "[augment]") {
  const auto [low, high] = range({.shear = 0.3}, [](const Moments& m) { return m.lean(); });
  CHECK_THAT(low, WithinAbs(-0.3, 0.02));
  CHECK_THAT(high, WithinAbs(0.3, 0.02));
}

TEST_CASE("an elastic displacement has the strength and the smoothness asked for", "[augment]") {
  const auto [strength, smoothness] =
      GENERATE(std::pair{1.0, 4.0}, std::pair{0.5, 4.0}, std::pair{1.0, 2.0}, std::pair{1.0, 6.0});
  const AugmentOptions options{.elastic_strength = strength, .elastic_smoothness = smoothness};
  // Sampled from a ramp, a pixel's value is where it was taken from. Pixels whose samples may fall
  // off the picture are left out.
  double squares = 0, neighbours = 0;
  size_t count = 0;
  for (uint64_t key = 0; key < 1500; ++key) {
    const Target target = changed(ramp(9), options, key);
    for (size_t y = 5; y < 23; y += 4) {
      for (size_t x = 5; x < 20; x += 4, ++count) {
        const auto displacement = [&](size_t u) {
          return target[y * kSide + u] * 255.0 / 9 - double(u);
        };
        squares += displacement(x) * displacement(x);
        neighbours += displacement(x) * displacement(x + 2);
      }
    }
  }
  // Half of the squared length is horizontal.
  CHECK_THAT(std::sqrt(2 * squares / double(count)) / strength, WithinAbs(1.0, 0.06));
  // White noise smoothed by a Gaussian is correlated as exp(-d² / 4σ²) at distance d, here 2
  // pixels.
  CHECK_THAT(neighbours / squares, WithinAbs(std::exp(-1.0 / (smoothness * smoothness)), 0.05));
}

TEST_CASE("no smoothness at all is allowed", "[augment]") {
  const Target target = changed(bar(), {.elastic_strength = 1, .elastic_smoothness = 0}, 1);
  CHECK(std::all_of(target.begin(), target.end(), [](float v) { return v >= 0 && v <= 1; }));
  CHECK(target != changed(bar(), {}, 1));
}

TEST_CASE("occlusion hides a part of its share of the pictures, and nothing else", "[augment]") {
  const Target whole = changed(Source(kSide * kSide, 255), {}, 0);
  const double share = 0.25;
  size_t hidden_pictures = 0;
  for (uint64_t key = 0; key < 2000; ++key) {
    const Target target = changed(Source(kSide * kSide, 255), {.occlusion = share}, key);
    size_t left = kSide, right = 0, top = kSide, bottom = 0, hidden = 0;
    for (size_t i = 0; i < target.size(); ++i) {
      if (target[i] == whole[i]) continue;
      REQUIRE(target[i] == 0.0f);
      ++hidden;
      left = std::min(left, i % kSide);
      right = std::max(right, i % kSide);
      top = std::min(top, i / kSide);
      bottom = std::max(bottom, i / kSide);
    }
    if (hidden == 0) continue;
    ++hidden_pictures;
    const size_t width = right - left + 1, height = bottom - top + 1;
    REQUIRE(hidden == width * height);  // a rectangle, all of it
    REQUIRE((width >= 2 && width <= 6 && height >= 2 && height <= 6));
  }
  CHECK_THAT(double(hidden_pictures) / 2000, WithinAbs(share, 0.03));
}

TEST_CASE("switching one change on leaves the others as they were drawn", "[augment]") {
  const auto shifted = [](const AugmentOptions& options) {
    return moments(changed(bar(), options, 11));
  };
  const Moments alone = shifted({.shift = 3});
  const Moments sheared = shifted({.shear = 0.01, .shift = 3});
  CHECK_THAT(sheared.x, WithinAbs(alone.x, 0.1));
  CHECK_THAT(sheared.y, WithinAbs(alone.y, 0.1));
}

TEST_CASE("wrong options are refused", "[augment]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_MATCHES(check_augment({.rotation = -1}), std::invalid_argument,
                       MessageMatches(ContainsSubstring("rotation")));
  CHECK_THROWS_MATCHES(check_augment({.scale = 1}), std::invalid_argument,
                       MessageMatches(ContainsSubstring("scale")));
  CHECK_THROWS_MATCHES(check_augment({.shear = nan}), std::invalid_argument,
                       MessageMatches(ContainsSubstring("shear")));
  CHECK_THROWS_MATCHES(check_augment({.elastic_strength = 1, .elastic_smoothness = 1e9}),
                       std::invalid_argument,
                       MessageMatches(ContainsSubstring("elastic_smoothness")));
  CHECK_THROWS_MATCHES(check_augment({.occlusion = 1.1}), std::invalid_argument,
                       MessageMatches(ContainsSubstring("occlusion")));
}

}  // namespace
}  // namespace inkdigit
