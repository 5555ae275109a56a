#pragma once

#include <cstddef>

#include "core/tensor.h"
#include "core/thread_pool.h"
#include "nn/quantized_weights.h"
#include "nn/quantized_winograd_conv2d.h"
#include "nn/xnn_operator.h"

namespace inkdigit {

/// One int8 layer: [N, H, W, C] → [N, H, W, C]. Not thread-safe. Layers copy the weights they are
/// made of; the pool is borrowed and must outlive them.
class QuantizedLayer {
 public:
  virtual ~QuantizedLayer() = default;
  /// Writes to `output`, which has its size already.
  virtual void run(const Int8Tensor& input, Int8Tensor& output) = 0;
};

/// A convolution of any size, with its ReLU, if it has one.
class QuantizedConv2d final : public QuantizedLayer {
 public:
  QuantizedConv2d(const QuantizedConv2dWeights& weights, Quantization input, Quantization output,
                  const ThreadPool& pool);
  void run(const Int8Tensor& input, Int8Tensor& output) override;

 private:
  const Int8Tensor& gather(const Int8Tensor& input, size_t output_height, size_t output_width);

  size_t kernel_;  // height and width, pixels
  bool gathers_;   // takes the pixels under the kernel for channels of one pixel
  QuantizedConv2dOperator operator_;
  Int8Tensor gathered_;  // [N, output height, output width, kernel · kernel · channels]
};

/// One that QuantizedWinogradConv2d suits. `pooled`: and the max-pool behind it.
class QuantizedWinogradLayer final : public QuantizedLayer {
 public:
  QuantizedWinogradLayer(const QuantizedConv2dWeights& weights, Quantization input,
                         Quantization output, bool pooled, const ThreadPool& pool);
  void run(const Int8Tensor& input, Int8Tensor& output) override;

 private:
  QuantizedWinogradConv2d convolution_;
};

class QuantizedMaxPool2d final : public QuantizedLayer {
 public:
  explicit QuantizedMaxPool2d(const ThreadPool& pool) : operator_(pool) {}
  void run(const Int8Tensor& input, Int8Tensor& output) override;

 private:
  QuantizedMaxPool2dOperator operator_;
};

}  // namespace inkdigit
