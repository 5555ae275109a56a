#pragma once

#include <optional>

#include "core/thread_pool.h"
#include "nn/conv2d_algorithm.h"
#include "nn/winograd_transform.h"
#include "nn/xnn_operator.h"

namespace inkdigit {

/// 3×3 convolution by F(4×4, 3×3) (see winograd_transform.h): a quarter of the multiplications of
/// the direct way, all of them in XNNPACK's batched matrix products. Exact in real arithmetic; in
/// float32 its rounding errors are a few times larger, still below 1e-5 of the largest output.
class WinogradConv2d final : public Conv2dAlgorithm {
 public:
  /// `pool` is borrowed and must outlive this.
  WinogradConv2d(size_t input_channels, size_t output_channels, bool relu, const ThreadPool& pool);

  void pack(const Tensor& weights, const Tensor& bias) override;
  void forward(const Tensor& input, Tensor& output) override;
  void backward(const Tensor& input, const Tensor& weights, const Tensor& grad_output,
                Tensor& grad_weights, Tensor* grad_input) override;

 private:
  size_t images_per_pass(const winograd::Tiling& whole) const;

  size_t input_channels_;   // I below
  size_t output_channels_;  // O below
  bool relu_;
  const ThreadPool* pool_;
  Tensor weights_;                                         // transformed, [36, O, I]
  Tensor bias_;                                            // [O]
  std::optional<ConstantBatchedProduct> weights_product_;  // packed copy of weights_

  MatrixProduct product_;
  TransposeOperator transpose_;
  Tensor input_;                   // transformed, [36, tiles, I]
  Tensor output_;                  // transformed, [36, tiles, O]; its gradient in backward
  Tensor grad_output_transposed_;  // [36, O, tiles]
  Tensor grad_weights_;            // transformed, [36, O, I]
  Tensor grad_weights_part_;       // of one pass
  Tensor grad_input_;              // transformed, [36, tiles, I]
};

}  // namespace inkdigit
