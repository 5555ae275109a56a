#include "nn/conv2d.h"

#include <stdexcept>

#include "nn/elementwise.h"

namespace inkdigit {

Conv2d::Conv2d(const std::string& name, size_t input_channels, size_t output_channels,
               size_t kernel, bool relu, const ThreadPool& pool)
    : name_(name),
      input_channels_(input_channels),
      output_channels_(output_channels),
      kernel_(kernel),
      relu_(relu),
      pool_(&pool),
      weights_(name + ".weight", {output_channels, kernel, kernel, input_channels}),
      bias_(name + ".bias", {output_channels}),
      transpose_(pool) {}

Shape Conv2d::output_shape(const Shape& input_shape) const {
  if (input_shape.size() != 4 || input_shape[1] < kernel_ || input_shape[2] < kernel_ ||
      input_shape[3] != input_channels_) {
    throw std::invalid_argument(
        name_ + ": expected an input [N, H, W, " + std::to_string(input_channels_) +
        "] with H and W of at least " + std::to_string(kernel_) + ", got " +
        to_string(input_shape));
  }
  return {input_shape[0], input_shape[1] - kernel_ + 1, input_shape[2] - kernel_ + 1,
          output_channels_};
}

void Conv2d::forward(const Tensor& input, Tensor& output, const Pass&) {
  output.resize(output_shape(input.shape()));
  const uint64_t version = weights_.version + bias_.version;
  if (!operator_ || packed_version_ != version) {
    operator_.emplace(Conv2dShape{.kernel_height = kernel_,
                                  .kernel_width = kernel_,
                                  .input_channels = input_channels_,
                                  .output_channels = output_channels_,
                                  .relu = relu_},
                      weights_.value.data(), bias_.value.data(), *pool_);
    packed_version_ = version;
  }
  operator_->run(input.dim(0), input.dim(1), input.dim(2), input.data(), output.data());
}

void Conv2d::backward(const Tensor& input, const Tensor& output, Tensor& grad_output,
                      Tensor* grad_input) {
  if (relu_) relu_backward(output, grad_output, *pool_);
  sum_rows(grad_output, output_channels_, bias_.gradient, *pool_);
  compute_grad_weights(input, grad_output);
  if (grad_input) compute_grad_input(grad_output, *grad_input);
}

// dW[o, y, x, i] = Σ over n, h, w of dY[n, h, w, o] · X[n, h + y, w + x, i] is itself a convolution: of X,
// with its input channels as the batch and the images as channels, by "kernels" dY as large as the
// output. Nothing like im2col is written to memory.
void Conv2d::compute_grad_weights(const Tensor& input, const Tensor& grad_output) {
  const size_t batch_size = input.dim(0);
  const size_t height = input.dim(1);
  const size_t width = input.dim(2);
  const size_t output_height = grad_output.dim(1);
  const size_t output_width = grad_output.dim(2);

  input_channels_first_.resize({input_channels_, height, width, batch_size});
  transpose_.run(input.shape(), {3, 1, 2, 0}, input.data(), input_channels_first_.data());
  grad_channels_first_.resize({output_channels_, output_height, output_width, batch_size});
  transpose_.run(grad_output.shape(), {3, 1, 2, 0}, grad_output.data(),
                 grad_channels_first_.data());

  Conv2dOperator correlation({.kernel_height = output_height,
                              .kernel_width = output_width,
                              .input_channels = batch_size,
                              .output_channels = output_channels_},
                             grad_channels_first_.data(), /*bias=*/nullptr, *pool_);
  grad_weights_ihwo_.resize({input_channels_, kernel_, kernel_, output_channels_});
  correlation.run(input_channels_, height, width, input_channels_first_.data(),
                  grad_weights_ihwo_.data());
  transpose_.run(grad_weights_ihwo_.shape(), {3, 1, 2, 0}, grad_weights_ihwo_.data(),
                 weights_.gradient.data());
}

// dX is the full convolution of dY with the kernels turned by 180° and their channels exchanged.
void Conv2d::compute_grad_input(const Tensor& grad_output, Tensor& grad_input) {
  flipped_weights_.resize({input_channels_, kernel_, kernel_, output_channels_});
  const float* weights = weights_.value.data();
  float* flipped = flipped_weights_.data();
  const size_t taps = kernel_ * kernel_;
  for (size_t i = 0; i < input_channels_; ++i) {
    for (size_t tap = 0; tap < taps; ++tap) {
      for (size_t o = 0; o < output_channels_; ++o) {
        flipped[(i * taps + tap) * output_channels_ + o] =
            weights[(o * taps + (taps - 1 - tap)) * input_channels_ + i];
      }
    }
  }
  Conv2dOperator full_convolution({.kernel_height = kernel_,
                                   .kernel_width = kernel_,
                                   .input_channels = output_channels_,
                                   .output_channels = input_channels_,
                                   .padding = kernel_ - 1},
                                  flipped, /*bias=*/nullptr, *pool_);
  grad_input.resize({grad_output.dim(0), grad_output.dim(1) + kernel_ - 1,
                     grad_output.dim(2) + kernel_ - 1, input_channels_});
  full_convolution.run(grad_output.dim(0), grad_output.dim(1), grad_output.dim(2),
                       grad_output.data(), grad_input.data());
}

}  // namespace inkdigit
