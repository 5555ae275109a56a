#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "core/errors.h"
#include "core/random.h"
#include "nn/metadata.h"
#include "nn/network.h"
#include "tools/checkpoint.h"
#include "tools/commands.h"
#include "tools/files.h"
#include "tools/held_back.h"
#include "tools/options.h"
#include "tools/train_arguments.h"
#include "tools/training_phase.h"
#include "train/augment.h"
#include "train/pen_dataset.h"

namespace inkdigit {

namespace {

constexpr const char* kTeacherPhase = "teacher";
constexpr const char* kNetworkPhase = "network";
constexpr const char* kFinishingPhase = "finishing";

/// `architecture`, the rates of its dropout layers replaced in turn.
Architecture with_dropout(Architecture architecture, std::span<const double> dropout) {
  size_t next = 0;
  for (LayerSpec& layer : architecture.layers) {
    if (layer.type == LayerType::kDropout && next < dropout.size()) layer.rate = dropout[next++];
  }
  return architecture;
}

Architecture read_architecture(const std::string& path) {
  const std::vector<std::byte> bytes = read_file(path);
  try {
    return architecture_from_json({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(path + ": " + error.what());
  }
}

Architecture network_architecture(const TrainArguments& arguments,
                                  const std::optional<WeightsFile>& initial) {
  if (initial) return read_architecture(*initial);
  if (!arguments.layers.empty()) return read_architecture(arguments.layers);
  return with_dropout(default_architecture(), arguments.dropout);
}

/// std::invalid_argument if it is no network for MNIST's pictures.
void check_for_mnist(const Architecture& architecture) {
  const std::vector<Shape> shapes = output_shapes(architecture);
  if (architecture.input != Shape{28, 28, 1} || shapes.empty() ||
      architecture.layers.back().type != LayerType::kDense || shapes.back() != Shape{10}) {
    throw std::invalid_argument(
        "layers: expected an input of 28×28×1 and a dense layer of 10 units at the end");
  }
}

/// Deeper than the default network, and better on MNIST: it reads nothing else, and nothing but
/// the training ever runs it.
Architecture teacher_architecture() {
  const auto conv = [](std::string name, size_t units) {
    return LayerSpec{
        .type = LayerType::kConv2d, .name = std::move(name), .units = units, .kernel = 3};
  };
  const LayerSpec relu{.type = LayerType::kRelu};
  return {.input = {28, 28, 1},
          .layers = {conv("conv1", 32),
                     relu,
                     conv("conv2", 32),
                     relu,
                     {.type = LayerType::kMaxPool2d},
                     conv("conv3", 64),
                     relu,
                     conv("conv4", 64),
                     relu,
                     {.type = LayerType::kMaxPool2d},
                     {.type = LayerType::kDropout, .rate = 0.1},
                     {.type = LayerType::kDense, .name = "dense1", .units = 256},
                     relu,
                     {.type = LayerType::kDropout, .rate = 0.2},
                     {.type = LayerType::kDense, .name = "dense2", .units = 10}}};
}

FreshPictures fresh_pictures(const TrainArguments& arguments, uint64_t seed,
                             const ThreadPool& pool) {
  return {.count = arguments.pen_digits + arguments.scribbles,
          .draw = [&arguments, seed, &pool](uint64_t epoch) {
            const uint64_t epoch_seed = Random({seed, epoch}).next();
            Dataset drawn = make_pen_digits(arguments.pen_digits, epoch_seed, pool);
            append(drawn, make_pen_scribbles(arguments.scribbles, epoch_seed, pool));
            return drawn;
          }};
}

void run_train(TrainArguments arguments) {
  std::optional<WeightsFile> checkpoint;
  if (!arguments.resume.empty()) checkpoint = read_checkpoint(arguments.resume, arguments);

  // Now, not after hours of training.
  check_no_other_checkpoint(arguments);
  const RunOptions finishing = finishing_run(arguments);
  check_augment(arguments.run.augment);
  check_range("--finishing-learning-rate", finishing.learning_rate,
              finishing.learning_rate >= 0.0 && std::isfinite(finishing.learning_rate),
              "0 or more");
  const ThreadPool pool(arguments.threads);
  const bool only_finishing = checkpoint && is_checkpoint_of(*checkpoint, kFinishingPhase);
  std::optional<WeightsFile> initial;
  Architecture architecture;
  if (!only_finishing) {
    if (!arguments.initial.empty()) initial = read_weights_file(arguments.initial);
    architecture = network_architecture(arguments, initial);
    check_for_mnist(architecture);
    if (initial) Network(architecture, pool).load(*initial);
  }

  Dataset mnist = read_mnist_training(mnist_folder(arguments.data));
  const Dataset validation = split_off_held_back(mnist, arguments.validation, "--validation");

  Dataset training{.height = mnist.height, .width = mnist.width};
  for (size_t time = 0; time < arguments.mnist_times; ++time) append(training, mnist);
  Dataset choosing = held_back_pen_digits(validation.size(), pool);
  append(choosing, validation);

  // A checkpoint is that of the first phase that runs.
  const auto run = [&](const TrainingPhase& phase) {
    const bool done = run_phase(phase, arguments, checkpoint ? &*checkpoint : nullptr, pool);
    checkpoint.reset();
    return done;
  };

  std::optional<Network> teacher;
  std::optional<Teaching> teaching;
  const bool own_teacher = arguments.teacher.empty();
  const std::string teacher_path = own_teacher ? arguments.output + ".teacher" : arguments.teacher;
  if (arguments.teacher_share > 0.0) {
    if (own_teacher && (!checkpoint || is_checkpoint_of(*checkpoint, kTeacherPhase))) {
      TrainingPhase phase{.name = kTeacherPhase,
                          .output = teacher_path,
                          .architecture = teacher_architecture(),
                          .training = mnist,
                          .choosing = validation,
                          .validation = validation,
                          .run = arguments.run};
      phase.run.epochs = arguments.teacher_epochs;
      phase.run.coarse_share = 0.0;
      if (!run(phase)) return;
    }
    teacher = Network::from_weights(read_weights_file(teacher_path), pool);
    teaching = Teaching{.teacher = &*teacher,
                        .share = arguments.teacher_share,
                        .temperature = arguments.teacher_temperature,
                        .pictures = training.size()};
  }

  TrainingPhase phase{.name = kNetworkPhase,
                      .output = arguments.output,
                      .architecture = architecture,
                      .training = training,
                      .choosing = choosing,
                      .validation = validation,
                      .run = arguments.run,
                      .teaching = teaching};
  if (!only_finishing) {
    phase.fresh = fresh_pictures(arguments, phase.run.seed, pool);
    phase.initial = initial ? &*initial : nullptr;
    if (!run(phase)) return;
  }
  if (arguments.finishing_epochs > 0) {
    initial = read_weights_file(arguments.output);
    phase.name = kFinishingPhase;
    phase.architecture = read_architecture(*initial);
    phase.run = finishing;
    phase.fresh = fresh_pictures(arguments, phase.run.seed, pool);
    phase.initial = &*initial;
    if (!run(phase)) return;
  }
  if (own_teacher && teacher) std::filesystem::remove(teacher_path);
  std::filesystem::remove(checkpoint_path(arguments));
}

}  // namespace

void add_train_command(CLI::App& app) {
  const auto arguments = std::make_shared<TrainArguments>();
  TrainArguments& a = *arguments;
  CLI::App* command = app.add_subcommand("train", "Train a network on MNIST");
  command->add_option("--output", a.output, "Where the best weights go")->capture_default_str();
  command->add_option("--data", a.data, "Folder of MNIST's four IDX files (default: npm's)");
  command->add_option("--layers", a.layers, "JSON file of a network of your own");
  command
      ->add_option("--initial", a.initial,
                   "Weights to go on from instead of random ones; they bring their layers")
      ->check(CLI::ExistingFile)
      ->excludes("--layers");
  command->add_option("--validation", a.validation, "Training pictures held back for choosing")
      ->capture_default_str();
  command
      ->add_option("--mnist-times", a.mnist_times,
                   "How often an epoch shows each of MNIST's pictures")
      ->capture_default_str()
      ->check(CLI::Range(1, 100));
  command->add_option("--pen-digits", a.pen_digits, "Generated pen drawings to learn beside MNIST")
      ->capture_default_str()
      ->check(CLI::Range(0, 1000000));
  command->add_option("--scribbles", a.scribbles, "Generated drawings of no digit, not to be read")
      ->capture_default_str()
      ->check(CLI::Range(0, 1000000));
  command
      ->add_option(
          "--dropout", a.dropout,
          "Rates of the default network's two dropout layers (a network of your own brings "
          "its rates along)")
      ->expected(2)
      ->capture_default_str()
      ->check(CLI::Range(0.0, 0.99));
  command
      ->add_option("--teacher-share", a.teacher_share,
                   "Share of what MNIST's pictures are to be read as that a deeper network says, "
                   "trained first (0: without it)")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0));
  command
      ->add_option(
          "--teacher-temperature", a.teacher_temperature,
          "At which the two are compared: the higher, the more the improbable digits count")
      ->capture_default_str()
      ->check(CLI::Range(0.1, 100.0));
  command->add_option("--teacher", a.teacher, "Weights of a teacher (default: one is trained)")
      ->check(CLI::ExistingFile);
  command->add_option("--teacher-epochs", a.teacher_epochs, "Epochs of that network's training")
      ->capture_default_str()
      ->check(CLI::Range(1, 10000));
  command
      ->add_option("--average-decay", a.average_decay,
                   "Share of the weights' moving average that a step keeps")
      ->capture_default_str();
  command
      ->add_option("--unsure-share", a.unsure_share,
                   "Share of held-back digits that may be taken for none, to find those that are")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 0.99));
  command->add_option("--epochs", a.run.epochs)->capture_default_str()->check(CLI::Range(1, 10000));
  command->add_option("--batch-size", a.run.batch_size, "Pictures a step")
      ->capture_default_str()
      ->check(CLI::Range(1, 10000));
  command->add_option("--optimizer", a.optimizer)
      ->capture_default_str()
      ->check(CLI::IsMember({"adamw", "sgd"}));
  command->add_option("--learning-rate", a.run.learning_rate, "At its peak")->capture_default_str();
  command->add_option("--warmup-epochs", a.run.warmup_epochs, "Over which it rises to it")
      ->capture_default_str();
  command->add_option("--weight-decay", a.weight_decay)->capture_default_str();
  command->add_option("--seed", a.run.seed)->capture_default_str();
  add_threads_option(*command, a.threads);
  AugmentOptions& augment = a.run.augment;
  const char* group = "Changes made to training pictures (0: none)";
  command->add_option("--rotation", augment.rotation, "Degrees")
      ->capture_default_str()
      ->group(group);
  command->add_option("--scale", augment.scale, "Share")->capture_default_str()->group(group);
  command->add_option("--shear", augment.shear, "Pixels a pixel")
      ->capture_default_str()
      ->group(group);
  command->add_option("--shift", augment.shift, "Pixels")->capture_default_str()->group(group);
  command->add_option("--elastic-strength", augment.elastic_strength, "Pixels")
      ->capture_default_str()
      ->group(group);
  command->add_option("--elastic-smoothness", augment.elastic_smoothness, "Pixels")
      ->capture_default_str()
      ->group(group);
  command
      ->add_option("--occlusion", augment.occlusion,
                   "Of the pictures that a patch of paper hides a part of")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0))
      ->group(group);
  command
      ->add_option("--coarse-share", a.run.coarse_share,
                   "Of the pictures that are shown as a coarse scan has them")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0))
      ->group(group);
  const char* finishing = "Epochs that follow, in which some pictures are coarse";
  command->add_option("--finishing-epochs", a.finishing_epochs, "0: none")
      ->capture_default_str()
      ->check(CLI::Range(0, 10000))
      ->group(finishing);
  command->add_option("--finishing-learning-rate", a.finishing_learning_rate, "At its peak")
      ->capture_default_str()
      ->group(finishing);
  command->add_option("--finishing-coarse-share", a.finishing_coarse_share, "As --coarse-share")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0))
      ->group(finishing);
  command->add_option("--resume", a.resume,
                      "Go on with an interrupted run: its .checkpoint file, which also has its "
                      "options");
  command->callback([arguments] { run_train(*arguments); });
}

}  // namespace inkdigit
