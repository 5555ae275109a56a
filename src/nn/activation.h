#pragma once

#include "core/thread_pool.h"
#include "nn/layer.h"
#include "nn/xnn_operator.h"

namespace inkdigit {

/// max(x, 0), element by element. Behind a convolution or a dense layer the network fuses it
/// instead.
class Relu final : public Layer {
 public:
  /// `pool` is borrowed and must outlive the layer.
  explicit Relu(const ThreadPool& pool)
      : pool_(&pool), operator_(UnaryOperator::Function::kRelu, pool) {}

  void forward(const Tensor& input, Tensor& output, const Pass& pass) override;
  void backward(const Tensor& input, const Tensor& output, Tensor& grad_output,
                Tensor* grad_input) override;

 private:
  const ThreadPool* pool_;
  UnaryOperator operator_;
};

/// Hyperbolic tangent, element by element.
class Tanh final : public Layer {
 public:
  /// `pool` is borrowed and must outlive the layer.
  explicit Tanh(const ThreadPool& pool) : operator_(UnaryOperator::Function::kTanh, pool) {}

  void forward(const Tensor& input, Tensor& output, const Pass& pass) override;
  void backward(const Tensor& input, const Tensor& output, Tensor& grad_output,
                Tensor* grad_input) override;

 private:
  UnaryOperator operator_;
};

}  // namespace inkdigit
