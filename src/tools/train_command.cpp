#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
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
#include "tools/train_architectures.h"
#include "tools/train_arguments.h"
#include "tools/train_options.h"
#include "tools/training_phase.h"
#include "train/augment.h"
#include "train/pen_dataset.h"

namespace inkdigit {

namespace {

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

/// What cannot be trained is told now, not after hours. The network's layers, those of `initial` if
/// there are any.
Architecture checked_architecture(const TrainArguments& arguments,
                                  const std::optional<WeightsFile>& initial,
                                  const ThreadPool& pool) {
  Architecture architecture = network_architecture(arguments, initial);
  check_for_mnist(architecture);
  if (initial) Network(architecture, pool).load(*initial);
  return architecture;
}

/// What a phase would find out after hours is told now.
void check_before_training(const TrainArguments& arguments) {
  check_no_other_checkpoint(arguments);
  check_finite(arguments);
  check_augment(arguments.run.augment);
  const double rate = arguments.finishing_learning_rate;
  check_range("--finishing-learning-rate", rate, rate >= 0.0, "0 or more");
}

struct TrainingData {
  Dataset mnist;       // each picture once, without those held back
  Dataset training;    // the same as often as an epoch shows them
  Dataset validation;  // of MNIST, held back
  Dataset choosing;    // what weights are chosen by: held-back pen digits, and the same
};

TrainingData read_training_data(const TrainArguments& arguments, const ThreadPool& pool) {
  Dataset mnist = read_mnist_training(mnist_folder(arguments.data));
  Dataset validation = split_off_held_back(mnist, arguments.validation, "--validation");
  Dataset training{.height = mnist.height, .width = mnist.width};
  for (size_t time = 0; time < arguments.mnist_times; ++time) append(training, mnist);
  Dataset choosing = held_back_pen_digits(validation.size(), pool);
  append(choosing, validation);
  return {.mnist = std::move(mnist),
          .training = std::move(training),
          .validation = std::move(validation),
          .choosing = std::move(choosing)};
}

/// It learns MNIST alone, and is chosen by it.
TrainingPhase teacher_phase(const TrainArguments& arguments, const std::string& output,
                            const TrainingData& data) {
  TrainingPhase phase{.name = kTeacherPhase,
                      .output = output,
                      .architecture = teacher_architecture(),
                      .training = data.mnist,
                      .choosing = data.validation,
                      .validation = data.validation,
                      .run = arguments.run};
  phase.run.epochs = arguments.teacher_epochs;
  phase.run.coarse_share = 0.0;
  return phase;
}

void run_train(TrainArguments arguments) {
  std::optional<WeightsFile> checkpoint;
  if (!arguments.resume.empty()) checkpoint = read_checkpoint(arguments.resume, arguments);
  check_before_training(arguments);
  const ThreadPool pool(arguments.threads);
  const bool only_finishing = checkpoint && is_checkpoint_of(*checkpoint, kFinishingPhase);
  std::optional<WeightsFile> initial;
  Architecture architecture;
  if (!only_finishing) {
    if (!arguments.initial.empty()) initial = read_weights_file(arguments.initial);
    architecture = checked_architecture(arguments, initial, pool);
  }

  const TrainingData data = read_training_data(arguments, pool);

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
      if (!run(teacher_phase(arguments, teacher_path, data))) return;
    }
    teacher = Network::from_weights(read_weights_file(teacher_path), pool);
    teaching = Teaching{.teacher = &*teacher,
                        .share = arguments.teacher_share,
                        .temperature = arguments.teacher_temperature,
                        .pictures = data.training.size()};
  }

  TrainingPhase phase{.name = kNetworkPhase,
                      .output = arguments.output,
                      .architecture = architecture,
                      .training = data.training,
                      .choosing = data.choosing,
                      .validation = data.validation,
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
    phase.run = finishing_run(arguments);
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
  CLI::App* command = app.add_subcommand("train", "Train a network on MNIST");
  add_train_options(*command, *arguments);
  command->callback([command, arguments] {
    check_beside_resume(*command);
    run_train(*arguments);
  });
}

}  // namespace inkdigit
