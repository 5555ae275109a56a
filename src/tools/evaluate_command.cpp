#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "nn/network.h"
#include "tools/commands.h"
#include "tools/files.h"
#include "train/evaluate.h"

namespace inkdigit {

namespace {

struct EvaluateArguments {
  std::string weights;
  std::string images;
  std::string labels;
  size_t threads = std::max(1u, std::thread::hardware_concurrency());
  bool json = false;
};

void run_evaluate(const EvaluateArguments& arguments) {
  const ThreadPool pool(arguments.threads);
  Network network = Network::from_weights(
      read_weights_file(arguments.weights.empty() ? default_weights_path()
                                                  : std::filesystem::path(arguments.weights)),
      pool);
  const Dataset dataset = arguments.images.empty() && arguments.labels.empty()
                              ? read_mnist_test(mnist_folder(""))
                              : read_dataset(arguments.images, arguments.labels);
  const Evaluation result = evaluate(network, dataset);
  if (arguments.json) {
    const nlohmann::ordered_json line{{"n", result.count},
                                      {"correct", result.correct},
                                      {"accuracy", result.accuracy()},
                                      {"loss", result.loss}};
    std::printf("%s\n", line.dump().c_str());
  } else {
    std::printf("%zu of %zu right: %.2f %%, mean loss %.4f nats\n", result.correct, result.count,
                100.0 * result.accuracy(), result.loss);
  }
}

}  // namespace

void add_evaluate_command(CLI::App& app) {
  const auto arguments = std::make_shared<EvaluateArguments>();
  CLI::App* command = app.add_subcommand(
      "evaluate", "Measure weights on labelled pictures (default: MNIST's test)");
  command->add_option("--weights", arguments->weights, "Weights file (default: the project's)");
  CLI::Option* images =
      command->add_option("--images", arguments->images, "IDX file of framed pictures");
  CLI::Option* labels = command->add_option("--labels", arguments->labels, "IDX file of labels");
  images->needs(labels);
  labels->needs(images);
  command->add_option("--threads", arguments->threads, "Threads (default: one a core)")
      ->check(CLI::Range(1, 256));
  command->add_flag("--json", arguments->json, "Print one JSON object");
  command->callback([arguments] { run_evaluate(*arguments); });
}

}  // namespace inkdigit
