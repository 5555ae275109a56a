#include "tools/train_options.h"

#include <string>

#include "tools/options.h"

namespace inkdigit {

void add_train_options(CLI::App& command, TrainArguments& a) {
  command.add_option("--output", a.output, "Where the best weights go")->capture_default_str();
  command.add_option("--data", a.data, "Folder of MNIST's four IDX files (default: npm's)");
  command.add_option("--layers", a.layers, "JSON file of a network of your own");
  command
      .add_option("--initial", a.initial,
                  "Weights to go on from instead of random ones; they bring their layers")
      ->check(CLI::ExistingFile)
      ->excludes("--layers");
  command.add_option("--validation", a.validation, "Training pictures held back for choosing")
      ->capture_default_str();
  command
      .add_option("--mnist-times", a.mnist_times,
                  "How often an epoch shows each of MNIST's pictures")
      ->capture_default_str()
      ->check(CLI::Range(1, 100));
  command.add_option("--pen-digits", a.pen_digits, "Generated pen drawings to learn beside MNIST")
      ->capture_default_str()
      ->check(CLI::Range(0, 1000000));
  command.add_option("--scribbles", a.scribbles, "Generated drawings of no digit, not to be read")
      ->capture_default_str()
      ->check(CLI::Range(0, 1000000));
  command
      .add_option("--dropout", a.dropout,
                  "Rates of the default network's two dropout layers (a network of your own brings "
                  "its rates along)")
      ->expected(2)
      ->capture_default_str()
      ->check(CLI::Range(0.0, 0.99));
  command
      .add_option("--teacher-share", a.teacher_share,
                  "Share of what MNIST's pictures are to be read as that a deeper network says, "
                  "trained first (0: without it)")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0));
  command
      .add_option("--teacher-temperature", a.teacher_temperature,
                  "At which the two are compared: the higher, the more the improbable digits count")
      ->capture_default_str()
      ->check(CLI::Range(0.1, 100.0));
  command.add_option("--teacher", a.teacher, "Weights of a teacher (default: one is trained)")
      ->check(CLI::ExistingFile);
  command.add_option("--teacher-epochs", a.teacher_epochs, "Epochs of that network's training")
      ->capture_default_str()
      ->check(CLI::Range(1, 10000));
  command
      .add_option("--average-decay", a.average_decay,
                  "Share of the weights' moving average that a step keeps")
      ->capture_default_str();
  command
      .add_option("--unsure-share", a.unsure_share,
                  "Share of held-back digits that may be taken for none, to find those that are")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 0.99));
  command.add_option("--epochs", a.run.epochs)->capture_default_str()->check(CLI::Range(1, 10000));
  command.add_option("--batch-size", a.run.batch_size, "Pictures a step")
      ->capture_default_str()
      ->check(CLI::Range(1, 10000));
  command.add_option("--optimizer", a.optimizer)
      ->capture_default_str()
      ->check(CLI::IsMember({"adamw", "sgd"}));
  command.add_option("--learning-rate", a.run.learning_rate, "At its peak")->capture_default_str();
  command.add_option("--warmup-epochs", a.run.warmup_epochs, "Over which it rises to it")
      ->capture_default_str();
  command.add_option("--weight-decay", a.weight_decay)->capture_default_str();
  command.add_option("--seed", a.run.seed)->capture_default_str();
  add_threads_option(command, a.threads);
  AugmentOptions& augment = a.run.augment;
  const char* group = "Changes made to training pictures (0: none)";
  command.add_option("--rotation", augment.rotation, "Degrees")
      ->capture_default_str()
      ->group(group);
  command.add_option("--scale", augment.scale, "Share")->capture_default_str()->group(group);
  command.add_option("--shear", augment.shear, "Pixels a pixel")
      ->capture_default_str()
      ->group(group);
  command.add_option("--shift", augment.shift, "Pixels")->capture_default_str()->group(group);
  command.add_option("--elastic-strength", augment.elastic_strength, "Pixels")
      ->capture_default_str()
      ->group(group);
  command.add_option("--elastic-smoothness", augment.elastic_smoothness, "Pixels")
      ->capture_default_str()
      ->group(group);
  command
      .add_option("--occlusion", augment.occlusion,
                  "Of the pictures that a patch of paper hides a part of")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0))
      ->group(group);
  command
      .add_option("--coarse-share", a.run.coarse_share,
                  "Of the pictures that are shown as a coarse scan has them")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0))
      ->group(group);
  const char* finishing = "Epochs that follow, in which some pictures are coarse";
  command.add_option("--finishing-epochs", a.finishing_epochs, "0: none")
      ->capture_default_str()
      ->check(CLI::Range(0, 10000))
      ->group(finishing);
  command.add_option("--finishing-learning-rate", a.finishing_learning_rate, "At its peak")
      ->capture_default_str()
      ->group(finishing);
  command.add_option("--finishing-coarse-share", a.finishing_coarse_share, "As --coarse-share")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0))
      ->group(finishing);
  command.add_option("--resume", a.resume,
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
