#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

namespace inkdigit {

/// Learning rate of step `step` of `total_steps`: rises linearly to `peak` over the first
/// `warmup_steps`, then falls along half a cosine to 0 (Loshchilov & Hutter 2017, "SGDR").
inline double scheduled_learning_rate(uint64_t step, uint64_t total_steps, uint64_t warmup_steps,
                                      double peak) {
  if (step < warmup_steps) {
    return peak * static_cast<double>(step + 1) / static_cast<double>(warmup_steps);
  }
  if (step >= total_steps) return 0.0;
  const double progress =
      static_cast<double>(step - warmup_steps) / static_cast<double>(total_steps - warmup_steps);
  return peak * 0.5 * (1.0 + std::cos(std::numbers::pi * progress));
}

}  // namespace inkdigit
