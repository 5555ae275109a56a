#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "core/thread_pool.h"
#include "nn/layer.h"
#include "nn/weights_file.h"

namespace inkdigit {

enum class OptimizerType { kSgd, kAdamW };

/// By its name, "sgd" or "adamw"; std::invalid_argument for any other.
OptimizerType optimizer_type(std::string_view name);

struct OptimizerOptions {
  OptimizerType type = OptimizerType::kAdamW;
  double momentum = 0.9;  // SGD: share of the last step that is kept (Nesterov's variant)
  double beta1 = 0.9;     // AdamW: decay of the mean of gradients
  double beta2 = 0.999;   // AdamW: decay of the mean of squared gradients
  double epsilon = 1e-7;  // AdamW: added to the root
  double weight_decay =
      0.0;  // share of the weights taken off per step and learning rate; not on biases
};

/// Changes parameters against their gradients. Keeps state for each parameter.
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  /// One step with this learning rate (per step). Marks every parameter changed.
  virtual void step(double learning_rate) = 0;
  /// Steps taken so far: part of the state.
  virtual uint64_t steps() const = 0;
  /// Copies the state to / from tensors named "optimizer.…", for checkpoints.
  virtual void save(WeightsFile& file) const = 0;
  /// WeightsError if the state is missing or does not fit.
  virtual void load(const WeightsFile& file) = 0;
};

/// `parameters` and `pool` are borrowed and must outlive the optimizer.
/// std::invalid_argument, naming the option, for values out of range.
std::unique_ptr<Optimizer> make_optimizer(const OptimizerOptions& options,
                                          std::vector<Parameter*> parameters,
                                          const ThreadPool& pool);

}  // namespace inkdigit
