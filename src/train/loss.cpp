#include "train/loss.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace inkdigit {

float softmax_cross_entropy(const Tensor& logits, std::span<const uint8_t> labels,
                            Tensor& grad_logits) {
  const size_t batch_size = logits.dim(0);
  const size_t classes = logits.size() / std::max<size_t>(batch_size, 1);
  if (labels.size() != batch_size) {
    throw std::invalid_argument("labels: expected " + std::to_string(batch_size) + ", got " +
                                std::to_string(labels.size()));
  }
  for (const uint8_t label : labels) {
    if (label >= classes && label != kNoClass) {
      throw std::invalid_argument("labels: expected 0 to " + std::to_string(classes - 1) +
                                  ", got " + std::to_string(label));
    }
  }
  grad_logits.resize(logits.shape());
  double loss = 0.0;
  for (size_t n = 0; n < batch_size; ++n) {
    const float* z = logits.data() + n * classes;
    float* grad = grad_logits.data() + n * classes;
    const double largest = *std::max_element(z, z + classes);  // keeps exp() from overflowing
    double sum = 0.0;
    for (size_t c = 0; c < classes; ++c) sum += std::exp(z[c] - largest);
    for (size_t c = 0; c < classes; ++c) {
      const double probability = std::exp(z[c] - largest) / sum;
      const double target =
          labels[n] == kNoClass ? 1.0 / static_cast<double>(classes) : (c == labels[n] ? 1.0 : 0.0);
      grad[c] = static_cast<float>((probability - target) / static_cast<double>(batch_size));
      loss += target * (std::log(sum) + largest - z[c]);
    }
  }
  return static_cast<float>(loss / static_cast<double>(batch_size));
}

}  // namespace inkdigit
