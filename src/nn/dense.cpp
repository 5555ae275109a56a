#include "nn/dense.h"

#include <algorithm>
#include <limits>

#include "nn/elementwise.h"

namespace inkdigit {

Dense::Dense(const std::string& name, size_t inputs, size_t outputs, bool relu,
             const ThreadPool& pool)
    : inputs_(inputs),
      outputs_(outputs),
      relu_(relu),
      pool_(&pool),
      weights_(name + ".weight", {outputs, inputs}),
      bias_(name + ".bias", {outputs}),
      product_(MatrixProduct::Right::kPlain, pool),
      product_transposed_(MatrixProduct::Right::kTransposed, pool),
      transpose_(pool) {}

void Dense::forward(const Tensor& input, Tensor& output, const Pass& pass) {
  if (pass.mode == Mode::kTraining) {
    forward_unpacked(input, output);
  } else {
    forward_packed(input, output);
  }
}

void Dense::forward_packed(const Tensor& input, Tensor& output) {
  const uint64_t version = weights_.version + bias_.version;
  if (packed_version_ != version) {
    operator_.emplace(inputs_, outputs_, weights_.value.data(), bias_.value.data(), relu_, *pool_);
    packed_version_ = version;
  }
  operator_->run(input.dim(0), input.data(), output.data());
}

// Yᵀ = W·Xᵀ: the product packs its right side, and a batch is smaller than the weights.
void Dense::forward_unpacked(const Tensor& input, Tensor& output) {
  const size_t batch_size = input.dim(0);
  output_transposed_.resize({outputs_, batch_size});
  product_transposed_.run(1, outputs_, inputs_, batch_size, weights_.value.data(), input.data(),
                          output_transposed_.data());
  const float floor = relu_ ? 0.0f : -std::numeric_limits<float>::infinity();
  for (size_t n = 0; n < batch_size; ++n) {
    for (size_t o = 0; o < outputs_; ++o) {
      const float y = output_transposed_.data()[o * batch_size + n] + bias_.value.data()[o];
      output.data()[n * outputs_ + o] = std::max(y, floor);
    }
  }
}

// dX = dY·W, dW = dYᵀ·X, db = sum of dY over the batch.
void Dense::backward(const Tensor& input, const Tensor& output, Tensor& grad_output,
                     Tensor* grad_input) {
  const size_t batch_size = input.dim(0);
  if (relu_) relu_backward(output, grad_output, *pool_);
  sum_rows(grad_output, outputs_, bias_.gradient, *pool_);

  grad_output_transposed_.resize({outputs_, batch_size});
  transpose_.run({batch_size, outputs_}, {1, 0}, grad_output.data(),
                 grad_output_transposed_.data());
  product_.run(1, outputs_, batch_size, inputs_, grad_output_transposed_.data(), input.data(),
               weights_.gradient.data());

  if (grad_input) {
    grad_input->resize(input.shape());
    product_.run(1, batch_size, outputs_, inputs_, grad_output.data(), weights_.value.data(),
                 grad_input->data());
  }
}

}  // namespace inkdigit
