#pragma once

#include "core/thread_pool.h"
#include "nn/layer.h"
#include "nn/xnn_operator.h"

namespace inkdigit {

/// Maximum of each 2×2 window, stride 2: [N, H, W, C] → [N, H/2, W/2, C]. An odd last row or column
/// is left out.
class MaxPool2d final : public Layer {
 public:
  /// `pool` is borrowed and must outlive the layer.
  explicit MaxPool2d(const ThreadPool& pool) : pool_(&pool), operator_(pool) {}

  void forward(const Tensor& input, Tensor& output, const Pass& pass) override;
  void backward(const Tensor& input, const Tensor& output, Tensor& grad_output,
                Tensor* grad_input) override;

 private:
  const ThreadPool* pool_;
  MaxPool2dOperator operator_;
};

}  // namespace inkdigit
