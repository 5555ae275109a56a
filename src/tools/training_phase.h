#pragma once

#include <optional>
#include <string>

#include "core/thread_pool.h"
#include "nn/network.h"
#include "nn/weights_file.h"
#include "tools/train_arguments.h"
#include "train/dataset.h"
#include "train/training_run.h"

namespace inkdigit {

/// The training of one network, from its first weights to its last. Datasets are borrowed.
struct TrainingPhase {
  std::string name;    // tells phases of one training apart
  std::string output;  // file of the best weights
  Architecture architecture;
  const Dataset& training;
  const Dataset& choosing;    // held back: the best epoch is chosen and calibrated by it
  const Dataset& validation;  // held back: accuracy is told on it
  RunOptions run;
  std::optional<Teaching> teaching{};
  FreshPictures fresh{};
  const WeightsFile* initial = nullptr;  // borrowed; nullptr: it begins with random weights
};

/// Runs a phase, from its start or from a checkpoint of its own (nullptr: none), with news on
/// standard error and a checkpoint after each epoch, which stays. Ctrl+C stops it between two
/// steps: Interrupted. std::runtime_error, without a checkpoint, if it diverges.
void run_phase(const TrainingPhase& phase, const TrainArguments& arguments,
               const WeightsFile* checkpoint, const ThreadPool& pool);

}  // namespace inkdigit
