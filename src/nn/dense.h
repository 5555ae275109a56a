#pragma once

#include <optional>
#include <string>

#include "core/thread_pool.h"
#include "nn/layer.h"
#include "nn/xnn_operator.h"

namespace inkdigit {

/// Fully connected layer with an optional ReLU behind it: [N, …] → [N, outputs]. All axes but the
/// first are taken as one, in row-major order (height, width, channel for images). Weights are
/// "<name>.weight" [outputs, inputs] and "<name>.bias" [outputs].
class Dense final : public Layer {
 public:
  /// `pool` is borrowed and must outlive the layer.
  Dense(const std::string& name, size_t inputs, size_t outputs, bool relu, const ThreadPool& pool);

  void forward(const Tensor& input, Tensor& output, const Pass& pass) override;
  void backward(const Tensor& input, const Tensor& output, Tensor& grad_output,
                Tensor* grad_input) override;
  std::vector<Parameter*> parameters() override { return {&weights_, &bias_}; }

 private:
  void forward_packed(const Tensor& input, Tensor& output);
  void forward_unpacked(const Tensor& input, Tensor& output);

  size_t inputs_;
  size_t outputs_;
  bool relu_;
  const ThreadPool* pool_;
  Parameter weights_;
  Parameter bias_;

  // For inference: keeps a packed copy of the weights, made anew when they have changed.
  std::optional<FullyConnectedOperator> operator_;
  std::optional<uint64_t> packed_version_;  // sum of both parameters' versions

  // For training, where weights change at every step and packing them would cost more than using
  // them.
  MatrixProduct product_;             // a · b
  MatrixProduct product_transposed_;  // a · bᵀ
  TransposeOperator transpose_;
  Tensor output_transposed_;       // [outputs, N]
  Tensor grad_output_transposed_;  // [outputs, N]
};

}  // namespace inkdigit
