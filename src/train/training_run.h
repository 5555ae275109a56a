#pragma once

#include <cstdint>
#include <vector>

#include "core/thread_pool.h"
#include "train/augment.h"
#include "train/dataset.h"
#include "train/trainer.h"

namespace inkdigit {

struct RunOptions {
  uint64_t epochs = 20;
  size_t batch_size = 128;      // pictures a step
  double learning_rate = 1e-3;  // at its peak
  double warmup_epochs = 0.5;   // over which it rises from 0
  AugmentOptions augment{};
  uint64_t seed = 1;  // of order and augmentation
};

/// Training over a dataset, one step at a time: between two steps the caller may report, save or
/// stop. Where it stands is told by the trainer's step count alone, so a trainer that was saved and
/// loaded goes on as if it had never stopped. Not thread-safe.
class TrainingRun {
 public:
  /// All are borrowed and must outlive the run; the dataset's pictures must fit the trainer's
  /// network. std::invalid_argument, naming the option, for what cannot be.
  TrainingRun(Trainer& trainer, const Dataset& dataset, const RunOptions& options,
              const ThreadPool& pool);

  uint64_t steps_per_epoch() const { return steps_per_epoch_; }
  uint64_t total_steps() const { return options_.epochs * steps_per_epoch_; }
  bool done() const { return trainer_->steps() >= total_steps(); }

  /// Trains on the next batch; returns its mean loss, nats.
  float step();

 private:
  void shuffle(uint64_t epoch);

  Trainer* trainer_;
  const Dataset* dataset_;
  RunOptions options_;
  const ThreadPool* pool_;
  uint64_t steps_per_epoch_;
  bool augmenting_;
  std::vector<uint32_t> order_;  // of the pictures in this epoch
  uint64_t ordered_epoch_;
  std::vector<float> images_;    // [N, 784], the current batch
  std::vector<uint8_t> labels_;  // [N]
};

}  // namespace inkdigit
