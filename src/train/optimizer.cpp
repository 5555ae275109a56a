#include "train/optimizer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

#include "nn/metadata.h"

namespace inkdigit {

namespace {

constexpr const char* kStepsKey = "optimizer.steps";

bool is_bias(const Parameter& parameter) { return parameter.value.shape().size() == 1; }

// Common to both: one or two state tensors a parameter ("slots") and the number of steps.
class SlotOptimizer : public Optimizer {
 public:
  SlotOptimizer(const OptimizerOptions& options, std::vector<Parameter*> parameters,
                const ThreadPool& pool, std::vector<std::string> slot_names)
      : options_(options),
        parameters_(std::move(parameters)),
        pool_(&pool),
        slot_names_(std::move(slot_names)) {
    for (const Parameter* parameter : parameters_) {
      for (size_t slot = 0; slot < slot_names_.size(); ++slot) {
        slots_.emplace_back(parameter->value.shape());
      }
    }
  }

  void step(double learning_rate) final {
    ++steps_;
    for (size_t i = 0; i < parameters_.size(); ++i) {
      Parameter& parameter = *parameters_[i];
      const double decay = is_bias(parameter) ? 0.0 : learning_rate * options_.weight_decay;
      pool_->parallel_for(parameter.value.size(), kElementGrain, [&](size_t begin, size_t end) {
        update(parameter, &slots_[i * slot_names_.size()], learning_rate, decay, begin, end);
      });
      parameter.mark_changed();
    }
  }

  uint64_t steps() const final { return steps_; }

  void save(WeightsFile& file) const final {
    for_each_slot([&](const std::string& name, size_t slot) {
      file.tensors.insert_or_assign(name, slots_[slot].clone());
    });
    file.metadata[kStepsKey] = std::to_string(steps_);
  }

  void load(const WeightsFile& file) final {
    const uint64_t steps = read_count(file, kStepsKey);
    for_each_slot([&](const std::string& name, size_t slot) {
      file.tensor(name, slots_[slot].shape());  // throws before anything has changed
    });
    for_each_slot([&](const std::string& name, size_t slot) {
      std::ranges::copy(file.tensors.at(name).values(), slots_[slot].data());
    });
    steps_ = steps;
  }

 protected:
  // Changes elements [begin, end) of one parameter. `decay` is the share of each weight to take
  // off.
  virtual void update(Parameter& parameter, Tensor* slots, double learning_rate, double decay,
                      size_t begin, size_t end) = 0;

  OptimizerOptions options_;
  uint64_t steps_ = 0;

 private:
  template <typename Visit>
  void for_each_slot(Visit&& visit) const {
    for (size_t i = 0; i < parameters_.size(); ++i) {
      for (size_t s = 0; s < slot_names_.size(); ++s) {
        visit("optimizer." + slot_names_[s] + "." + parameters_[i]->name,
              i * slot_names_.size() + s);
      }
    }
  }

  std::vector<Parameter*> parameters_;
  const ThreadPool* pool_;
  std::vector<std::string> slot_names_;
  std::vector<Tensor> slots_;  // those of one parameter after those of another
};

// Sutskever et al. 2013, "On the importance of initialization and momentum in deep learning", with
// weight decay decoupled from the gradient as in AdamW.
class Sgd final : public SlotOptimizer {
 public:
  Sgd(const OptimizerOptions& options, std::vector<Parameter*> parameters, const ThreadPool& pool)
      : SlotOptimizer(options, std::move(parameters), pool, {"momentum"}) {}

 private:
  void update(Parameter& parameter, Tensor* slots, double learning_rate, double decay, size_t begin,
              size_t end) override {
    const auto rate = static_cast<float>(learning_rate);
    const auto momentum = static_cast<float>(options_.momentum);
    const auto keep = static_cast<float>(1.0 - decay);
    const float* g = parameter.gradient.data();
    float* __restrict w = parameter.value.data();
    float* __restrict v = slots[0].data();
    for (size_t i = begin; i < end; ++i) {
      v[i] = momentum * v[i] + g[i];
      w[i] = keep * w[i] - rate * (g[i] + momentum * v[i]);
    }
  }
};

// Loshchilov & Hutter 2019, "Decoupled weight decay regularization", algorithm 2.
class AdamW final : public SlotOptimizer {
 public:
  AdamW(const OptimizerOptions& options, std::vector<Parameter*> parameters, const ThreadPool& pool)
      : SlotOptimizer(options, std::move(parameters), pool, {"mean", "square"}) {}

 private:
  void update(Parameter& parameter, Tensor* slots, double learning_rate, double decay, size_t begin,
              size_t end) override {
    const auto steps = static_cast<double>(steps_);
    const double root_correction = std::sqrt(1.0 - std::pow(options_.beta2, steps));
    // Both bias corrections are folded into the rate and epsilon, off the inner loop.
    const auto rate = static_cast<float>(learning_rate * root_correction /
                                         (1.0 - std::pow(options_.beta1, steps)));
    const auto epsilon = static_cast<float>(options_.epsilon * root_correction);
    const auto beta1 = static_cast<float>(options_.beta1);
    const auto beta2 = static_cast<float>(options_.beta2);
    const auto one_minus_beta1 = static_cast<float>(1.0 - options_.beta1);
    const auto one_minus_beta2 = static_cast<float>(1.0 - options_.beta2);
    const auto keep = static_cast<float>(1.0 - decay);
    const float* g = parameter.gradient.data();
    float* __restrict w = parameter.value.data();
    float* __restrict m = slots[0].data();
    float* __restrict v = slots[1].data();
    for (size_t i = begin; i < end; ++i) {
      m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
      v[i] = beta2 * v[i] + one_minus_beta2 * g[i] * g[i];
      w[i] = keep * w[i] - rate * m[i] / (std::sqrt(v[i]) + epsilon);
    }
  }
};

}  // namespace

OptimizerType optimizer_type(std::string_view name) {
  if (name == "sgd") return OptimizerType::kSgd;
  if (name == "adamw") return OptimizerType::kAdamW;
  throw std::invalid_argument("optimizer: expected sgd or adamw, got " + excerpt(name));
}

std::unique_ptr<Optimizer> make_optimizer(const OptimizerOptions& options,
                                          std::vector<Parameter*> parameters,
                                          const ThreadPool& pool) {
  const auto below_one = [](double x) { return x >= 0.0 && x < 1.0; };
  constexpr const char* kBelowOne = "0 or more and less than 1";
  check_range("momentum", options.momentum, below_one(options.momentum), kBelowOne);
  check_range("beta1", options.beta1, below_one(options.beta1), kBelowOne);
  check_range("beta2", options.beta2, below_one(options.beta2), kBelowOne);
  // Smaller ones are 0 in float32, by which a weight that nothing depends on would be divided.
  check_range("epsilon", options.epsilon,
              static_cast<float>(options.epsilon) >= std::numeric_limits<float>::min(),
              "1.2e-38 or more");
  check_range("weight_decay", options.weight_decay, options.weight_decay >= 0.0, "0 or more");
  if (options.type == OptimizerType::kSgd) {
    return std::make_unique<Sgd>(options, std::move(parameters), pool);
  }
  return std::make_unique<AdamW>(options, std::move(parameters), pool);
}

}  // namespace inkdigit
