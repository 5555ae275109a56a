#include "nn/direct_conv2d.h"

namespace inkdigit {

DirectConv2d::DirectConv2d(size_t input_channels, size_t output_channels, size_t kernel, bool relu,
                           const ThreadPool& pool)
    : shape_{.kernel_height = kernel,
             .kernel_width = kernel,
             .input_channels = input_channels,
             .output_channels = output_channels,
             .relu = relu},
      pool_(&pool),
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

// dW[o, y, x, i] = Σ over n, h, w of dY[n, h, w, o] · X[n, h + y, w + x, i] is itself a
// convolution: of X, with its input channels as the batch and the images as channels, by "kernels"
// dY as large as the output. Nothing like im2col is written to memory.
void DirectConv2d::backward_weights(const Tensor& input, const Tensor& grad_output,
                                    Tensor& grad_weights) {
  const size_t batch_size = input.dim(0);
  const size_t height = input.dim(1);
  const size_t width = input.dim(2);
  const size_t output_height = grad_output.dim(1);
  const size_t output_width = grad_output.dim(2);

  input_channels_first_.resize({shape_.input_channels, height, width, batch_size});
  transpose_.run(input.shape(), {3, 1, 2, 0}, input.data(), input_channels_first_.data());
  grad_channels_first_.resize({shape_.output_channels, output_height, output_width, batch_size});
  transpose_.run(grad_output.shape(), {3, 1, 2, 0}, grad_output.data(),
                 grad_channels_first_.data());

  Conv2dOperator correlation({.kernel_height = output_height,
                              .kernel_width = output_width,
                              .input_channels = batch_size,
                              .output_channels = shape_.output_channels},
                             grad_channels_first_.data(), /*bias=*/nullptr, *pool_);
  grad_weights_ihwo_.resize(
      {shape_.input_channels, shape_.kernel_height, shape_.kernel_width, shape_.output_channels});
  correlation.run(shape_.input_channels, height, width, input_channels_first_.data(),
                  grad_weights_ihwo_.data());
  transpose_.run(grad_weights_ihwo_.shape(), {3, 1, 2, 0}, grad_weights_ihwo_.data(),
                 grad_weights.data());
}

// dX is the full convolution of dY with the kernels turned by 180° and their channels exchanged.
void DirectConv2d::backward_input(const Tensor& weights, const Tensor& grad_output,
                                  Tensor& grad_input) {
  const size_t kernel = shape_.kernel_height;
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
  Conv2dOperator full_convolution({.kernel_height = kernel,
                                   .kernel_width = kernel,
                                   .input_channels = shape_.output_channels,
                                   .output_channels = shape_.input_channels,
                                   .padding = kernel - 1},
                                  flipped_weights_.data(), /*bias=*/nullptr, *pool_);
  full_convolution.run(grad_output.dim(0), grad_output.dim(1), grad_output.dim(2),
                       grad_output.data(), grad_input.data());
}

}  // namespace inkdigit
