#include "train/weight_average.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <string>

#include "core/errors.h"
#include "nn/metadata.h"

namespace inkdigit {

namespace {
// What the first steps are is soon forgotten: after n of them the decay is n / (n + 10) at most,
// much as in TensorFlow's ExponentialMovingAverage.
constexpr double kWarmUp = 10.0;

constexpr const char* kUpdatesKey = "average.updates";

std::string tensor_name(const Parameter& parameter) { return "average." + parameter.name; }
}  // namespace

WeightAverage::WeightAverage(const Network& network, double decay, const ThreadPool& pool)
    : network_(&network), parameters_(network.parameters()), decay_(decay), pool_(&pool) {
  check_range("decay", decay, decay >= 0.0 && decay < 1.0, "at least 0 and less than 1");
  for (const Parameter* parameter : parameters_) averages_.push_back(parameter->value.clone());
}

void WeightAverage::update() {
  ++updates_;
  const auto count = static_cast<double>(updates_);
  const auto share = static_cast<float>(1.0 - std::min(decay_, count / (count + kWarmUp)));
  for (size_t i = 0; i < parameters_.size(); ++i) {
    pool_->parallel_for(averages_[i].size(), kElementGrain, [&](size_t begin, size_t end) {
      float* __restrict average = averages_[i].data();
      const float* value = parameters_[i]->value.data();
      for (size_t k = begin; k < end; ++k) average[k] += share * (value[k] - average[k]);
    });
  }
}

void WeightAverage::copy_to(Network& network) const {
  WeightsFile file = network_->save();  // for what it has beside its weights, such as symbols
  for (size_t i = 0; i < parameters_.size(); ++i) {
    file.tensors.at(parameters_[i]->name) = averages_[i].clone();
  }
  network.load(file);
}

void WeightAverage::save(WeightsFile& file) const {
  for (size_t i = 0; i < parameters_.size(); ++i) {
    file.tensors.emplace(tensor_name(*parameters_[i]), averages_[i].clone());
  }
  file.metadata[kUpdatesKey] = std::to_string(updates_);
}

void WeightAverage::load(const WeightsFile& file) {
  const uint64_t updates = read_count(file, kUpdatesKey);
  for (size_t i = 0; i < parameters_.size(); ++i) {
    file.tensor(tensor_name(*parameters_[i]), averages_[i].shape());  // throws before any change
  }
  for (size_t i = 0; i < parameters_.size(); ++i) {
    std::ranges::copy(file.tensors.at(tensor_name(*parameters_[i])).values(), averages_[i].data());
  }
  updates_ = updates;
}

}  // namespace inkdigit
