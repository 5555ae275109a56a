#pragma once

#include <optional>

#include "core/thread_pool.h"
#include "nn/conv2d_algorithm.h"
#include "nn/xnn_operator.h"

namespace inkdigit {

/// XNNPACK's own convolution, for kernels of any size; both gradients are convolutions again.
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
  TransposeOperator transpose_;
  Tensor input_channels_first_;  // [I, H, W, N]
  Tensor grad_channels_first_;   // [O, H - K + 1, W - K + 1, N]
  Tensor grad_weights_ihwo_;     // [I, K, K, O]
  Tensor flipped_weights_;       // [I, K, K, O]
};

}  // namespace inkdigit
