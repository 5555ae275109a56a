#pragma once

#include <cstdint>
#include <optional>
#include <span>
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

/// Another network that shows what to make of pictures, beside their labels ("Distilling the
/// knowledge in a neural network", Hinton, Vinyals, Dean 2015).
struct Teaching {
  Network* teacher;  // borrowed; of the same input and classes as the one that learns
  double share;      // of the target that is the teacher's answer, 0…1; the rest is the label
  size_t pictures;   // it knows these, the first of the dataset; for the others the label counts
};

/// Training over a dataset, one step at a time: between two steps the caller may report, save or
/// stop. Where it stands is told by the trainer's step count alone, so a trainer that was saved and
/// loaded goes on as if it had never stopped. Not thread-safe.
class TrainingRun {
 public:
  /// All are borrowed and must outlive the run; the dataset's pictures must fit the trainer's
  /// network. std::invalid_argument, naming the option, for what cannot be.
  TrainingRun(Trainer& trainer, const Dataset& dataset, const RunOptions& options,
              const ThreadPool& pool, std::optional<Teaching> teaching = std::nullopt);

  uint64_t steps_per_epoch() const { return steps_per_epoch_; }
  uint64_t total_steps() const { return options_.epochs * steps_per_epoch_; }
  bool done() const { return trainer_->steps() >= total_steps(); }

  /// Trains on the next batch; returns its mean loss, nats.
  float step();

 private:
  void shuffle(uint64_t epoch);
  void mix_in_teacher(std::span<const uint32_t> indices, Tensor& targets);

  Trainer* trainer_;
  const Dataset* dataset_;
  RunOptions options_;
  const ThreadPool* pool_;
  std::optional<Teaching> teaching_;
  uint64_t steps_per_epoch_;
  bool augmenting_;
  std::vector<uint32_t> order_;  // of the pictures in this epoch
  uint64_t ordered_epoch_;
  std::vector<float> images_;    // [N, 784], the current batch
  std::vector<uint8_t> labels_;  // [N]
  Tensor taught_;                // [those of the batch that the teacher knows, …input]
};

}  // namespace inkdigit
