#pragma once

#include <cstdint>
#include <span>
#include <stdexcept>
#include <vector>

#include "core/tensor.h"

namespace inkdigit {

/// The label of what belongs to no class: every class is then as good as the others ("outlier
/// exposure", Hendrycks, Mazeika, Dietterich 2019).
inline constexpr uint8_t kNoClass = 255;

/// The error of a label that is none of so many classes.
std::invalid_argument no_label(uint8_t label, size_t classes);

/// What outputs are to be for these labels, [N, classes]: one_hot(label), or 1/classes everywhere
/// for kNoClass. std::invalid_argument if a label is out of range.
Tensor targets_of(std::span<const uint8_t> labels, size_t classes);

/// Softmax followed by cross-entropy, in one numerically stable piece.
/// `logits` and `targets` (probabilities; each row adds up to 1) are [N, classes]. Returns the mean
/// loss in nats, and writes dLoss/dLogits = (softmax - target) / N to `grad_logits` (resized).
/// std::invalid_argument if the sizes differ; nothing is written then.
float softmax_cross_entropy(const Tensor& logits, const Tensor& targets, Tensor& grad_logits);

/// The same with targets_of(labels).
float softmax_cross_entropy(const Tensor& logits, std::span<const uint8_t> labels,
                            Tensor& grad_logits);

/// What another network makes of a batch, for `distill`.
struct TeacherAnswers {
  Tensor logits;              // [N, classes]
  std::vector<float> shares;  // [N], 0…1: of each row's loss that is the teacher's; 0: label alone
  double temperature = 1.0;   // above 0; the higher, the more the improbable classes count
};

/// Lets `grad_logits`, as softmax_cross_entropy wrote it, follow the teacher by its share:
/// (1 - share) · grad + share · T · (softmax(logits / T) - softmax(teacher / T)) / N, the gradient
/// of T² times the cross-entropy at temperature T ("Distilling the knowledge in a neural network",
/// Hinton, Vinyals, Dean 2015). std::invalid_argument if the sizes differ; nothing is written then.
void distill(const Tensor& logits, const TeacherAnswers& teacher, Tensor& grad_logits);

}  // namespace inkdigit
