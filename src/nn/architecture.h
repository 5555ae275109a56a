#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/tensor.h"

namespace inkdigit {

enum class LayerType { kConv2d, kMaxPool2d, kDense, kRelu, kTanh, kDropout };

/// As in the JSON of an architecture: "conv2d", "max_pool2d", "dense", "relu", "tanh", "dropout".
std::string_view to_string(LayerType type);

/// Convolutions and dense layers have; they are also those that have a name.
bool has_weights(LayerType type);

/// One layer as a user describes it. Fields that the type does not use stay at their defaults.
struct LayerSpec {
  LayerType type;
  std::string name{};  // prefix of the layer's weights, such as "conv1"; conv2d and dense only
  size_t units = 0;    // conv2d: output channels; dense: outputs
  size_t kernel = 0;   // conv2d: height and width of the kernel, in pixels
  double rate = 0.0;   // dropout: share of the inputs set to zero in training, in [0, 1)

  bool operator==(const LayerSpec&) const = default;
};

/// What a layer is called where people read it: its name, or its type if it has none.
std::string display_name(const LayerSpec& spec);

/// A sequence of layers and the shape of one input, without the batch.
struct Architecture {
  Shape input;  // [H, W, C], or [values] of a head
  std::vector<LayerSpec> layers;

  bool operator==(const Architecture&) const = default;
};

/// What each layer puts out for one input, without the batch. std::invalid_argument, naming the
/// layer, if one cannot take what comes from the layer before, or takes more memory than a network
/// should.
std::vector<Shape> output_shapes(const Architecture& architecture);

/// Whether the layer has weights and a ReLU right behind it: the two are then computed as one.
bool has_relu(const Architecture& architecture, size_t layer);

/// std::invalid_argument if the shape of a batch is not [N, …architecture.input].
void check_input(const Architecture& architecture, const Shape& batch);

/// The network of the shipped weights: 28×28×1 → conv 3×3, 32, ReLU → conv 3×3, 64, ReLU → max-pool
/// 2×2 → dropout 0.25 → dense 128, tanh → dropout 0.5 → dense 10.
Architecture default_architecture();

/// The layer list as JSON, for the metadata of a weights file:
/// {"input":[28,28,1],"layers":[{"type":"conv2d","name":"conv1","units":32,"kernel":3},{"type":"relu"},…]}.
std::string to_json(const Architecture& architecture);

/// Reads what to_json writes. std::invalid_argument, naming the layer, for anything else: the text
/// comes from files and is not trusted (numbers are bounded, names are unique).
Architecture architecture_from_json(std::string_view json);

}  // namespace inkdigit
