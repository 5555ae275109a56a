#include "image/shaded_paper.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <deque>
#include <limits>
#include <vector>

#include "image/statistics.h"
#include "image/strokes.h"

namespace inkdigit {

namespace {

// Strokes are narrower than this share of the picture's longer side; shadows are broader.
constexpr size_t kMaxStrokeShare = 4;

// Of a square, to be taken for all ink.
constexpr double kFull = 0.95;

// Ink must differ from the paper by this share of its light: more than compression does.
constexpr float kMinContrast = 0.06f;

// What differs less than this share of what full ink does is a stain, the other page's
// ink, or what is left of a soft shadow.
constexpr float kFaintShare = 0.15f;

// Darker paper is not believed to be shaded any more: dividing by it would make noise of it.
constexpr float kDarkestPaper = 0.1f;

// Of the picture's shorter side: the margin that is not looked at to tell dark ink from light,
// since the photograph's own edge may lie there.
constexpr size_t kEdgeShare = 12;

/// The median of 3×3 pixels, which takes noise away and keeps edges.
Ink median_3x3(const Ink& levels) {
  Ink result(levels.width, levels.height);
  std::array<float, 9> window;
  for (size_t y = 0; y < levels.height; ++y) {
    const size_t rows[] = {y - (y > 0), y, std::min(y + 1, levels.height - 1)};
    for (size_t x = 0; x < levels.width; ++x) {
      const size_t columns[] = {x - (x > 0), x, std::min(x + 1, levels.width - 1)};
      size_t n = 0;
      for (const size_t v : rows) {
        for (const size_t u : columns) window[n++] = levels.at(u, v);
      }
      std::nth_element(window.begin(), window.begin() + 4, window.end());
      result.at(x, y) = window[4];
    }
  }
  return result;
}

/// Of `count` values `stride` apart, the largest within `radius` of each, in place. `order` is
/// std::greater for the largest, std::less for the smallest.
template <typename Order>
void sliding_extreme(float* values, size_t count, size_t stride, size_t radius, Order order) {
  std::vector<float> source(count);
  for (size_t i = 0; i < count; ++i) source[i] = values[i * stride];
  std::deque<size_t> best;  // places of candidates, the best first
  for (size_t i = 0; i < count + radius; ++i) {
    if (i < count) {
      while (!best.empty() && !order(source[best.back()], source[i])) best.pop_back();
      best.push_back(i);
    }
    if (i < radius) continue;
    const size_t centre = i - radius;
    while (best.front() + radius < centre) best.pop_front();
    values[centre * stride] = source[best.front()];
  }
}

template <typename Order>
void extreme_of_squares(Ink& levels, size_t radius, Order order) {
  for (size_t y = 0; y < levels.height; ++y) {
    sliding_extreme(&levels.at(0, y), levels.width, 1, radius, order);
  }
  for (size_t x = 0; x < levels.width; ++x) {
    sliding_extreme(&levels.at(x, 0), levels.height, levels.width, radius, order);
  }
}

size_t stroke_limit(const Ink& levels) {
  return std::max(levels.width, levels.height) / kMaxStrokeShare;
}

/// Sums over rectangles from the top left corner, [height + 1, width + 1].
std::vector<double> integrate(const Ink& values) {
  const size_t stride = values.width + 1;
  std::vector<double> sums(stride * (values.height + 1));
  for (size_t y = 0; y < values.height; ++y) {
    double row = 0.0;
    for (size_t x = 0; x < values.width; ++x) {
      row += values.at(x, y);
      sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1] + row;
    }
  }
  return sums;
}

double sum_of(const std::vector<double>& sums, size_t stride, size_t left, size_t top, size_t right,
              size_t bottom) {
  return sums[bottom * stride + right] - sums[top * stride + right] - sums[bottom * stride + left] +
         sums[top * stride + left];
}

/// Ink covers less than the paper does, so that levels are skewed to its side of their local mean.
bool ink_is_lighter(const Ink& levels) {
  const std::vector<double> sums = integrate(levels);
  const size_t reach = std::max(levels.width, levels.height) / 4;
  const size_t edge = std::min(levels.width, levels.height) / kEdgeShare;
  double skew = 0.0;
  for (size_t y = edge; y + edge < levels.height; ++y) {
    const size_t top = y - std::min(y, reach), bottom = std::min(levels.height, y + reach + 1);
    for (size_t x = edge; x + edge < levels.width; ++x) {
      const size_t left = x - std::min(x, reach), right = std::min(levels.width, x + reach + 1);
      const double mean = sum_of(sums, levels.width + 1, left, top, right, bottom) /
                          static_cast<double>((right - left) * (bottom - top));
      const double difference = levels.at(x, y) - mean;
      skew += difference * difference * difference;
    }
  }
  return skew > 0.0;
}

/// The mean of the stronger of two classes of values above 0 (Otsu 1979, "A threshold selection
/// method from gray-level histograms"); 0 if there are none.
float mean_of_stronger(const std::vector<float>& values) {
  constexpr size_t kBins = 256;
  if (values.empty()) return 0.0f;
  const float largest = *std::ranges::max_element(values);
  std::array<double, kBins> counts{};
  double count = 0.0, sum = 0.0;
  for (const float value : values) {
    const auto bin = static_cast<size_t>(value / largest * (kBins - 1));
    counts[bin] += 1.0;
    count += 1.0;
    sum += static_cast<double>(bin);
  }
  double below = 0.0, sum_below = 0.0, best = -1.0, stronger = 0.0;
  for (size_t bin = 0; bin < kBins; ++bin) {
    const double above = count - below;
    if (above == 0.0) break;
    const double mean_above = (sum - sum_below) / above;
    const double mean_below = below > 0.0 ? sum_below / below : mean_above;
    const double between = below * above * (mean_above - mean_below) * (mean_above - mean_below);
    if (between > best) {
      best = between;
      stronger = mean_above / (kBins - 1);
    }
    below += counts[bin];
    sum_below += counts[bin] * static_cast<double>(bin);
  }
  return largest * static_cast<float>(stronger);
}

}  // namespace

