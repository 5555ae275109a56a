#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/tensor.h"
#include "core/thread_pool.h"
#include "nn/quantized_layer.h"
#include "nn/quantized_weights.h"
#include "nn/winograd_transform.h"
#include "nn/xnn_operator.h"

namespace inkdigit {

/// 3×3 convolution of int8 by F(4×4, 3×3) (see winograd_transform.h), with its ReLU and its
/// max-pool 2×2, if it has them. The transforms' fractions are brought to whole numbers, which fit
/// into 16 bits, and sums into 32: so it gives what the direct way gives, with a quarter of the
/// multiplications. XNNPACK has no operator for it, nor products of 16 bits to make one of.
class QuantizedWinogradConv2d final : public QuantizedLayer {
 public:
  /// Whether a convolution can be done so: 3×3 over so many channels that transforms pay for
  /// themselves, with weights that let no sum outgrow 32 bits.
  static bool suits(const QuantizedConv2dWeights& weights);

  /// `pooled`: the max-pool behind it is done as well.
  QuantizedWinogradConv2d(const QuantizedConv2dWeights& weights, Quantization input,
                          Quantization output, bool pooled, const ThreadPool& pool);

  /// `input` [N, height, width, input channels] → `output` [N, height - 2, width - 2, output
  /// channels], or half as high and wide if pooled. Up to 7 bytes behind the input are read.
  void run(const Int8Tensor& input, Int8Tensor& output) override;

 private:
  class Task;

  size_t input_channels_;
  size_t output_channels_;
  Quantization input_;
  Quantization output_;
  bool relu_;
  bool pooled_;
  const ThreadPool* pool_;
  // For every eight output channels, of which the last may stand for none:
  std::vector<int16_t> weights_;  // transformed, [36, pairs of input channels, 8, 2]
  std::vector<float> factors_;    // [8], from sums to steps of the output
  std::vector<float> bias_;       // [8], in steps of the output
};

}  // namespace inkdigit
