#include "tools/training_phase.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <utility>

#include "tools/files.h"
#include "train/calibrate.h"
#include "train/evaluate.h"
#include "train/trainer.h"
#include "train/weight_average.h"

namespace inkdigit {

namespace {

namespace fs = std::filesystem;

constexpr const char* kPhaseKey = "train.phase";  // metadata of checkpoints
constexpr const char* kArgumentsKey = "train.arguments";
constexpr const char* kBestKey = "train.best_held_back_loss";
constexpr const char* kAccuracyKey = "train.best_validation_accuracy";
constexpr const char* kSecondsKey = "train.seconds";

volatile std::sig_atomic_t interrupted = 0;

/// While it lives, Ctrl+C asks the run to stop after its step instead of killing it.
class InterruptGuard {
 public:
  InterruptGuard() : previous_(std::signal(SIGINT, [](int) { interrupted = 1; })) {}
  ~InterruptGuard() { std::signal(SIGINT, previous_); }

 private:
  void (*previous_)(int);
};

class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// News of the run on standard error: one line, rewritten in place on a terminal, and a line now
/// and then where it goes to a file.
class ProgressLine {
 public:
  void show(const std::string& text) {
    const double seconds = stopwatch_.seconds();
    if (seconds - last_shown_ < (terminal_ ? 0.2 : 30.0)) return;
    last_shown_ = seconds;
    std::fprintf(stderr, terminal_ ? "\r\033[K%s" : "%s\n", text.c_str());
    std::fflush(stderr);
  }
  /// A line that stays.
  void print(const std::string& text) {
    std::fprintf(stderr, terminal_ ? "\r\033[K%s\n" : "%s\n", text.c_str());
  }

