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

constexpr double kMaxRate = 1e9;  // of learning: with less than that everything diverges

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
  Network network(architecture, pool);
  if (initial) naming_file(arguments.initial, [&] { network.load(*initial); });
  return architecture;
}

/// Whether the teacher is trained here, and lies beside the output until the end.
bool has_own_teacher(const TrainArguments& arguments) {
  return arguments.teacher_share > 0.0 && arguments.teacher.empty();
}

std::string teacher_path(const TrainArguments& arguments) {
  return arguments.teacher.empty() ? arguments.output + ".teacher" : arguments.teacher;
}

/// What a phase would find out after hours is told now.
void check_before_training(const TrainArguments& arguments) {
  check_no_other_checkpoint(arguments);
  check_paths(arguments);
  check_finite(arguments);
  check_augment(arguments.run.augment);
  const auto check_rate = [](const char* name, double rate) {
    check_range(name, rate, rate >= 0.0 && rate <= kMaxRate, "0 to 1e9");
  };
  check_rate("--learning-rate", arguments.run.learning_rate);
  check_rate("--finishing-learning-rate", arguments.finishing_learning_rate);
  for (const std::string& read : {arguments.teacher, arguments.initial, arguments.layers}) {
    check_not_written_over(read, arguments.output);
  }
  if (arguments.output.empty() || std::filesystem::is_directory(arguments.output)) {
    throw std::invalid_argument("--output: expected a file's name, got \"" + arguments.output +
                                '"');
  }
  const std::string teacher = teacher_path(arguments);
  if (arguments.resume.empty() && has_own_teacher(arguments) && std::filesystem::exists(teacher)) {
    throw std::invalid_argument(teacher + ": the teacher of a training before; use it (--teacher " +
                                teacher + "), remove that file, or choose another --output");
  }
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

/// The phases of a training, one after another, from its start or a checkpoint on.
class Training {
 public:
  Training(const TrainArguments& arguments, std::optional<WeightsFile> checkpoint)
      : arguments_(arguments), checkpoint_(std::move(checkpoint)), pool_(arguments.threads) {
    if (is_at(kFinishingPhase)) return;
    if (!arguments.initial.empty()) initial_ = read_weights_file(arguments.initial);
    architecture_ = checked_architecture(arguments, initial_, pool_);
  }

  void run() {
    data_ = read_training_data(arguments_, pool_);
    if (arguments_.teacher_share > 0.0) have_teacher();
    if (!is_at(kFinishingPhase)) train_network();
    if (arguments_.finishing_epochs > 0) finish();
    std::filesystem::remove(checkpoint_path(arguments_));  // first: it would want the teacher
    if (has_own_teacher(arguments_)) std::filesystem::remove(teacher_path(arguments_));
  }

 private:
  /// Whether this phase is the first to run, as the checkpoint is one of its own.
  bool is_at(const char* phase) const {
    return checkpoint_ && is_checkpoint_of(*checkpoint_, phase);
  }

  void run_next(const TrainingPhase& phase) {
    run_phase(phase, arguments_, checkpoint_ ? &*checkpoint_ : nullptr, pool_);
    checkpoint_.reset();
  }

  void have_teacher() {
    const std::string path = teacher_path(arguments_);
    if (has_own_teacher(arguments_) && (!checkpoint_ || is_at(kTeacherPhase))) {
      run_next(teacher_phase(arguments_, path, data_));
    }
    teacher_ = naming_file(
        path, [&] { return Network::from_weights(read_weights(read_file(path)), pool_); });
  }

  /// Of the network itself, from `initial` on (borrowed; nullptr: random weights).
  TrainingPhase network_phase(const char* name, Architecture architecture, const RunOptions& run,
                              const WeightsFile* initial) {
    TrainingPhase phase{.name = name,
                        .output = arguments_.output,
                        .architecture = std::move(architecture),
                        .training = data_.training,
                        .choosing = data_.choosing,
                        .validation = data_.validation,
                        .run = run,
                        .fresh = fresh_pictures(arguments_, run.seed, pool_),
                        .initial = initial};
    if (teacher_) {
      phase.teaching = Teaching{.teacher = &*teacher_,
                                .share = arguments_.teacher_share,
                                .temperature = arguments_.teacher_temperature,
                                .pictures = data_.training.size()};
    }
    return phase;
  }

  void train_network() {
    run_next(network_phase(kNetworkPhase, architecture_, arguments_.run,
                           initial_ ? &*initial_ : nullptr));
  }

  void finish() {
    const WeightsFile best = read_weights_file(arguments_.output);
    run_next(
        network_phase(kFinishingPhase, read_architecture(best), finishing_run(arguments_), &best));
  }

  const TrainArguments& arguments_;
  std::optional<WeightsFile> checkpoint_;  // of the first phase that runs
  ThreadPool pool_;
  std::optional<WeightsFile> initial_;
  Architecture architecture_;
  TrainingData data_;
  std::optional<Network> teacher_;
};

void run_train(TrainArguments arguments) {
  std::optional<WeightsFile> checkpoint;
  if (!arguments.resume.empty()) checkpoint = read_checkpoint(arguments.resume, arguments);
  check_before_training(arguments);
  Training(arguments, std::move(checkpoint)).run();
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
