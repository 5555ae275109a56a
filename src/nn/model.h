#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/tensor.h"
#include "core/thread_pool.h"
#include "nn/architecture.h"
#include "nn/weights_file.h"

namespace inkdigit {

/// What reads pictures, in whatever arithmetic. Not thread-safe.
class Model {
 public:
  virtual ~Model() = default;

  virtual const Architecture& architecture() const = 0;
  /// Without the batch.
  virtual Shape output_shape() const = 0;
  /// Input whose logits have an energy (see nn/logits.h) below this resembles no class. Absent in a
  /// network that was never calibrated (see train/calibrate.h).
  virtual std::optional<double> energy_threshold() const = 0;
  /// Names of the classes behind the ten digits, the user's own symbols (see symbols.h): the last
  /// of the outputs, in this order.
  virtual const std::vector<std::string>& symbols() const = 0;
  /// `input` is [N, …architecture().input]. Returns the last layer's output, such as logits [N,
  /// 10]: borrowed, valid until the next call. std::invalid_argument for another shape.
  virtual const Tensor& infer(const Tensor& input) = 0;
};

/// A Network for a file of float32 weights, a QuantizedNetwork for one with int8 weights.
/// WeightsError if the file does not fit. `pool` is borrowed and must outlive the model.
std::unique_ptr<Model> load_model(const WeightsFile& file, const ThreadPool& pool);

/// load_model, or one that knows fewer kinds of weights: a program that names only that one is
/// linked without the code for the others.
using LoadModel = std::unique_ptr<Model> (*)(const WeightsFile&, const ThreadPool&);

}  // namespace inkdigit
