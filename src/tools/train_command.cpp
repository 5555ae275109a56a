#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "nn/network.h"
#include "tools/commands.h"
#include "tools/files.h"
#include "train/calibrate.h"
#include "train/evaluate.h"
#include "train/pen_dataset.h"
#include "train/training_run.h"
#include "train/weight_average.h"

namespace inkdigit {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kArgumentsKey = "train.arguments";  // metadata of checkpoints
constexpr const char* kBestKey = "train.best_held_back_loss";
constexpr const char* kAccuracyKey = "train.best_validation_accuracy";
constexpr const char* kSecondsKey = "train.seconds";

// Of the pen digits that are held back: no run's own.
constexpr uint64_t kHeldBackPenSeed = ~uint64_t{0};

struct TrainArguments {
  std::string data;    // folder of MNIST's IDX files; empty: npm's
  std::string layers;  // file with an architecture's JSON; empty: the default network
  std::string output = "inkdigit.safetensors";
  std::string resume;  // checkpoint
  size_t validation = 5000;
  size_t pen_digits = 40000;
  size_t scribbles = 10000;
  std::vector<double> dropout = {0.05, 0.1};
  double average_decay = 0.999;
  double unsure_share = 0.013;
  size_t threads = std::max(1u, std::thread::hardware_concurrency());
  std::string optimizer = "adamw";
  double weight_decay = 0.05;
  RunOptions run{
      .epochs = 20,
      .batch_size = 64,
      .learning_rate = 2e-3,
      .augment = {
          .rotation = 14.0, .scale = 0.12, .shear = 0.15, .shift = 1.5, .elastic_strength = 0.8}};
};

// Everything that decides the result, so that a resumed run needs no other options.
Json to_json(const TrainArguments& a) {
  const AugmentOptions& augment = a.run.augment;
  return {{"data", a.data},
          {"layers", a.layers},
          {"output", a.output},
          {"validation", a.validation},
          {"pen_digits", a.pen_digits},
          {"scribbles", a.scribbles},
          {"dropout", a.dropout},
          {"average_decay", a.average_decay},
          {"unsure_share", a.unsure_share},
          {"optimizer", a.optimizer},
          {"weight_decay", a.weight_decay},
          {"epochs", a.run.epochs},
          {"batch_size", a.run.batch_size},
          {"learning_rate", a.run.learning_rate},
          {"warmup_epochs", a.run.warmup_epochs},
          {"seed", a.run.seed},
          {"rotation", augment.rotation},
          {"scale", augment.scale},
          {"shear", augment.shear},
          {"shift", augment.shift},
          {"elastic_strength", augment.elastic_strength},
          {"elastic_smoothness", augment.elastic_smoothness}};
}

// What weights tell of their origin: the same, but for where files lay on this machine.
Json recipe(const TrainArguments& arguments) {
  Json json = to_json(arguments);
  for (const char* path : {"data", "layers", "output"}) json.erase(path);
  return json;
}

void from_json(const Json& json, TrainArguments& a) {
  AugmentOptions& augment = a.run.augment;
  json.at("data").get_to(a.data);
  json.at("layers").get_to(a.layers);
  json.at("output").get_to(a.output);
  json.at("validation").get_to(a.validation);
  json.at("pen_digits").get_to(a.pen_digits);
  json.at("scribbles").get_to(a.scribbles);
  json.at("dropout").get_to(a.dropout);
  json.at("average_decay").get_to(a.average_decay);
  json.at("unsure_share").get_to(a.unsure_share);
  json.at("optimizer").get_to(a.optimizer);
  json.at("weight_decay").get_to(a.weight_decay);
  json.at("epochs").get_to(a.run.epochs);
  json.at("batch_size").get_to(a.run.batch_size);
  json.at("learning_rate").get_to(a.run.learning_rate);
  json.at("warmup_epochs").get_to(a.run.warmup_epochs);
  json.at("seed").get_to(a.run.seed);
  json.at("rotation").get_to(augment.rotation);
  json.at("scale").get_to(augment.scale);
  json.at("shear").get_to(augment.shear);
  json.at("shift").get_to(augment.shift);
  json.at("elastic_strength").get_to(augment.elastic_strength);
  json.at("elastic_smoothness").get_to(augment.elastic_smoothness);
}

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

void run_train(TrainArguments arguments) {
  WeightsFile checkpoint;
  if (!arguments.resume.empty()) {
    checkpoint = read_weights_file(arguments.resume);
    const auto stored = checkpoint.metadata.find(kArgumentsKey);
    if (stored == checkpoint.metadata.end()) {
      throw WeightsError(arguments.resume + ": holds weights, but no training run to go on with");
    }
    from_json(Json::parse(stored->second), arguments);
  }
  const std::string checkpoint_path = arguments.output + ".checkpoint";

  const ThreadPool pool(arguments.threads);
  Dataset training = read_mnist_training(mnist_folder(arguments.data));
  if (arguments.validation == 0 || arguments.validation >= training.size()) {
    throw std::invalid_argument("--validation: expected 1 to " +
                                std::to_string(training.size() - 1) + ", got " +
                                std::to_string(arguments.validation));
  }
  const Dataset validation = split_off(training, training.size() - arguments.validation);
  Dataset calibrating = make_pen_digits(validation.size(), kHeldBackPenSeed, pool);
  append(calibrating, validation);
  append(training, make_pen_digits(arguments.pen_digits, arguments.run.seed, pool));
  append(training, make_pen_scribbles(arguments.scribbles, arguments.run.seed, pool));

  const Architecture architecture = arguments.layers.empty()
                                        ? with_dropout(default_architecture(), arguments.dropout)
                                        : read_architecture(arguments.layers);
  Network network(architecture, pool);
  network.initialize(arguments.run.seed);
  const OptimizerOptions optimizer{
      .type = arguments.optimizer == "sgd" ? OptimizerType::kSgd : OptimizerType::kAdamW,
      .weight_decay = arguments.weight_decay};
  Trainer trainer(network, optimizer, arguments.run.seed, pool);
  TrainingRun run(trainer, training, arguments.run, pool);
  WeightAverage average(network, arguments.average_decay, pool);
  Network averaged(architecture, pool);
  double best = std::numeric_limits<double>::infinity();
  double accuracy = 0.0;        // of the best, on the MNIST pictures held back
  double seconds_before = 0.0;  // spent before this run was interrupted
  if (!arguments.resume.empty()) {
    trainer.load(checkpoint);
    average.load(checkpoint);
    best = std::stod(checkpoint.metadata.at(kBestKey));
    accuracy = std::stod(checkpoint.metadata.at(kAccuracyKey));
    seconds_before = std::stod(checkpoint.metadata.at(kSecondsKey));
  }

  const Stopwatch stopwatch;
  ProgressLine progress;
  const auto save_checkpoint = [&] {
    WeightsFile state = trainer.save();
    average.save(state);
    state.metadata[kArgumentsKey] = to_json(arguments).dump();
    state.metadata[kBestKey] = format("%.17g", best);
    state.metadata[kAccuracyKey] = format("%.17g", accuracy);
    state.metadata[kSecondsKey] = format("%.1f", seconds_before + stopwatch.seconds());
    write_file(checkpoint_path, write_weights(state));
  };
  save_checkpoint();  // finds out now, not after an epoch, that nothing can be written there

  progress.print(format("%zu pictures to learn from, %zu to choose by, %zu threads",
                        training.size(), validation.size(), pool.threads()));
  const InterruptGuard guard;
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
        static_cast<unsigned long long>(epoch),
        static_cast<unsigned long long>(arguments.run.epochs),
        static_cast<unsigned long long>(done), static_cast<unsigned long long>(run.total_steps()),
        steps_per_second * static_cast<double>(arguments.run.batch_size),
        loss_sum / static_cast<double>(loss_count), clock_time(left).c_str());
    progress.show(status);
    if (done % run.steps_per_epoch() != 0) continue;

