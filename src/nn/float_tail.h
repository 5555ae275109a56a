#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/tensor.h"
#include "core/thread_pool.h"
#include "nn/architecture.h"
#include "nn/weights_file.h"
#include "nn/xnn_operator.h"

namespace inkdigit {

/// The float32 layers behind the int8 ones: dense layers, tanh, ReLU and dropout. They are so small
/// (in the shipped network 1,280 multiplications) that plain loops cost nothing, and float32
/// kernels would be half of a module that reads int8 alone.
class FloatTail {
 public:
  /// Copies the weights; `pool` is borrowed and must outlive this. WeightsError, naming the tensor,
  /// if the file does not fit.
  FloatTail(std::span<const LayerSpec> layers, size_t inputs, const WeightsFile& file,
            const ThreadPool& pool);

  /// [N, inputs] → [N, outputs]; borrowed, valid until the next call.
  const Tensor& run(const Tensor& input);

 private:
  struct Step {
    LayerType type;
    Tensor weights{};  // [inputs, outputs]
    Tensor bias{};     // [outputs]
    Tensor output{};   // [N, outputs]
  };
  static void multiply(const Tensor& input, Step& step);

  std::vector<Step> steps_;
  UnaryOperator tanh_;
};

}  // namespace inkdigit
