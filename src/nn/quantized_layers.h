#pragma once

#include <cstddef>

#include "core/tensor.h"
#include "core/thread_pool.h"
#include "nn/quantized_layer.h"
#include "nn/quantized_weights.h"
#include "nn/xnn_operator.h"

namespace inkdigit {

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

class QuantizedMaxPool2d final : public QuantizedLayer {
 public:
  explicit QuantizedMaxPool2d(const ThreadPool& pool) : operator_(pool) {}
  void run(const Int8Tensor& input, Int8Tensor& output) override;

 private:
  QuantizedMaxPool2dOperator operator_;
};

}  // namespace inkdigit
