#include "tools/train_options.h"

#include <string>

#include "tools/options.h"

namespace inkdigit {

namespace {

/// An option whose help shows its default.
template <typename Value>
CLI::Option* add(CLI::App& command, const char* name, Value& value, const char* help = "") {
  return command.add_option(name, value, help)->capture_default_str();
}

void add_network_options(CLI::App& command, TrainArguments& a) {
  add(command, "--output", a.output, "Where the best weights go");
  command.add_option("--data", a.data, "Folder of MNIST's four IDX files (default: npm's)");
  command.add_option("--layers", a.layers, "JSON file of a network of your own");
  command
      .add_option("--initial", a.initial,
                  "Weights to go on from instead of random ones; they bring their layers")
      ->check(CLI::ExistingFile)
      ->excludes("--layers");
}

void add_picture_options(CLI::App& command, TrainArguments& a) {
  add(command, "--validation", a.validation, "Training pictures held back for choosing");
  add(command, "--mnist-times", a.mnist_times, "How often an epoch shows each of MNIST's pictures")
      ->check(CLI::Range(1, 100));
  add(command, "--pen-digits", a.pen_digits, "Generated pen drawings to learn beside MNIST")
      ->check(CLI::Range(0, 1000000));
  add(command, "--scribbles", a.scribbles, "Generated drawings of no digit, not to be read")
      ->check(CLI::Range(0, 1000000));
}

void add_teacher_options(CLI::App& command, TrainArguments& a) {
  add(command, "--teacher-share", a.teacher_share,
      "Share of what MNIST's pictures are to be read as that a deeper network says, trained first "
      "(0: without it)")
      ->check(CLI::Range(0.0, 1.0));
  add(command, "--teacher-temperature", a.teacher_temperature,
      "At which the two are compared: the higher, the more the improbable digits count")
      ->check(CLI::Range(0.1, 100.0));
  command.add_option("--teacher", a.teacher, "Weights of a teacher (default: one is trained)")
      ->check(CLI::ExistingFile);
  add(command, "--teacher-epochs", a.teacher_epochs, "Epochs of that network's training")
      ->check(CLI::Range(1, 10000))
      ->excludes("--teacher");
}

void add_step_options(CLI::App& command, TrainArguments& a) {
  add(command, "--epochs", a.run.epochs)->check(CLI::Range(1, 10000));
  add(command, "--batch-size", a.run.batch_size, "Pictures a step")->check(CLI::Range(1, 10000));
  add(command, "--optimizer", a.optimizer)->check(CLI::IsMember({"adamw", "sgd"}));
  add(command, "--learning-rate", a.run.learning_rate, "At its peak");
  add(command, "--warmup-epochs", a.run.warmup_epochs, "Over which it rises to it");
  add(command, "--weight-decay", a.weight_decay);
  add(command, "--seed", a.run.seed);
  add_threads_option(command, a.threads);
}

void add_augment_options(CLI::App& command, TrainArguments& a) {
  const char* group = "Changes made to training pictures (0: none)";
  AugmentOptions& augment = a.run.augment;
  add(command, "--rotation", augment.rotation, "Degrees")->group(group);
  add(command, "--scale", augment.scale, "Share")->group(group);
  add(command, "--shear", augment.shear, "Pixels a pixel")->group(group);
  add(command, "--shift", augment.shift, "Pixels")->group(group);
  add(command, "--elastic-strength", augment.elastic_strength, "Pixels")->group(group);
  add(command, "--elastic-smoothness", augment.elastic_smoothness, "Pixels")->group(group);
  add(command, "--occlusion", augment.occlusion,
      "Of the pictures that a patch of paper hides a part of")
      ->check(CLI::Range(0.0, 1.0))
      ->group(group);
  add(command, "--coarse-share", a.run.coarse_share,
      "Of the pictures that are shown as a coarse scan has them")
      ->check(CLI::Range(0.0, 1.0))
      ->group(group);
}

void add_finishing_options(CLI::App& command, TrainArguments& a) {
  const char* group = "Epochs that follow, in which some pictures are coarse";
  add(command, "--finishing-epochs", a.finishing_epochs, "0: none")
      ->check(CLI::Range(0, 10000))
      ->group(group);
  add(command, "--finishing-learning-rate", a.finishing_learning_rate, "At its peak")->group(group);
  add(command, "--finishing-coarse-share", a.finishing_coarse_share, "As --coarse-share")
      ->check(CLI::Range(0.0, 1.0))
      ->group(group);
}

}  // namespace

void add_train_options(CLI::App& command, TrainArguments& arguments) {
  add_network_options(command, arguments);
  add_picture_options(command, arguments);
  add(command, "--dropout", arguments.dropout,
      "Rates of the default network's two dropout layers (a network of your own brings its rates "
      "along)")
      ->expected(2)
      ->check(CLI::Range(0.0, 0.99));
  add_teacher_options(command, arguments);
  add(command, "--average-decay", arguments.average_decay,
      "Share of the weights' moving average that a step keeps");
  add(command, "--unsure-share", arguments.unsure_share,
      "Share of held-back digits that may be taken for none, to find those that are")
      ->check(CLI::Range(0.0, 0.99));
  add_step_options(command, arguments);
  add_augment_options(command, arguments);
  add_finishing_options(command, arguments);
  command.add_option("--resume", arguments.resume,
                     "Go on with an interrupted run: its .checkpoint file, which also has its "
                     "options; only --threads goes with it");
}

void check_beside_resume(const CLI::App& command) {
  if (command.count("--resume") == 0) return;
  for (const CLI::Option* option : command.get_options()) {
    const std::string name = option->get_name();
    if (option->count() > 0 && name != "--resume" && name != "--threads") {
      throw CLI::ExcludesError("--resume", name);
    }
  }
}

}  // namespace inkdigit
