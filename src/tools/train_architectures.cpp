#include "tools/train_architectures.h"

#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "classification.h"
#include "image/frame.h"
#include "nn/metadata.h"
#include "tools/files.h"

namespace inkdigit {

namespace {

/// `architecture`, the rates of its dropout layers replaced in turn.
Architecture with_dropout(Architecture architecture, std::span<const double> dropout) {
  size_t next = 0;
  for (LayerSpec& layer : architecture.layers) {
    if (layer.type == LayerType::kDropout && next < dropout.size()) layer.rate = dropout[next++];
  }
  return architecture;
}

Architecture read_layers_file(const std::string& path) {
  const std::vector<std::byte> bytes = read_file(path);
  try {
    return architecture_from_json({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(path + ": " + error.what());
  }
}

}  // namespace

Architecture network_architecture(const TrainArguments& arguments,
                                  const std::optional<WeightsFile>& initial) {
  if (initial) return read_architecture(*initial);
  if (!arguments.layers.empty()) return read_layers_file(arguments.layers);
  return with_dropout(default_architecture(), arguments.dropout);
}

void check_for_mnist(const Architecture& architecture) {
  const std::vector<Shape> shapes = output_shapes(architecture);
  if (architecture.input != Shape{kFrameSide, kFrameSide, 1} || shapes.empty() ||
      architecture.layers.back().type != LayerType::kDense || shapes.back() != Shape{kDigits}) {
    throw std::invalid_argument(
        "layers: expected an input of 28×28×1 and a dense layer of 10 units at the end");
  }
}

Architecture teacher_architecture() {
  const auto conv = [](std::string name, size_t units) {
    return LayerSpec{
        .type = LayerType::kConv2d, .name = std::move(name), .units = units, .kernel = 3};
  };
  const LayerSpec relu{.type = LayerType::kRelu};
  return {.input = {kFrameSide, kFrameSide, 1},
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
                     {.type = LayerType::kDense, .name = "dense2", .units = kDigits}}};
}

}  // namespace inkdigit
