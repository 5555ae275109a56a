#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "nn/model.h"
#include "tools/commands.h"
#include "tools/files.h"
#include "tools/held_back.h"
#include "tools/options.h"
#include "tools/png_file.h"
#include "train/evaluate.h"
#include "train/idx_file.h"

namespace inkdigit {

namespace {

struct EvaluateArguments {
  std::string weights;
  std::string data;
  std::string images;
  std::string labels;
  std::string misread;   // PNG file to write
  size_t held_back = 0;  // 0: files are read, or MNIST's test
  size_t threads = 1;
  bool json = false;
};

// A row for each label, a column for what it was taken for; no mistakes are dots.
void print_confusion(const Evaluation& result) {
  for (size_t label = 0; label < result.confusion.size(); ++label) {
    std::printf("%4zu:", label);
    for (const size_t pictures : result.confusion[label]) {
      pictures == 0 ? std::printf("%6s", "·") : std::printf("%5zu", pictures);
    }
    std::printf("\n");
  }
}

/// The misread pictures side by side, as they are: white on black.
void write_misread(const std::string& path, const Dataset& dataset,
                   const std::vector<size_t>& misread) {
  constexpr size_t kColumns = 20;
  const size_t rows = std::max<size_t>(1, (misread.size() + kColumns - 1) / kColumns);
  const size_t stride = kColumns * dataset.width;
  std::vector<uint8_t> sheet(rows * dataset.height * stride);
  for (size_t i = 0; i < misread.size(); ++i) {
    const uint8_t* picture = dataset.picture(misread[i]).data();
    uint8_t* target = &sheet[i / kColumns * dataset.height * stride + i % kColumns * dataset.width];
    for (size_t y = 0; y < dataset.height; ++y) {
      std::copy_n(picture + y * dataset.width, dataset.width, target + y * stride);
    }
  }
  write_grey_png(path, sheet, stride, rows * dataset.height);
}

/// One line, which may be a JSON object; `name` may be empty.
void print_result(const std::string& name, const Evaluation& result, bool json) {
  if (json) {
    nlohmann::ordered_json line;
    if (!name.empty()) line["pictures"] = name;
    line.update({{"n", result.count},
                 {"correct", result.correct},
                 {"accuracy", result.accuracy()},
                 {"loss", result.loss},
                 {"calibration_error", result.calibration_error},
                 {"confusion", result.confusion}});
    std::printf("%s\n", line.dump().c_str());
    return;
  }
  std::printf("%s%s%zu of %zu right: %.2f %%, mean loss %.4f nats, calibration error %.2f %%\n",
              name.c_str(), name.empty() ? "" : ": ", result.correct, result.count,
              100.0 * result.accuracy(), result.loss, 100.0 * result.calibration_error);
}

void run_evaluate(const EvaluateArguments& arguments) {
  const ThreadPool pool(arguments.threads);
  const std::filesystem::path weights = weights_path(arguments.weights);
  for (const auto& read : {weights.string(), arguments.images, arguments.labels}) {
    check_not_written_over(read, arguments.misread);
  }
  const std::unique_ptr<Model> model =
      naming_file(weights, [&] { return load_model(read_weights(read_file(weights)), pool); });
  if (arguments.held_back > 0) {
    Dataset mnist = read_mnist_training(mnist_folder(arguments.data));
    for (const auto& [name, dataset] :
         held_back_datasets(std::move(mnist), arguments.held_back, pool)) {
      print_result(name, evaluate(*model, dataset), arguments.json);
    }
    return;
  }
  const Dataset dataset = arguments.images.empty() && arguments.labels.empty()
                              ? read_mnist_test(mnist_folder(arguments.data))
                              : read_dataset(arguments.images, arguments.labels);
  const Evaluation result = evaluate(*model, dataset);
  print_result("", result, arguments.json);
  if (!arguments.json) print_confusion(result);
  if (!arguments.misread.empty()) write_misread(arguments.misread, dataset, result.misread);
}

}  // namespace

void add_evaluate_command(CLI::App& app) {
  const auto arguments = std::make_shared<EvaluateArguments>();
  CLI::App* command = app.add_subcommand(
      "evaluate", "Measure weights on labelled pictures (default: MNIST's test)");
  add_weights_option(*command, arguments->weights);
  CLI::Option* data = command->add_option("--data", arguments->data,
                                          "Folder of MNIST's IDX files (default: npm's)");
  CLI::Option* images =
      command->add_option("--images", arguments->images, "IDX file of framed pictures");
  CLI::Option* labels = command->add_option("--labels", arguments->labels, "IDX file of labels");
  images->needs(labels)->excludes(data);
  labels->needs(images);
  CLI::Option* misread = command->add_option("--misread", arguments->misread,
                                             "Write the misread pictures to a PNG file");
  command
      ->add_option("--held-back", arguments->held_back,
                   "So many of MNIST's training pictures that `train` chooses by, and pen digits, "
                   "both also as coarse scans")
      ->check(CLI::PositiveNumber)
      ->excludes(images)
      ->excludes(misread);
  add_threads_option(*command, arguments->threads);
  command->add_flag("--json", arguments->json, "Print JSON, an object for each set of pictures");
  command->callback([arguments] { run_evaluate(*arguments); });
}

}  // namespace inkdigit
