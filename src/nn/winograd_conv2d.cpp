#include "nn/winograd_conv2d.h"

#include <algorithm>

#include "nn/elementwise.h"

namespace inkdigit {

using winograd::kPoints;
using winograd::Tiling;

WinogradConv2d::WinogradConv2d(size_t input_channels, size_t output_channels, bool relu,
                               const ThreadPool& pool)
    : input_channels_(input_channels),
      output_channels_(output_channels),
      relu_(relu),
      pool_(&pool),
      product_(MatrixProduct::Right::kPlain, pool),
      transpose_(pool) {}

void WinogradConv2d::pack(const Tensor& weights, const Tensor& bias) {
  weights_.resize({kPoints, output_channels_, input_channels_});
  winograd::transform_weights(weights.data(), output_channels_, input_channels_, weights_.data());
  bias_.resize({output_channels_});
  std::ranges::copy(bias.values(), bias_.data());
  weights_product_.emplace(kPoints, input_channels_, output_channels_, weights_.data(), *pool_);
}

// Transformed images are nine times as large as images: work on so many at once as the second-level
// cache holds (measured: two to four of the shipped network's are best).
size_t WinogradConv2d::images_per_pass(const Tiling& whole) const {
  constexpr size_t kPassBytes = size_t{1} << 20;
  const size_t image_bytes =
      kPoints * whole.per_image() * (input_channels_ + output_channels_) * sizeof(float);
  return std::max<size_t>(1, kPassBytes / image_bytes);
}

void WinogradConv2d::forward(const Tensor& input, Tensor& output) {
  const Tiling whole(input.dim(0), input.dim(1), input.dim(2));
  const size_t pass_size = images_per_pass(whole);
  for (size_t n = 0; n < whole.images; n += pass_size) {
    const Tiling tiling(std::min(pass_size, whole.images - n), whole.height, whole.width);
    input_.resize({kPoints, tiling.count(), input_channels_});
    output_.resize({kPoints, tiling.count(), output_channels_});
    winograd::transform_input(input.data() + n * whole.height * whole.width * input_channels_,
                              input_channels_, tiling, input_.data(), *pool_);
    weights_product_->run(tiling.count(), input_.data(), output_.data());
    winograd::transform_output(
        output_.data(), bias_.data(), relu_, output_channels_, tiling,
        output.data() + n * whole.output_height() * whole.output_width() * output_channels_,
        *pool_);
  }
}

void WinogradConv2d::backward(const Tensor& input, const Tensor&, const Tensor& grad_output,
                              Tensor& grad_weights, Tensor* grad_input) {
  const Tiling whole(input.dim(0), input.dim(1), input.dim(2));
  const size_t pass_size = images_per_pass(whole);
  const size_t input_size = whole.height * whole.width * input_channels_;
  const size_t output_size = whole.output_height() * whole.output_width() * output_channels_;
  grad_weights_.resize(weights_.shape());
  grad_weights_.fill(0.0f);
  grad_weights_part_.resize(weights_.shape());
  for (size_t n = 0; n < whole.images; n += pass_size) {
    const Tiling tiling(std::min(pass_size, whole.images - n), whole.height, whole.width);
    const size_t tiles = tiling.count();
    output_.resize({kPoints, tiles, output_channels_});
    winograd::transform_output_backward(grad_output.data() + n * output_size, output_channels_,
                                        tiling, output_.data(), *pool_);

    // dU = dMᵀ·V at every point, summed over the passes
    input_.resize({kPoints, tiles, input_channels_});
    winograd::transform_input(input.data() + n * input_size, input_channels_, tiling, input_.data(),
                              *pool_);
    grad_output_transposed_.resize({kPoints, output_channels_, tiles});
    transpose_.run(output_.shape(), {0, 2, 1}, output_.data(), grad_output_transposed_.data());
    product_.run(kPoints, output_channels_, tiles, input_channels_, grad_output_transposed_.data(),
                 input_.data(), grad_weights_part_.data());
    add(grad_weights_part_, grad_weights_);

    // dV = dM·U at every point
    if (!grad_input) continue;
    grad_input_.resize({kPoints, tiles, input_channels_});
    product_.run(kPoints, tiles, output_channels_, input_channels_, output_.data(), weights_.data(),
                 grad_input_.data());
    winograd::transform_input_backward(grad_input_.data(), input_channels_, tiling,
                                       grad_input->data() + n * input_size, *pool_);
  }
  winograd::transform_weights_backward(grad_weights_.data(), output_channels_, input_channels_,
                                       grad_weights.data());
}

}  // namespace inkdigit
