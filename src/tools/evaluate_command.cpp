#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "nn/model.h"
#include "tools/commands.h"
#include "tools/files.h"
#include "tools/options.h"
#include "tools/png_file.h"
#include "train/evaluate.h"

namespace inkdigit {

namespace {

struct EvaluateArguments {
  std::string weights;
  std::string images;
  std::string labels;
  std::string misread;  // PNG file to write
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

void run_evaluate(const EvaluateArguments& arguments) {
  const ThreadPool pool(arguments.threads);
  const std::unique_ptr<Model> model =
      load_model(read_weights_file(weights_path(arguments.weights)), pool);
  const Dataset dataset = arguments.images.empty() && arguments.labels.empty()
                              ? read_mnist_test(mnist_folder(""))
                              : read_dataset(arguments.images, arguments.labels);
  const Evaluation result = evaluate(*model, dataset);
  if (!arguments.misread.empty()) write_misread(arguments.misread, dataset, result.misread);
  if (arguments.json) {
    const nlohmann::ordered_json line{{"n", result.count},
                                      {"correct", result.correct},
                                      {"accuracy", result.accuracy()},
                                      {"loss", result.loss},
                                      {"calibration_error", result.calibration_error},
                                      {"confusion", result.confusion}};
    std::printf("%s\n", line.dump().c_str());
  } else {
    std::printf("%zu of %zu right: %.2f %%, mean loss %.4f nats, calibration error %.2f %%\n",
                result.correct, result.count, 100.0 * result.accuracy(), result.loss,
                100.0 * result.calibration_error);
    print_confusion(result);
  }
}

}  // namespace

void add_evaluate_command(CLI::App& app) {
  const auto arguments = std::make_shared<EvaluateArguments>();
  CLI::App* command = app.add_subcommand(
      "evaluate", "Measure weights on labelled pictures (default: MNIST's test)");
  add_weights_option(*command, arguments->weights);
  CLI::Option* images =
      command->add_option("--images", arguments->images, "IDX file of framed pictures");
  CLI::Option* labels = command->add_option("--labels", arguments->labels, "IDX file of labels");
  images->needs(labels);
  labels->needs(images);
  add_threads_option(*command, arguments->threads);
  command->add_option("--misread", arguments->misread, "Write the misread pictures to a PNG file");
  command->add_flag("--json", arguments->json, "Print one JSON object");
  command->callback([arguments] { run_evaluate(*arguments); });
}

}  // namespace inkdigit
