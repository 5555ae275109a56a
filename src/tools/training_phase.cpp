#include "tools/training_phase.h"

#include <cmath>
#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>

#include "tools/checkpoint.h"
#include "tools/files.h"
#include "tools/interrupt.h"
#include "tools/progress_line.h"
#include "tools/stopwatch.h"
#include "tools/text.h"
#include "train/calibrate.h"
#include "train/evaluate.h"
#include "train/trainer.h"
#include "train/weight_average.h"

namespace inkdigit {

namespace {

Network first_network(const TrainingPhase& phase, const ThreadPool& pool) {
  Network network(phase.architecture, pool);
  if (phase.initial) {
    network.load(*phase.initial);
  } else {
    network.initialize(phase.run.seed);
  }
  return network;
}

OptimizerOptions optimizer_options(const TrainArguments& arguments) {
  return {.type = optimizer_type(arguments.optimizer), .weight_decay = arguments.weight_decay};
}

/// A phase at work; what it is made of is borrowed.
class PhaseRun {
 public:
  PhaseRun(const TrainingPhase& phase, const TrainArguments& arguments,
           const WeightsFile* checkpoint, const ThreadPool& pool)
      : phase_(phase),
        arguments_(arguments),
        threads_(pool.threads()),
        network_(first_network(phase, pool)),
        trainer_(network_, optimizer_options(arguments), phase.run.seed, pool),
        run_(trainer_, phase.training, phase.run, pool, phase.teaching, phase.fresh),
        average_(network_, arguments.average_decay, pool),
        averaged_(phase.architecture, pool) {
    if (checkpoint) {
      trainer_.load(*checkpoint);
      average_.load(*checkpoint);
      progress_ = read_progress(*checkpoint);
    }
    first_step_ = loss_from_ = trainer_.steps();
  }

  void run() {
    const InterruptGuard ctrl_c(SIGINT), shutdown(SIGTERM), terminal_closed(SIGHUP);
    save_checkpoint();  // finds out now, not after an epoch, that nothing can be written there
    line_.print(phase_.name + format(": %zu pictures to learn from, %zu to choose by, %zu threads",
                                     phase_.training.size() + phase_.fresh.count,
                                     phase_.choosing.size(), threads_));
    while (!run_.done() && !InterruptGuard::asked()) {
      const double loss = run_.step();
      if (!std::isfinite(loss)) fail_diverged();
      loss_sum_ += loss;
      average_.update();
      const std::string status = tell_status();
      line_.show(status);
      if (trainer_.steps() % run_.steps_per_epoch() == 0) end_epoch(status);
    }
    if (!run_.done()) {
      save_checkpoint();
      line_.print("stopped; go on with: inkdigit train --resume " + checkpoint_path(arguments_));
      throw Interrupted{InterruptGuard::asked()};
    }
    if (!std::isfinite(progress_.best_loss)) fail_diverged();
    line_.print(phase_.name + " done in " + clock_time(seconds()) + ": " + phase_.output +
                format(" has the best weights, validation %.2f %%", 100.0 * progress_.accuracy));
  }

 private:
  /// Going on from its checkpoint would end in the same way.
  [[noreturn]] void fail_diverged() const {
    std::filesystem::remove(checkpoint_path(arguments_));
    throw std::runtime_error(
        format("%s: diverged at step %llu, its loss is no number any more; train with a lower "
               "learning rate",
               phase_.name.c_str(), static_cast<unsigned long long>(trainer_.steps())));
  }

  double seconds() const { return progress_.seconds + stopwatch_.seconds(); }
  uint64_t epoch() const { return (trainer_.steps() - 1) / run_.steps_per_epoch() + 1; }

  std::string tell_status() const {
    const uint64_t done = trainer_.steps();
    const double steps_per_second = static_cast<double>(done - first_step_) / stopwatch_.seconds();
    const double left = static_cast<double>(run_.total_steps() - done) / steps_per_second;
    return format("epoch %llu/%llu  step %llu/%llu  %.0f images/s  loss %.4f  left %s",
                  static_cast<unsigned long long>(epoch()),
                  static_cast<unsigned long long>(phase_.run.epochs),
                  static_cast<unsigned long long>(done),
                  static_cast<unsigned long long>(run_.total_steps()),
                  steps_per_second * static_cast<double>(phase_.run.batch_size),
                  loss_sum_ / static_cast<double>(done - loss_from_), clock_time(left).c_str());
  }

  void end_epoch(const std::string& status) {
    // By the loss of calibrated weights rather than by accuracy, which a few pictures of chance
    // decide.
    average_.copy_to(averaged_);
    const Calibration calibration = calibrate(averaged_, phase_.choosing, arguments_.unsure_share);
    const double loss = evaluate(averaged_, phase_.choosing).loss;
    const double accuracy = evaluate(averaged_, phase_.validation).accuracy();
    const bool better = loss < progress_.best_loss;
    if (better) {
      progress_.best_loss = loss;
      progress_.accuracy = accuracy;
      WeightsFile weights = averaged_.save();
      weights.metadata["temperature"] = format("%.4f", calibration.temperature);
      weights.metadata["training"] = recipe(arguments_).dump();
      weights.metadata["epoch"] = std::to_string(epoch());
      weights.metadata["validation_accuracy"] = format("%.4f", accuracy);
      weights.metadata["choosing_loss"] = format("%.5f", loss);
      write_file(phase_.output, write_weights(weights));
    }
    line_.print(status + format("  validation %.2f %%, loss %.4f%s", 100.0 * accuracy, loss,
                                better ? "  best, saved" : ""));
    save_checkpoint();
    loss_sum_ = 0.0;
    loss_from_ = trainer_.steps();
  }

  void save_checkpoint() const {
    WeightsFile state = trainer_.save();
    average_.save(state);
    PhaseProgress progress = progress_;
    progress.seconds = seconds();
    write_checkpoint(std::move(state), phase_.name, arguments_, progress);
  }

  const TrainingPhase& phase_;
  const TrainArguments& arguments_;
  size_t threads_;
  Network network_;
  Trainer trainer_;
  TrainingRun run_;
  WeightAverage average_;
  Network averaged_;
  PhaseProgress progress_;  // its seconds: those before this run
  Stopwatch stopwatch_;
  ProgressLine line_;
  uint64_t first_step_;    // of this run
  uint64_t loss_from_;     // the step from which on loss_sum_ adds up
  double loss_sum_ = 0.0;  // nats
};

}  // namespace

void run_phase(const TrainingPhase& phase, const TrainArguments& arguments,
               const WeightsFile* checkpoint, const ThreadPool& pool) {
  PhaseRun(phase, arguments, checkpoint, pool).run();
}

}  // namespace inkdigit
