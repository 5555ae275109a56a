#pragma once

#include "core/thread_pool.h"
#include "nn/layer.h"

namespace inkdigit {

/// Sets a share `rate` of its inputs to 0 and divides the others by 1 - rate, so that their
/// expected value stays ("inverted dropout": Srivastava et al. 2014, section 10). For training
/// alone: in inference, networks leave it out.
class Dropout final : public Layer {
 public:
  /// `rate` is in [0, 1). `key` tells this layer's draws from another's. `pool` is borrowed and
  /// must outlive the layer.
  Dropout(double rate, uint64_t key, const ThreadPool& pool);

  void forward(const Tensor& input, Tensor& output, const Pass& pass) override;
  void backward(const Tensor& input, const Tensor& output, Tensor& grad_output,
                Tensor* grad_input) override;

 private:
  double rate_;
  uint64_t key_;
  const ThreadPool* pool_;
  Tensor mask_;  // 0 or 1 / (1 - rate), in the input's shape; set by forward
};

}  // namespace inkdigit
