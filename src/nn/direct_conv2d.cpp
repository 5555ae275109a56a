#include "nn/direct_conv2d.h"

#include <algorithm>

#include "nn/elementwise.h"

namespace inkdigit {

DirectConv2d::DirectConv2d(size_t input_channels, size_t output_channels, size_t kernel, bool relu,
                           const ThreadPool& pool)
    : shape_{.kernel = kernel,
             .input_channels = input_channels,
             .output_channels = output_channels,
             .relu = relu},
      pool_(&pool),
      product_(MatrixProduct::Right::kPlain, pool),
      transpose_(pool) {}

void DirectConv2d::pack(const Tensor& weights, const Tensor& bias) {
  operator_.emplace(shape_, weights.data(), bias.data(), *pool_);
}

void DirectConv2d::forward(const Tensor& input, Tensor& output) {
  operator_->run(input.dim(0), input.dim(1), input.dim(2), input.data(), output.data());
}

void DirectConv2d::backward(const Tensor& input, const Tensor& weights, const Tensor& grad_output,
                            Tensor& grad_weights, Tensor* grad_input) {
  backward_weights(input, grad_output, grad_weights);
  if (grad_input) backward_input(weights, grad_output, *grad_input);
}

// dW[o, y, x, i] = Σ over n, h, w of dY[n, h, w, o] · X[n, h + y, w + x, i]: a product for every
// image, whose left side ("im2col", transposed) has a row for each i, y, x that is copied from X in
// runs of its width. An image's matrices stay in the cache.
void DirectConv2d::backward_weights(const Tensor& input, const Tensor& grad_output,
                                    Tensor& grad_weights) {
  const size_t height = input.dim(1);
  const size_t width = input.dim(2);
  const size_t channels = shape_.input_channels;
  const size_t output_height = grad_output.dim(1);
  const size_t output_width = grad_output.dim(2);
  const size_t outputs = output_height * output_width;
  const size_t rows = channels * shape_.kernel * shape_.kernel;

  channels_first_.resize({channels, height, width});
  columns_.resize({rows, outputs});
  grad_weights_part_.resize({rows, shape_.output_channels});
  grad_weights_ihwo_.resize({channels, shape_.kernel, shape_.kernel, shape_.output_channels});
  grad_weights_ihwo_.fill(0.0f);
  for (size_t n = 0; n < input.dim(0); ++n) {
    transpose_.run({height, width, channels}, {2, 0, 1},
                   input.data() + n * height * width * channels, channels_first_.data());
    pool_->parallel_for(rows, 1, [&](size_t begin, size_t end) {
      for (size_t row = begin; row < end; ++row) {
        const size_t x = row % shape_.kernel;
        const size_t y = row / shape_.kernel % shape_.kernel;
        const size_t i = row / shape_.kernel / shape_.kernel;
        const float* source = channels_first_.data() + (i * height + y) * width + x;
        float* target = columns_.data() + row * outputs;
        for (size_t h = 0; h < output_height; ++h, source += width, target += output_width) {
          std::copy_n(source, output_width, target);
        }
      }
    });
    product_.run(1, rows, outputs, shape_.output_channels, columns_.data(),
                 grad_output.data() + n * outputs * shape_.output_channels,
                 grad_weights_part_.data());
    add(grad_weights_part_, grad_weights_ihwo_);
  }
  transpose_.run(grad_weights_ihwo_.shape(), {3, 1, 2, 0}, grad_weights_ihwo_.data(),
                 grad_weights.data());
}

// dX is the full convolution of dY with the kernels turned by 180° and their channels exchanged.
void DirectConv2d::backward_input(const Tensor& weights, const Tensor& grad_output,
                                  Tensor& grad_input) {
  const size_t kernel = shape_.kernel;
  const size_t taps = kernel * kernel;
  flipped_weights_.resize({shape_.input_channels, kernel, kernel, shape_.output_channels});
  float* flipped = flipped_weights_.data();
  for (size_t i = 0; i < shape_.input_channels; ++i) {
    for (size_t tap = 0; tap < taps; ++tap) {
      for (size_t o = 0; o < shape_.output_channels; ++o) {
        *flipped++ = weights.data()[(o * taps + (taps - 1 - tap)) * shape_.input_channels + i];
      }
    }
  }
  Conv2dOperator full_convolution({.kernel = kernel,
                                   .input_channels = shape_.output_channels,
                                   .output_channels = shape_.input_channels,
                                   .padding = kernel - 1},
                                  flipped_weights_.data(), /*bias=*/nullptr, *pool_);
  full_convolution.run(grad_output.dim(0), grad_output.dim(1), grad_output.dim(2),
                       grad_output.data(), grad_input.data());
}

}  // namespace inkdigit
