#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/tensor.h"

namespace inkdigit {

/// Weights or biases of a layer, with the gradient of the loss by them.
struct Parameter {
  std::string name;  // as in weights files, such as "conv1.weight"
  Tensor value;
  Tensor gradient;       // same shape; holds what the last backward pass left
  uint64_t version = 0;  // counts changes of `value`: layers keep packed copies of it

  Parameter(std::string parameter_name, const Shape& shape)
      : name(std::move(parameter_name)), value(shape), gradient(shape) {}
  /// Whoever writes to `value` calls this, else layers go on with the weights they packed before.
  void mark_changed() { ++version; }
};

enum class Mode {
  kInference,  // without dropout layers
  kTraining,   // with them; keeps what backward needs
};

/// What a layer must know of the pass it takes part in.
struct Pass {
  Mode mode = Mode::kInference;
  uint64_t seed = 0;    // training: key of all random draws of this pass, such as dropout's
  bool dropout = true;  // training: false lets dropout pass everything
};

/// One step of a network. Tensors have the batch as their first axis, and the batch may change from
/// call to call. Layers know neither the network nor the loss.
class Layer {
 public:
  virtual ~Layer() = default;

  /// Writes to `output`, which has its size already (see output_shapes). Neither tensor is kept;
  /// the caller keeps both unchanged for backward.
  virtual void forward(const Tensor& input, Tensor& output, const Pass& pass) = 0;

  /// Given dLoss/dOutput, sets the gradients of the parameters and, if `grad_input` is not null,
  /// writes dLoss/dInput to it (resized). `input` and `output` are those of the last forward call,
  /// which must have been in training mode. `grad_output` may be overwritten.
  virtual void backward(const Tensor& input, const Tensor& output, Tensor& grad_output,
                        Tensor* grad_input) = 0;

  /// Borrowed; empty for layers without weights.
  virtual std::vector<Parameter*> parameters() { return {}; }
};

}  // namespace inkdigit
