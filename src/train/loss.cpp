#include "train/loss.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "nn/logits.h"

namespace inkdigit {

std::invalid_argument no_label(uint8_t label, size_t classes) {
  return std::invalid_argument("labels: expected 0 to " + std::to_string(classes - 1) + ", got " +
                               std::to_string(label));
}

Tensor targets_of(std::span<const uint8_t> labels, size_t classes) {
  for (const uint8_t label : labels) {
    if (label >= classes && label != kNoClass) throw no_label(label, classes);
  }
  Tensor targets({labels.size(), classes});
  for (size_t n = 0; n < labels.size(); ++n) {
    const std::span<float> target = targets.row(n);
    std::ranges::fill(target, labels[n] == kNoClass ? 1.0f / static_cast<float>(classes) : 0.0f);
    if (labels[n] != kNoClass) target[labels[n]] = 1.0f;
  }
  return targets;
}

float softmax_cross_entropy(const Tensor& logits, const Tensor& targets, Tensor& grad_logits) {
  if (targets.shape() != logits.shape()) {
    throw std::invalid_argument("targets: expected " + to_string(logits.shape()) + ", got " +
                                to_string(targets.shape()));
  }
  const size_t batch_size = logits.dim(0);
  grad_logits.resize(logits.shape());
  double loss = 0.0;
  for (size_t n = 0; n < batch_size; ++n) {
    const std::span<const float> z = logits.row(n), target = targets.row(n);
    const std::span<float> grad = grad_logits.row(n);
    const double log_sum = energy(z);
    for (size_t c = 0; c < z.size(); ++c) {
      const double probability = std::exp(z[c] - log_sum);
      grad[c] = static_cast<float>((probability - target[c]) / static_cast<double>(batch_size));
      loss += target[c] * (log_sum - z[c]);
    }
  }
  return static_cast<float>(loss / static_cast<double>(batch_size));
}

float softmax_cross_entropy(const Tensor& logits, std::span<const uint8_t> labels,
                            Tensor& grad_logits) {
  if (labels.size() != logits.dim(0)) {
    throw std::invalid_argument("labels: expected " + std::to_string(logits.dim(0)) + ", got " +
                                std::to_string(labels.size()));
  }
  return softmax_cross_entropy(logits, targets_of(labels, logits.row_size()), grad_logits);
}

void distill(const Tensor& logits, const TeacherAnswers& teacher, Tensor& grad_logits) {
  const size_t batch_size = logits.dim(0);
  if (teacher.logits.shape() != logits.shape() || grad_logits.shape() != logits.shape() ||
      teacher.shares.size() != batch_size) {
    throw std::invalid_argument("teacher: expected logits of " + to_string(logits.shape()) +
                                " and as many shares, got " + to_string(teacher.logits.shape()) +
                                " and " + std::to_string(teacher.shares.size()));
  }
  const auto temperature = static_cast<float>(teacher.temperature);
  const auto softened = [&](const Tensor& source) {
    Tensor probabilities = source.clone();
    for (float& value : probabilities.values()) value /= temperature;
    for (size_t n = 0; n < batch_size; ++n) softmax(probabilities.row(n), probabilities.row(n));
    return probabilities;
  };
  const Tensor own = softened(logits), told = softened(teacher.logits);
  for (size_t n = 0; n < batch_size; ++n) {
    const float share = teacher.shares[n];
    const float weight = share * temperature / static_cast<float>(batch_size);
    const std::span<const float> p = own.row(n), q = told.row(n);
    const std::span<float> grad = grad_logits.row(n);
    for (size_t c = 0; c < grad.size(); ++c) {
      grad[c] = (1.0f - share) * grad[c] + weight * (p[c] - q[c]);
    }
  }
}

}  // namespace inkdigit
