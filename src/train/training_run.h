#pragma once

#include <cstdint>
#include <functional>
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
  double coarse_share = 0.0;  // of the pictures that are scanned coarsely after that, 0…1
  uint64_t seed = 1;          // of order and augmentation
};

/// Another network that shows what to make of pictures, beside their labels ("Distilling the
/// knowledge in a neural network", Hinton, Vinyals, Dean 2015).
struct Teaching {
  Network* teacher;    // borrowed; of the same input and classes as the one that learns
  double share;        // of the loss that is the teacher's, 0…1; the rest is the label's
  double temperature;  // at which the two are compared, above 0
  size_t pictures;     // it knows these, the first of the dataset; for the others the label counts
};

/// Pictures that are drawn anew for each epoch, so that none is learnt by heart.
struct FreshPictures {
  size_t count;                                 // in an epoch
  std::function<Dataset(uint64_t epoch)> draw;  // so many, of the dataset's size; same for the same
};

/// Training over a dataset, one step at a time: between two steps the caller may report, save or
/// stop. Where it stands is told by the trainer's step count alone, so a trainer that was saved and
/// loaded goes on as if it had never stopped. Not thread-safe.
class TrainingRun {
 public:
  /// Trainer, dataset, pool and teacher are borrowed and must outlive the run; the dataset's
  /// pictures must fit the trainer's network. An epoch has those of the dataset and, beside them,
  /// fresh ones. std::invalid_argument, naming the option, for what cannot be.
  TrainingRun(Trainer& trainer, const Dataset& dataset, const RunOptions& options,
              const ThreadPool& pool, std::optional<Teaching> teaching = std::nullopt,
              FreshPictures fresh = {});

  uint64_t steps_per_epoch() const { return steps_per_epoch_; }
  uint64_t total_steps() const { return options_.epochs * steps_per_epoch_; }
  bool done() const { return trainer_->steps() >= total_steps(); }

  /// Trains on the next batch; returns its mean loss, nats.
  float step();

 private:
  void begin_epoch(uint64_t epoch);
  void fill_batch(std::span<const uint32_t> indices);
  void scan_some_coarsely(std::span<const uint32_t> indices);
  TeacherAnswers ask_teacher(std::span<const uint32_t> indices);

  Trainer* trainer_;
  const Dataset* dataset_;
  RunOptions options_;
  const ThreadPool* pool_;
  std::optional<Teaching> teaching_;
  FreshPictures fresh_;
  uint64_t steps_per_epoch_;
  bool augmenting_;
  uint64_t epoch_;               // that the next two are for
  Dataset drawn_;                // the fresh pictures
  std::vector<uint32_t> order_;  // of all pictures; the fresh ones are counted behind the dataset's
  std::vector<float> images_;    // [N, 784], the current batch
  std::vector<uint8_t> labels_;  // [N]
  Tensor taught_;                // [those of the batch that the teacher knows, …input]
};

}  // namespace inkdigit
