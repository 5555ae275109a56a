#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "train/training_run.h"

namespace inkdigit {

/// Options of `inkdigit train`, with their defaults: those of the shipped weights (see their card).
struct TrainArguments {
  std::string data;     // folder of MNIST's IDX files; empty: npm's
  std::string layers;   // file with an architecture's JSON; empty: the default network
  std::string initial;  // weights to begin with, which bring their layers; empty: random ones
  std::string output = "inkdigit.safetensors";
  std::string resume;  // checkpoint
  size_t validation = 5000;
  size_t mnist_times = 3;     // each of MNIST's pictures comes so often in an epoch
  size_t pen_digits = 90000;  // this many, and the next, are drawn anew for each epoch
  size_t scribbles = 24000;
  std::vector<double> dropout = {0.05, 0.1};
  std::string teacher;         // file of its weights; empty: it is trained first
  double teacher_share = 0.9;  // of the loss on MNIST's pictures; 0: no teacher
  double teacher_temperature = 2.0;
  size_t teacher_epochs = 16;
  double average_decay = 0.999;
  double unsure_share = 0.016;
  size_t threads = 1;
  std::string optimizer = "adamw";
  double weight_decay = 0.05;
  RunOptions run{
      .epochs = 14,
      .batch_size = 64,
      .learning_rate = 2e-3,
      .augment = {
          .rotation = 14.0, .scale = 0.12, .shear = 0.15, .shift = 0.7, .elastic_strength = 0.8}};
  uint64_t finishing_epochs = 6;  // 0: without; see finishing_run()
  double finishing_learning_rate = 1e-3;
  double finishing_coarse_share = 0.1;
};

/// Of the epochs that the network is trained for in the end.
RunOptions finishing_run(const TrainArguments& arguments);

/// std::invalid_argument for a file or folder whose name no checkpoint can keep.
void check_paths(const TrainArguments& arguments);

/// std::invalid_argument for an option that is infinite or no number: command-line ranges let NaN
/// by.
void check_finite(const TrainArguments& arguments);

/// Everything that decides the result, so that a resumed run needs no other options.
nlohmann::ordered_json to_json(const TrainArguments& arguments);
void from_json(const nlohmann::ordered_json& json, TrainArguments& arguments);

/// The same run, whatever folder it goes on from; if that has a name that is not UTF-8, only from
/// it.
TrainArguments with_absolute_paths(TrainArguments arguments);

/// What weights tell of their origin: the same, but for where files lay on this machine.
nlohmann::ordered_json recipe(const TrainArguments& arguments);

}  // namespace inkdigit
