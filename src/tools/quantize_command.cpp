#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "core/thread_pool.h"
#include "nn/logits.h"
#include "nn/model.h"
#include "tools/commands.h"
#include "tools/files.h"
#include "tools/held_back.h"
#include "tools/options.h"
#include "train/evaluate.h"
#include "train/idx_file.h"
#include "train/pen_dataset.h"
#include "train/quantize.h"

namespace inkdigit {

namespace {

struct QuantizeArguments {
  std::string weights;
  std::string output;
  std::string images;  // IDX file
  std::string data;    // folder of MNIST's IDX files; empty: npm's
  int dense_steps = kDenseSteps;
  size_t held_back = 5000;
  size_t threads = 1;
};

constexpr size_t kCalibrationPictures = 1000;  // of MNIST, and as many pen digits
constexpr uint64_t kPenSeed = 1;

Dataset calibration_pictures(const QuantizeArguments& arguments, Dataset training,
                             const ThreadPool& pool) {
  if (!arguments.images.empty()) return read_images(arguments.images);
  keep_first(training, kCalibrationPictures);
  append(training, make_pen_digits(training.size(), kPenSeed, pool));
  return training;
}

double percent_right(const Tensor& logits, std::span<const uint8_t> labels) {
  size_t right = 0;
  for (size_t n = 0; n < labels.size(); ++n)
    right += most_probable(logits.row(n)) == labels[n] ? 1 : 0;
  return 100.0 * static_cast<double>(right) / static_cast<double>(labels.size());
}

/// Percent of the pictures whose energy is below the model's threshold.
double percent_unlike(const Model& model, const Tensor& logits) {
  size_t below = 0;
  for (size_t n = 0; n < logits.dim(0); ++n) {
    const double value = energy(logits.row(n));
    below += value < model.energy_threshold().value_or(value) ? 1 : 0;
  }
  return 100.0 * static_cast<double>(below) / static_cast<double>(logits.dim(0));
}

void compare(const char* name, Model& exact, Model& rounded, const Dataset& dataset) {
  const Tensor exact_logits = all_logits(exact, dataset);
  const Tensor rounded_logits = all_logits(rounded, dataset);
  size_t same = 0;
  for (size_t n = 0; n < dataset.size(); ++n) {
    same += most_probable(exact_logits.row(n)) == most_probable(rounded_logits.row(n)) ? 1 : 0;
  }
  std::printf(
      "%s (%zu): float32 %.2f %% right, int8 %.2f %%; the same answer for %.2f %%; "
      "unlike any digit %.2f and %.2f %%\n",
      name, dataset.size(), percent_right(exact_logits, dataset.labels),
      percent_right(rounded_logits, dataset.labels),
      100.0 * static_cast<double>(same) / static_cast<double>(dataset.size()),
      percent_unlike(exact, exact_logits), percent_unlike(rounded, rounded_logits));
}

void run_quantize(const QuantizeArguments& arguments) {
  for (const std::string& read : {arguments.weights, arguments.images}) {
    check_not_written_over(read, arguments.output);
  }
  const ThreadPool pool(arguments.threads);
  const WeightsFile weights = read_weights_file(arguments.weights);
  const std::unique_ptr<Model> exact =
      naming_file(arguments.weights, [&] { return load_model(weights, pool); });
  const bool needs_mnist = arguments.images.empty() || arguments.held_back > 0;
  Dataset training = needs_mnist ? read_mnist_training(mnist_folder(arguments.data)) : Dataset{};
  const size_t count = arguments.held_back;
  const Dataset held_back =
      count > 0 ? split_off_held_back(training, count, "--held-back") : Dataset{};

  const std::vector<std::byte> bytes =
      write_weights(quantize(weights, calibration_pictures(arguments, std::move(training), pool),
                             pool, arguments.dense_steps));
  const std::unique_ptr<Model> rounded = load_model(read_weights(bytes), pool);
  write_file(arguments.output, bytes);
  std::printf("%s: %zu bytes\n", arguments.output.c_str(), bytes.size());
  if (count > 0) {
    compare("MNIST training, held back", *exact, *rounded, held_back);
    compare("pen digits", *exact, *rounded, held_back_pen_digits(count, pool));
  }
}

}  // namespace

void add_quantize_command(CLI::App& app) {
  const auto arguments = std::make_shared<QuantizeArguments>();
  CLI::App* command = app.add_subcommand(
      "quantize", "Make the int8 weights for reading from float32 weights, and compare both");
  command->add_option("--weights", arguments->weights, "Weights file, float32")->required();
  command->add_option("--output", arguments->output, "Weights file to write, int8")->required();
  command->add_option("--images", arguments->images,
                      "IDX file of framed pictures that show what the layers put out "
                      "(default: MNIST's training pictures and generated pen digits)");
  command->add_option("--data", arguments->data, "Folder of MNIST's IDX files (default: npm's)");
  command
      ->add_option("--held-back", arguments->held_back,
                   "The last training pictures, which both are compared on (0: neither is)")
      ->capture_default_str();
  command
      ->add_option("--dense-steps", arguments->dense_steps,
                   "Steps on either side of 0 that dense weights are rounded to")
      ->capture_default_str()
      ->check(CLI::Range(1, kMostSteps));
  add_threads_option(*command, arguments->threads);
  command->callback([arguments] { run_quantize(*arguments); });
}

}  // namespace inkdigit
