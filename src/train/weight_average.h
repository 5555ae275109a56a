#pragma once

#include <cstdint>
#include <vector>

#include "core/thread_pool.h"
#include "nn/network.h"
#include "nn/weights_file.h"

namespace inkdigit {

/// Exponential moving average of a network's weights over its training (Polyak & Juditsky 1992):
/// less noisy than the weights themselves, and better on pictures never seen.
class WeightAverage {
 public:
  /// Starts from the network's weights. `decay`, in [0, 1), is the share of the average that each
  /// update keeps; early updates keep less, so that the first weights are soon forgotten.
  /// `network` and `pool` are borrowed and must outlive this. std::invalid_argument for a decay out
  /// of range.
  WeightAverage(const Network& network, double decay, const ThreadPool& pool);

  /// Takes the network's weights as they are now into the average; to be called after each step.
  void update();
  /// Loads the average into `network`, which must have the same layers, and the names of symbols.
  void copy_to(Network& network) const;

  /// Copies the average to / from tensors named "average.…", for checkpoints.
  void save(WeightsFile& file) const;
  /// WeightsError if the average is missing or does not fit.
  void load(const WeightsFile& file);

 private:
  const Network* network_;
  std::vector<const Parameter*> parameters_;
  double decay_;
  const ThreadPool* pool_;
  uint64_t updates_ = 0;
  std::vector<Tensor> averages_;
};

}  // namespace inkdigit
