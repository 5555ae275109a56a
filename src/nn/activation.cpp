#include "nn/activation.h"

#include <algorithm>

#include "nn/elementwise.h"

namespace inkdigit {

void Relu::forward(const Tensor& input, Tensor& output, const Pass&) {
  operator_.run(input.size(), input.data(), output.data());
}

void Relu::backward(const Tensor&, const Tensor& output, Tensor& grad_output, Tensor* grad_input) {
  if (!grad_input) return;
  relu_backward(output, grad_output, *pool_);
  grad_input->resize(output.shape());
  std::copy_n(grad_output.data(), grad_output.size(), grad_input->data());
}

void Tanh::forward(const Tensor& input, Tensor& output, const Pass&) {
  operator_.run(input.size(), input.data(), output.data());
}

// tanh' = 1 - tanh²
void Tanh::backward(const Tensor&, const Tensor& output, Tensor& grad_output, Tensor* grad_input) {
  if (!grad_input) return;
  grad_input->resize(output.shape());
  const float* y = output.data();
  const float* dy = grad_output.data();
  float* __restrict dx = grad_input->data();
  for (size_t i = 0; i < output.size(); ++i) dx[i] = dy[i] * (1.0f - y[i] * y[i]);
}

}  // namespace inkdigit
