#pragma once

#include <algorithm>
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

}  // namespace inkdigit
