#include "image/shaded_paper.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <iterator>
#include <limits>
#include <utility>
#include <vector>

#include "image/broad_area.h"
#include "image/integral.h"
#include "image/levels.h"
#include "image/statistics.h"

namespace inkdigit {

namespace {

// What differs less than this share of what full ink does is a stain, the other page's
// ink, or what is left of a soft shadow.
constexpr float kFaintShare = 0.15f;

// Darker paper is not believed to be shaded any more: dividing by it would make noise of it.
constexpr float kDarkestPaper = 0.1f;

// Of the picture's shorter side: the margin that is not looked at to tell dark ink from light,
// since the photograph's own edge may lie there.
constexpr size_t kEdgeShare = 12;

// Over this share of the picture's longer side light is taken for even.
constexpr size_t kLightReach = 8;

// Levels below are as dark as can be: their differences are noise.
constexpr double kLeastLight = 0.01;

/// Of `count` values `stride` apart, the largest within `radius` of each, in place. `order` is
/// std::greater for the largest, std::less for the smallest. By a monotonic queue.
template <typename Order>
void sliding_extreme(float* values, size_t count, size_t stride, size_t radius, Order order) {
  std::vector<float> source(count);
  for (size_t i = 0; i < count; ++i) source[i] = values[i * stride];
  std::vector<size_t> best;  // places of candidates, from `first` on, the best first
  size_t first = 0;
  for (size_t i = 0; i < count + radius; ++i) {
    if (i < count) {
      while (best.size() > first && !order(source[best.back()], source[i])) best.pop_back();
      best.push_back(i);
    }
    if (i < radius) continue;
    const size_t centre = i - radius;
    while (best[first] + radius < centre) ++first;
    values[centre * stride] = source[best[first]];
  }
}

template <typename Order>
void extreme_of_squares(Plane& levels, size_t radius, Order order) {
  for (size_t y = 0; y < levels.height; ++y) {
    sliding_extreme(&levels.at(0, y), levels.width, 1, radius, order);
  }
  for (size_t x = 0; x < levels.width; ++x) {
    sliding_extreme(&levels.at(x, 0), levels.height, levels.width, radius, order);
  }
}

void dilate(Plane& levels, size_t radius) { extreme_of_squares(levels, radius, std::greater<>()); }
void erode(Plane& levels, size_t radius) { extreme_of_squares(levels, radius, std::less<>()); }

size_t stroke_limit(const Plane& levels) {
  return static_cast<size_t>(kMaxStroke *
                             static_cast<double>(std::max(levels.width, levels.height)));
}

/// Ink covers less than the paper does, so that levels are skewed to its side of their local mean,
/// of which they differ by a share: light that changes from place to place must not count.
bool ink_is_lighter(const Plane& levels) {
  const Integral sums(levels);
  const size_t reach = std::max(levels.width, levels.height) / kLightReach;
  const size_t edge = std::min(levels.width, levels.height) / kEdgeShare;
  double skew = 0.0;
  for (size_t y = edge; y + edge < levels.height; ++y) {
    for (size_t x = edge; x + edge < levels.width; ++x) {
      const double mean = sums.around(x, y, reach).mean();
      const double difference = levels.at(x, y) / std::max(mean, kLeastLight) - 1.0;
      skew += difference * difference * difference;
    }
  }
  return skew > 0.0;
}

/// The level of the paper at each pixel, if ink is darker (of any scale): a morphological closing,
/// which takes away what is dark and narrow and keeps the edges of shadows. What is dark and lies
/// along the picture's edge counts as paper, too.
Plane local_paper(const Plane& levels) {
  const Plane smooth = median_3x3(median_3x3(levels));
  // Around the picture all is as dark as can be: a square may hang over the edge, so that what is
  // dark there is not narrow.
  const size_t radius = std::max<size_t>(1, stroke_limit(levels) / 2);
  Plane paper = with_margin(smooth, radius, -std::numeric_limits<float>::infinity());
  dilate(paper, radius);
  erode(paper, radius);
  Plane result = crop(paper, {radius, radius, levels.width, levels.height});
  std::vector<float> above(levels.values.size());
  // Of noise the closing takes the lightest; most pixels are paper and tell how much that is.
  std::ranges::transform(result.values, levels.values, above.begin(), std::minus<>());
  const float bias = median(std::move(above));
  for (float& level : result.values) level -= bias;
  return result;
}

}  // namespace

Ink ink_on_shaded_paper(const Plane& levels) {
  const float direction = ink_is_lighter(levels) ? 1.0f : -1.0f;
  Plane oriented = levels;  // so that ink is darker
  for (float& level : oriented.values) level *= -direction;
  const Plane paper = local_paper(oriented);
  Ink ink(levels.width, levels.height);
  std::vector<float> deviations(ink.values.size());
  for (size_t i = 0; i < ink.values.size(); ++i) {
    const float light = std::max(std::abs(paper.values[i]), kDarkestPaper);
    ink.values[i] = (paper.values[i] - oriented.values[i]) / light;
    deviations[i] = std::abs(ink.values[i]);
  }
  const float floor = kNoiseDeviations * kDeviationPerMedian * median(std::move(deviations));
  std::vector<float> standing_out;
  std::ranges::copy_if(ink.values, std::back_inserter(standing_out),
                       [floor](float value) { return value > floor; });
  const float full = standing_out.empty() ? 0.0f : otsu(standing_out).mean_above;
  if (full < std::max(kMinContrast, floor)) return Ink(levels.width, levels.height);
  const float faint = std::max(floor, kFaintShare * full);
  for (float& value : ink.values) {
    value = std::clamp((value - faint) / std::max(full - faint, 1e-3f), 0.0f, 1.0f);
  }
  return ink;
}

}  // namespace inkdigit
