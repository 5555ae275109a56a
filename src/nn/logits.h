#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

namespace inkdigit {

/// log Σ exp(logit), nats: how much evidence there is for any class at all. High for what resembles
/// the training classes, low for what does not (Liu, Wang, Owens, Li 2020, where its negative is
/// called the energy). `logits` must not be empty.
inline double energy(std::span<const float> logits) {
  const double largest = *std::ranges::max_element(logits);  // keeps exp() from overflowing
  double sum = 0.0;
  for (const float logit : logits) sum += std::exp(logit - largest);
  return largest + std::log(sum);
}

/// The probabilities of classes with these logits; `probabilities` may be the same memory.
inline void softmax(std::span<const float> logits, std::span<float> probabilities) {
  const double log_sum = energy(logits);
  std::ranges::transform(logits, probabilities.begin(), [log_sum](float logit) {
    return static_cast<float>(std::exp(logit - log_sum));
  });
}

/// The class of the largest logit, or probability; the first of equal ones. `classes` must not be
/// empty.
inline size_t most_probable(std::span<const float> classes) {
  return static_cast<size_t>(std::ranges::max_element(classes) - classes.begin());
}

}  // namespace inkdigit
