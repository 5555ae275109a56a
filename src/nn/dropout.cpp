#include "nn/dropout.h"

#include <algorithm>
#include <cmath>

#include "core/errors.h"
#include "core/random.h"

namespace inkdigit {

namespace {

static_assert(kElementGrain % 4 == 0, "four elements share a random number");

void multiply(const Tensor& a, const Tensor& b, Tensor& product, const ThreadPool& pool) {
  product.resize(a.shape());
  pool.parallel_for(a.size(), kElementGrain, [&](size_t begin, size_t end) {
    const float* x = a.data();
    const float* y = b.data();
    float* __restrict z = product.data();
    for (size_t i = begin; i < end; ++i) z[i] = x[i] * y[i];
  });
}

}  // namespace

Dropout::Dropout(double rate, uint64_t key, const ThreadPool& pool)
    : rate_(rate), key_(key), pool_(&pool) {
  check_range("dropout rate", rate, rate >= 0.0 && rate < 1.0, "0 or more and less than 1");
}

void Dropout::forward(const Tensor& input, Tensor& output, const Pass& pass) {
  mask_.resize(input.shape());
  // Every element has its own number, whichever thread draws it: 16 bits of a hash of its position.
  const uint64_t base = mix_bits(pass.seed ^ mix_bits(key_ + 1));
  const auto threshold =
      pass.dropout ? std::min<uint64_t>(static_cast<uint64_t>(std::lround(rate_ * 65536.0)), 65535)
                   : uint64_t{0};
  const float kept = static_cast<float>(65536.0 / (65536.0 - static_cast<double>(threshold)));
  pool_->parallel_for(mask_.size(), kElementGrain, [&](size_t begin, size_t end) {
    float* __restrict mask = mask_.data();
    const auto draw = [&](size_t position) {
      const uint64_t bits = mix_bits(base + position / 4);
      return (bits >> (16 * (position % 4)) & 0xffff) < threshold ? 0.0f : kept;
    };
    size_t i = begin;
    for (; i + 4 <= end; i += 4) {  // four at once, for the compiler to vectorise
      for (size_t j = 0; j < 4; ++j) mask[i + j] = draw(i + j);
    }
    for (; i < end; ++i) mask[i] = draw(i);
  });
  multiply(input, mask_, output, *pool_);
}

void Dropout::backward(const Tensor&, const Tensor&, Tensor& grad_output, Tensor* grad_input) {
  if (grad_input) multiply(grad_output, mask_, *grad_input, *pool_);
}

}  // namespace inkdigit
