#pragma once

#include <optional>

#include "core/thread_pool.h"
#include "nn/conv2d_algorithm.h"
#include "nn/xnn_operator.h"

namespace inkdigit {

/// XNNPACK's own convolution, for kernels of any size; its weights' gradient is a product, its
/// input's a convolution again.
class DirectConv2d final : public Conv2dAlgorithm {
 public:
  /// `pool` is borrowed and must outlive this.
  DirectConv2d(size_t input_channels, size_t output_channels, size_t kernel, bool relu,
               const ThreadPool& pool);

  void pack(const Tensor& weights, const Tensor& bias) override;
  void forward(const Tensor& input, Tensor& output) override;
  void backward(const Tensor& input, const Tensor& weights, const Tensor& grad_output,
                Tensor& grad_weights, Tensor* grad_input) override;

 private:
  void backward_weights(const Tensor& input, const Tensor& grad_output, Tensor& grad_weights);
  void backward_input(const Tensor& weights, const Tensor& grad_output, Tensor& grad_input);

  Conv2dShape shape_;
  const ThreadPool* pool_;
  std::optional<Conv2dOperator> operator_;  // keeps a packed copy of the weights
  MatrixProduct product_;
  TransposeOperator transpose_;
  Tensor channels_first_;     // [I, H, W], one image
  Tensor columns_;            // [I·K·K, (H - K + 1)·(W - K + 1)], of one image
  Tensor grad_weights_part_;  // [I·K·K, O], of one image
  Tensor grad_weights_ihwo_;  // [I, K, K, O]
  Tensor flipped_weights_;    // [I, K, K, O]
};

}  // namespace inkdigit