float pixel_noise(const Ink& levels) {
  const Ink smooth = median_3x3(levels);
  std::vector<float> deviations(levels.values.size());
  for (size_t i = 0; i < deviations.size(); ++i) {
    deviations[i] = std::abs(levels.values[i] - smooth.values[i]);
  }
  return kDeviationPerMedian * median(std::move(deviations));
}

bool has_broad_area(const Ink& ink) {
  const size_t width = std::min(ink.width, stroke_limit(ink));
  const size_t height = std::min(ink.height, stroke_limit(ink));
  if (width == 0 || height == 0) return false;
  Ink covered(ink.width, ink.height);
  std::ranges::transform(ink.values, covered.values.begin(),
                         [](float value) { return value > kStrokeThreshold ? 1.0f : 0.0f; });
  const std::vector<double> sums = integrate(covered);
  const double full = kFull * static_cast<double>(width * height);
  for (size_t y = 0; y + height <= ink.height; ++y) {
    for (size_t x = 0; x + width <= ink.width; ++x) {
      if (sum_of(sums, ink.width + 1, x, y, x + width, y + height) >= full) return true;
    }
  }
  return false;
}

Ink local_paper(const Ink& levels) {
  const Ink smooth = median_3x3(median_3x3(levels));
  // Around the picture all is as dark as can be: a square may hang over the edge, so that what is
  // dark there is not narrow.
  const size_t radius = std::max<size_t>(1, stroke_limit(levels) / 2);
  Ink paper = with_margin(smooth, radius, -std::numeric_limits<float>::infinity());
  extreme_of_squares(paper, radius, std::greater<>());
  extreme_of_squares(paper, radius, std::less<>());
  Ink result = crop(paper, {radius, radius, levels.width, levels.height});
  std::vector<float> above(levels.values.size());
  // Of noise the closing takes the lightest; most pixels are paper and tell how much that is.
  std::ranges::transform(result.values, levels.values, above.begin(), std::minus<>());
  const float bias = median(std::move(above));
  for (float& level : result.values) level -= bias;
  return result;
}

Ink ink_on_shaded_paper(const Ink& levels) {
  const float direction = ink_is_lighter(levels) ? 1.0f : -1.0f;
  Ink oriented = levels;  // so that ink is darker
  for (float& level : oriented.values) level *= -direction;
  const Ink paper = local_paper(oriented);
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
  const float full = mean_of_stronger(standing_out);
  if (full < std::max(kMinContrast, floor)) return Ink(levels.width, levels.height);
  const float faint = std::max(floor, kFaintShare * full);
  for (float& value : ink.values) {
    value = std::clamp((value - faint) / std::max(full - faint, 1e-3f), 0.0f, 1.0f);
  }
  return ink;
}

}  // namespace inkdigit
