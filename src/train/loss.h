#pragma once

#include <cstdint>
#include <span>

#include "core/tensor.h"

namespace inkdigit {

/// Softmax followed by cross-entropy, in one numerically stable piece.
/// `logits` is [N, classes], `labels` holds N classes. Returns the mean loss in nats, and writes
/// dLoss/dLogits = (softmax - one_hot(label)) / N to `grad_logits` (resized).
/// std::invalid_argument if the sizes differ or a label is out of range; nothing is written then.
float softmax_cross_entropy(const Tensor& logits, std::span<const uint8_t> labels,
                            Tensor& grad_logits);

}  // namespace inkdigit
