#pragma once

#include "core/tensor.h"

namespace inkdigit {

/// How a convolution is computed. Stride 1, no padding; weights are [O, K, K, I].
class Conv2dAlgorithm {
 public:
  virtual ~Conv2dAlgorithm() = default;

  /// Takes (copies) new weights and biases for the forward calls that follow.
  virtual void pack(const Tensor& weights, const Tensor& bias) = 0;

  /// `input` [N, H, W, I] → `output` [N, H - K + 1, W - K + 1, O], which has its size already.
  virtual void forward(const Tensor& input, Tensor& output) = 0;

  /// From `grad_output`, dLoss by the convolution's result (before a ReLU), sets `grad_weights`
  /// and, if it is not null, `grad_input`, which has its size already. `weights` are those last
  /// packed.
  virtual void backward(const Tensor& input, const Tensor& weights, const Tensor& grad_output,
                        Tensor& grad_weights, Tensor* grad_input) = 0;
};

}  // namespace inkdigit
