#include "train/loss.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "nn/energy.h"

namespace inkdigit {

namespace {

/// Logits per picture.
size_t classes_of(const Tensor& logits) {
  return logits.size() / std::max<size_t>(logits.dim(0), 1);
}

}  // namespace

Tensor targets_of(std::span<const uint8_t> labels, size_t classes) {
  for (const uint8_t label : labels) {
    if (label >= classes && label != kNoClass) {
      throw std::invalid_argument("labels: expected 0 to " + std::to_string(classes - 1) +
                                  ", got " + std::to_string(label));
    }
  }
  Tensor targets({labels.size(), classes});
  for (size_t n = 0; n < labels.size(); ++n) {
    const std::span<float> target = targets.values().subspan(n * classes, classes);
    std::ranges::fill(target, labels[n] == kNoClass ? 1.0f / static_cast<float>(classes) : 0.0f);
    if (labels[n] != kNoClass) target[labels[n]] = 1.0f;
  }
  return targets;
}

void softmax(Tensor& logits) {
  const size_t classes = classes_of(logits);
  for (size_t n = 0; n < logits.dim(0); ++n) {
    const std::span<float> z = logits.values().subspan(n * classes, classes);
    const double log_sum = energy(z);
    for (float& value : z) value = static_cast<float>(std::exp(value - log_sum));
  }
}

float softmax_cross_entropy(const Tensor& logits, const Tensor& targets, Tensor& grad_logits) {
  if (targets.shape() != logits.shape()) {
    throw std::invalid_argument("targets: expected " + to_string(logits.shape()) + ", got " +
                                to_string(targets.shape()));
  }
  const size_t batch_size = logits.dim(0);
  const size_t classes = classes_of(logits);
  grad_logits.resize(logits.shape());
  double loss = 0.0;
  for (size_t n = 0; n < batch_size; ++n) {
    const float* z = logits.data() + n * classes;
    const float* target = targets.data() + n * classes;
    float* grad = grad_logits.data() + n * classes;
    const double log_sum = energy({z, classes});
    for (size_t c = 0; c < classes; ++c) {
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
  return softmax_cross_entropy(logits, targets_of(labels, classes_of(logits)), grad_logits);
}

void distill(const Tensor& logits, const TeacherAnswers& teacher, Tensor& grad_logits) {
  const size_t batch_size = logits.dim(0);
  if (teacher.logits.shape() != logits.shape() || grad_logits.shape() != logits.shape() ||
      teacher.shares.size() != batch_size) {
    throw std::invalid_argument("teacher: expected logits of " + to_string(logits.shape()) +
                                " and as many shares, got " + to_string(teacher.logits.shape()) +
                                " and " + std::to_string(teacher.shares.size()));
  }
  const size_t classes = classes_of(logits);
  const auto temperature = static_cast<float>(teacher.temperature);
  const auto softened = [&](const Tensor& source) {
    Tensor probabilities = source.clone();
    for (float& value : probabilities.values()) value /= temperature;
    softmax(probabilities);
    return probabilities;
  };
  const Tensor own = softened(logits), told = softened(teacher.logits);
  for (size_t n = 0; n < batch_size; ++n) {
    const float share = teacher.shares[n];
    const float weight = share * temperature / static_cast<float>(batch_size);
    for (size_t i = n * classes; i < (n + 1) * classes; ++i) {
      grad_logits.data()[i] =
          (1.0f - share) * grad_logits.data()[i] + weight * (own.data()[i] - told.data()[i]);
    }
  }
}

}  // namespace inkdigit
