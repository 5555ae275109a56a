#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/tensor.h"
#include "core/thread_pool.h"
#include "nn/architecture.h"
#include "nn/model.h"
#include "nn/weights_file.h"
#include "nn/xnn_operator.h"

namespace inkdigit {

class FloatTail;

/// A network whose convolutions and first dense layer, where nearly all of the work and of the
/// weights is, are int8; what follows is float32. For reading only.
///
/// Its weights file (made by train/quantize.h) has for each int8 layer "<name>.weight" (I8),
/// "<name>.weight_scale" [outputs] and "<name>.bias" (F32): a real weight is scale · int8. For each
/// convolution it has "<name>.output_range" too, [2] (F32): the smallest and the largest real
/// number, after a ReLU, that the int8 numbers 0 and 127 stand for. Input, 0…1, is taken in steps
/// of 1/127. So all activations have seven bits, which wasm/dot_kernels.h and Winograd need.
class QuantizedNetwork final : public Model {
 public:
  /// How many of the layers are int8, dropouts and ReLUs included: convolutions, poolings, and the
  /// dense layer behind them. std::invalid_argument if the network does not begin so.
  static size_t int8_layer_count(const Architecture& architecture);

  /// WeightsError if the file does not fit. `pool` is borrowed and must outlive the network.
  QuantizedNetwork(const WeightsFile& file, const ThreadPool& pool);
  ~QuantizedNetwork() override;

  const Architecture& architecture() const override { return architecture_; }
  Shape output_shape() const override { return output_shape_; }
  std::optional<double> energy_threshold() const override { return energy_threshold_; }
  const std::vector<std::string>& symbols() const override { return symbols_; }
  const Tensor& infer(const Tensor& input) override;

 private:
  struct Stage;  // an int8 layer with its output

  Architecture architecture_;
  Shape output_shape_;  // of one input
  std::optional<double> energy_threshold_;
  std::vector<std::string> symbols_;
  std::vector<Stage> stages_;
  std::optional<QuantizedFullyConnectedOperator> dense_;
  size_t dense_outputs_ = 0;
  std::unique_ptr<FloatTail> tail_;
  Int8Tensor input_;
  Tensor dense_output_;  // [N, dense_outputs_]
};

/// A LoadModel for int8 weights alone: WeightsError for others.
std::unique_ptr<Model> load_int8_model(const WeightsFile& file, const ThreadPool& pool);

}  // namespace inkdigit