    // By the loss of calibrated weights rather than by accuracy, which a few pictures of chance
    // decide.
    average.copy_to(averaged);
    const Calibration calibration = calibrate(averaged, calibrating, arguments.unsure_share);
    const double loss = evaluate(averaged, calibrating).loss;
    const Evaluation held_back = evaluate(averaged, validation);
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
      write_file(arguments.output, write_weights(weights));
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
    progress.print("stopped; go on with: inkdigit train --resume " + checkpoint_path);
    return;
  }
  fs::remove(checkpoint_path);
  progress.print(format("done in %s: %s has the best weights, validation %.2f %%",
                        clock_time(seconds_before + stopwatch.seconds()).c_str(),
                        arguments.output.c_str(), 100.0 * accuracy));
}

}  // namespace

void add_train_command(CLI::App& app) {
  const auto arguments = std::make_shared<TrainArguments>();
  TrainArguments& a = *arguments;
  CLI::App* command = app.add_subcommand("train", "Train a network on MNIST");
  command->add_option("--output", a.output, "Where the best weights go")->capture_default_str();
  command->add_option("--data", a.data, "Folder of MNIST's four IDX files (default: npm's)");
  command->add_option("--layers", a.layers, "JSON file of a network of your own");
  command->add_option("--validation", a.validation, "Training pictures held back for choosing")
      ->capture_default_str();
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
  command->add_option("--threads", a.threads, "Threads (default: one a core)")
      ->check(CLI::Range(1, 256));
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
  command->add_option("--resume", a.resume,
                      "Go on with an interrupted run: its .checkpoint file, which also has its "
                      "options");
  command->callback([arguments] { run_train(*arguments); });
}

}  // namespace inkdigit
