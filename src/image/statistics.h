#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

namespace inkdigit {

/// Differences of less than this many standard deviations are noise of the paper.
inline constexpr float kNoiseDeviations = 4.0f;

/// The median of absolute deviations, times this, estimates the standard deviation of a normal
/// distribution.
inline constexpr float kDeviationPerMedian = 1.4826f;

/// The value that a share, in [0, 1), of all is below; there must be some.
template <typename Value>
Value quantile(std::vector<Value> values, double share) {
  const auto place =
      values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size()));
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

template <typename Value>
Value median(std::vector<Value> values) {
  return quantile(std::move(values), 0.5);
}

/// Values from 0 on in two classes, so that the classes' means differ as much as can be (Otsu 1979,
/// "A threshold selection method from gray-level histograms"), in 256 steps.
struct TwoClasses {
  float threshold;  // those above begin here
  float mean_above;
};

/// There must be values; none below 0.
inline TwoClasses otsu(const std::vector<float>& values) {
  constexpr size_t kBins = 256;
  const float largest = *std::ranges::max_element(values);
  std::array<double, kBins> counts{};
  double count = 0.0, sum = 0.0;
  for (const float value : values) {
    const auto bin = largest > 0.0f ? static_cast<size_t>(value / largest * (kBins - 1)) : 0;
    counts[bin] += 1.0;
    count += 1.0;
    sum += static_cast<double>(bin);
  }
  double below = 0.0, sum_below = 0.0, best = -1.0, first = 0.0, mean = 0.0;
  for (size_t bin = 0; bin < kBins; ++bin) {
    const double above = count - below;
    if (above == 0.0) break;
    const double mean_above = (sum - sum_below) / above;
    const double mean_below = below > 0.0 ? sum_below / below : mean_above;
    const double between = below * above * (mean_above - mean_below) * (mean_above - mean_below);
    if (between > best) {
      best = between;
      first = static_cast<double>(bin);
      mean = mean_above;
    }
    below += counts[bin];
    sum_below += counts[bin] * static_cast<double>(bin);
  }
  const float step = largest / (kBins - 1);
  return {step * static_cast<float>(first), step * static_cast<float>(mean)};
}

}  // namespace inkdigit
