#pragma once

#include <cstdint>
#include <span>

#include "core/tensor.h"

namespace inkdigit {

/// The label of what belongs to no class: every class is then as good as the others ("outlier
/// exposure", Hendrycks, Mazeika, Dietterich 2019).
inline constexpr uint8_t kNoClass = 255;

/// Softmax followed by cross-entropy, in one numerically stable piece.
/// `logits` is [N, classes], `labels` holds N classes or kNoClass. Returns the mean loss in nats,
/// and writes dLoss/dLogits = (softmax - target) / N to `grad_logits` (resized); the target is
/// one_hot(label), or 1/classes everywhere for kNoClass.
/// std::invalid_argument if the sizes differ or a label is out of range; nothing is written then.
float softmax_cross_entropy(const Tensor& logits, std::span<const uint8_t> labels,
                            Tensor& grad_logits);

}  // namespace inkdigit
