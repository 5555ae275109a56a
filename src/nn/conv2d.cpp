#include "nn/conv2d.h"

#include "nn/direct_conv2d.h"
#include "nn/elementwise.h"
#include "nn/winograd_conv2d.h"

namespace inkdigit {

namespace {

// Winograd's way saves multiplications and costs transforms, which pay for themselves when every
// transformed value is used for this many channels.
constexpr size_t kWinogradChannels = 8;

std::unique_ptr<Conv2dAlgorithm> choose_algorithm(size_t input_channels, size_t output_channels,
                                                  size_t kernel, bool relu,
                                                  const ThreadPool& pool) {
  if (kernel == winograd::kKernel && input_channels >= kWinogradChannels &&
      output_channels >= kWinogradChannels) {
    return std::make_unique<WinogradConv2d>(input_channels, output_channels, relu, pool);
  }
  return std::make_unique<DirectConv2d>(input_channels, output_channels, kernel, relu, pool);
}

}  // namespace

Conv2d::Conv2d(const std::string& name, size_t input_channels, size_t output_channels,
               size_t kernel, bool relu, const ThreadPool& pool)
    : output_channels_(output_channels),
      relu_(relu),
      pool_(&pool),
      weights_(name + ".weight", {output_channels, kernel, kernel, input_channels}),
      bias_(name + ".bias", {output_channels}),
      algorithm_(choose_algorithm(input_channels, output_channels, kernel, relu, pool)) {}

void Conv2d::forward(const Tensor& input, Tensor& output, const Pass&) {
  const uint64_t version = weights_.version + bias_.version;
  if (packed_version_ != version) {
    algorithm_->pack(weights_.value, bias_.value);
    packed_version_ = version;
  }
  algorithm_->forward(input, output);
}

void Conv2d::backward(const Tensor& input, const Tensor& output, Tensor& grad_output,
                      Tensor* grad_input) {
  if (relu_) relu_backward(output, grad_output, *pool_);
  sum_rows(grad_output, output_channels_, bias_.gradient, *pool_);
  if (grad_input) grad_input->resize(input.shape());
  algorithm_->backward(input, weights_.value, grad_output, weights_.gradient, grad_input);
}

}  // namespace inkdigit
