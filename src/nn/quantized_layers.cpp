#include "nn/quantized_layers.h"

#include <algorithm>
#include <cstdint>

namespace inkdigit {

namespace {

// Convolutions of fewer channels than a kernel multiplies at once (8) waste the rest of each
// vector: there, the pixels under the kernel are gathered, and taken for channels of one pixel.
constexpr size_t kFewChannels = 8;

bool has_few_channels(const Conv2dShape& shape) { return shape.input_channels < kFewChannels; }

/// Of the convolution that is left to do.
Conv2dShape gathered_shape(Conv2dShape shape) {
  if (!has_few_channels(shape)) return shape;
  shape.input_channels *= shape.kernel * shape.kernel;
  shape.kernel = 1;
  return shape;
}

}  // namespace

QuantizedConv2d::QuantizedConv2d(const QuantizedConv2dWeights& weights, Quantization input,
                                 Quantization output, const ThreadPool& pool)
    : kernel_(weights.shape.kernel),
      gathers_(has_few_channels(weights.shape)),
      operator_(gathered_shape(weights.shape), input, weights.kernel, weights.scales,
                weights.bias.data(), output, pool) {}

void QuantizedConv2d::run(const Int8Tensor& input, Int8Tensor& output) {
  const Int8Tensor& pixels = gathers_ ? gather(input, output.dim(1), output.dim(2)) : input;
  operator_.run(pixels.dim(0), pixels.dim(1), pixels.dim(2), pixels.data(), output.data());
}

const Int8Tensor& QuantizedConv2d::gather(const Int8Tensor& input, size_t output_height,
                                          size_t output_width) {
  const size_t images = input.dim(0), height = input.dim(1), width = input.dim(2);
  const size_t channels = input.dim(3);
  const size_t run_length = kernel_ * channels;  // of neighbours that lie one after the other
  gathered_.resize({images, output_height, output_width, kernel_ * run_length});
  int8_t* target = gathered_.data();
  for (size_t n = 0; n < images; ++n) {
    for (size_t y = 0; y < output_height; ++y) {
      for (size_t x = 0; x < output_width; ++x) {
        const int8_t* source = input.data() + ((n * height + y) * width + x) * channels;
        for (size_t row = 0; row < kernel_; ++row, source += width * channels) {
          target = std::copy_n(source, run_length, target);
        }
      }
    }
  }
  return gathered_;
}

void QuantizedMaxPool2d::run(const Int8Tensor& input, Int8Tensor& output) {
  operator_.run(input.dim(0), input.dim(1), input.dim(2), input.dim(3), input.data(),
                output.data());
}

}  // namespace inkdigit