 private:
  const bool terminal_ = isatty(STDERR_FILENO) != 0;
  const Stopwatch stopwatch_;
  double last_shown_ = 0.0;  // seconds
};

template <typename... Values>
std::string format(const char* pattern, Values... values) {
  char text[256];
  std::snprintf(text, sizeof text, pattern, values...);
  return text;
}

std::string clock_time(double seconds) {
  const auto whole = static_cast<long>(std::max(0.0, seconds) + 0.5);
  return format("%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
}

double number(const WeightsFile& checkpoint, const char* key) {
  return std::stod(checkpoint.metadata.at(key));
}

}  // namespace

std::string checkpoint_path(const TrainArguments& arguments) {
  return arguments.output + ".checkpoint";
}

bool is_checkpoint_of(const WeightsFile& checkpoint, const std::string& phase) {
  return checkpoint.metadata.at(kPhaseKey) == phase;
}

WeightsFile read_checkpoint(const std::string& path, TrainArguments& arguments) {
  WeightsFile checkpoint = read_weights_file(path);
  const auto stored = checkpoint.metadata.find(kArgumentsKey);
  if (stored == checkpoint.metadata.end()) {
    throw WeightsError(path + ": holds weights, but no training run to go on with");
  }
  try {
    from_json(nlohmann::ordered_json::parse(stored->second), arguments);
    checkpoint.metadata.at(kPhaseKey);
    for (const char* key : {kBestKey, kAccuracyKey, kSecondsKey}) number(checkpoint, key);
  } catch (const std::exception& error) {
    throw WeightsError(path + ": its training run is damaged, or of another version of inkdigit (" +
                       error.what() + "); train anew, or from its weights (--initial)");
  }
  return checkpoint;
}

bool run_phase(const TrainingPhase& phase, const TrainArguments& arguments,
               const WeightsFile* checkpoint, const ThreadPool& pool) {
  Network network(phase.architecture, pool);
  if (phase.initial) {
    network.load(*phase.initial);
  } else {
    network.initialize(arguments.run.seed);
  }
  const OptimizerOptions optimizer{
      .type = arguments.optimizer == "sgd" ? OptimizerType::kSgd : OptimizerType::kAdamW,
      .weight_decay = arguments.weight_decay};
  Trainer trainer(network, optimizer, arguments.run.seed, pool);
  TrainingRun run(trainer, phase.training, phase.run, pool, phase.teaching, phase.fresh);
  WeightAverage average(network, arguments.average_decay, pool);
  Network averaged(phase.architecture, pool);
  double best = std::numeric_limits<double>::infinity();
  double accuracy = 0.0;        // of the best, on the MNIST pictures held back
  double seconds_before = 0.0;  // spent before this run was interrupted
  if (checkpoint) {
    trainer.load(*checkpoint);
    average.load(*checkpoint);
    best = number(*checkpoint, kBestKey);
    accuracy = number(*checkpoint, kAccuracyKey);
    seconds_before = number(*checkpoint, kSecondsKey);
  }

  const InterruptGuard guard;
  const Stopwatch stopwatch;
  ProgressLine progress;
  const auto save_checkpoint = [&] {
    WeightsFile state = trainer.save();
    average.save(state);
    state.metadata[kPhaseKey] = phase.name;
    state.metadata[kArgumentsKey] = to_json(arguments).dump();
    state.metadata[kBestKey] = format("%.17g", best);
    state.metadata[kAccuracyKey] = format("%.17g", accuracy);
    state.metadata[kSecondsKey] = format("%.1f", seconds_before + stopwatch.seconds());
    write_file(checkpoint_path(arguments), write_weights(state));
  };
  save_checkpoint();  // finds out now, not after an epoch, that nothing can be written there

  progress.print(phase.name + format(": %zu pictures to learn from, %zu to choose by, %zu threads",
                                     phase.training.size() + phase.fresh.count,
                                     phase.validation.size(), pool.threads()));
  const uint64_t first_step = trainer.steps();
  double loss_sum = 0.0;
  uint64_t loss_count = 0;
  while (!run.done() && !interrupted) {
    loss_sum += run.step();
    average.update();
    ++loss_count;
    const uint64_t done = trainer.steps();
    const double seconds = stopwatch.seconds();
    const double steps_per_second = static_cast<double>(done - first_step) / seconds;
    const double left = static_cast<double>(run.total_steps() - done) / steps_per_second;
    const uint64_t epoch = (done - 1) / run.steps_per_epoch() + 1;
    const std::string status = format(
        "epoch %llu/%llu  step %llu/%llu  %.0f images/s  loss %.4f  left %s",
        static_cast<unsigned long long>(epoch), static_cast<unsigned long long>(phase.run.epochs),
        static_cast<unsigned long long>(done), static_cast<unsigned long long>(run.total_steps()),
        steps_per_second * static_cast<double>(phase.run.batch_size),
        loss_sum / static_cast<double>(loss_count), clock_time(left).c_str());
    progress.show(status);
    if (done % run.steps_per_epoch() != 0) continue;

    // By the loss of calibrated weights rather than by accuracy, which a few pictures of chance
    // decide.
    average.copy_to(averaged);
    const Calibration calibration = calibrate(averaged, phase.choosing, arguments.unsure_share);
    const double loss = evaluate(averaged, phase.choosing).loss;
    const Evaluation held_back = evaluate(averaged, phase.validation);
    const bool better = loss < best;
    if (better) {
      best = loss;
      accuracy = held_back.accuracy();
      WeightsFile weights = averaged.save();
      weights.metadata["temperature"] = format("%.4f", calibration.temperature);
      weights.metadata["training"] = recipe(arguments).dump();
      weights.metadata["epoch"] = std::to_string(epoch);
      weights.metadata["validation_accuracy"] = format("%.4f", accuracy);
      weights.metadata["validation_loss"] = format("%.5f", loss);
      write_file(phase.output, write_weights(weights));
    }
    progress.print(status + format("  validation %.2f %%, loss %.4f%s",
                                   100.0 * held_back.accuracy(), loss,
                                   better ? "  best, saved" : ""));
    save_checkpoint();
    loss_sum = 0.0;
    loss_count = 0;
  }

  if (!run.done()) {
    save_checkpoint();
    progress.print("stopped; go on with: inkdigit train --resume " + checkpoint_path(arguments));
    return false;
  }
  fs::remove(checkpoint_path(arguments));
  progress.print(phase.name + format(" done in %s: %s has the best weights, validation %.2f %%",
                                     clock_time(seconds_before + stopwatch.seconds()).c_str(),
                                     phase.output.c_str(), 100.0 * accuracy));
  return true;
}

}  // namespace inkdigit
