#include "nn/architecture.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>

#include "core/errors.h"
#include "core/json.h"

namespace inkdigit {

namespace {

struct TypeName {
  LayerType type;
  const char* name;
};
constexpr std::array kTypeNames{
    TypeName{LayerType::kConv2d, "conv2d"}, TypeName{LayerType::kMaxPool2d, "max_pool2d"},
    TypeName{LayerType::kDense, "dense"},   TypeName{LayerType::kRelu, "relu"},
    TypeName{LayerType::kTanh, "tanh"},     TypeName{LayerType::kDropout, "dropout"},
};

// Bounds for numbers from files, far above what is useful.
constexpr size_t kMaxLayers = 64;
constexpr size_t kMaxSide = 1024;   // pixels
constexpr size_t kMaxUnits = 8192;  // channels or outputs
constexpr size_t kMaxInputs = size_t{1} << 22;

/// A member that is a whole number from 1 to `maximum`.
size_t number(const Json& json, const char* key, const std::string& where, size_t maximum) {
  const std::optional<Json> member = json.find(key);
  const uint64_t value = member ? member->whole_number().value_or(0) : 0;
  if (value < 1 || value > maximum) {
    throw std::invalid_argument(where + ": \"" + key + "\" must be a whole number from 1 to " +
                                std::to_string(maximum));
  }
  return value;
}

std::optional<std::string> text(const Json& json, const char* key) {
  const std::optional<Json> member = json.find(key);
  return member ? member->text() : std::nullopt;
}

LayerSpec layer_from_json(const Json& json, const std::string& where) {
  const std::optional<std::string> type_name = text(json, "type");
  if (!type_name) throw std::invalid_argument(where + ": expected an object with a \"type\"");
  const auto* found = std::ranges::find_if(
      kTypeNames, [&](const TypeName& entry) { return *type_name == entry.name; });
  if (found == kTypeNames.end()) {
    throw std::invalid_argument(where + ": unknown type " + in_quotes(*type_name) +
                                "; known are conv2d, max_pool2d, dense, relu, tanh and dropout");
  }
  LayerSpec spec{.type = found->type};
  if (has_weights(spec.type)) {
    spec.name = text(json, "name").value_or("");
    if (spec.name.empty() || spec.name.size() > 64) {
      throw std::invalid_argument(where + ": \"name\" must be text of 1 to 64 characters");
    }
    spec.units = number(json, "units", where, kMaxUnits);
  }
  if (spec.type == LayerType::kConv2d) spec.kernel = number(json, "kernel", where, kMaxSide);
  if (spec.type == LayerType::kDropout) {
    const std::optional<Json> rate = json.find("rate");
    if (!rate || !rate->number()) {
      throw std::invalid_argument(where + ": \"rate\" must be a number");
    }
    spec.rate = *rate->number();  // its range is the layer's to check
  }
  return spec;
}

/// Of one layer, without the batch.
Shape output_shape(const LayerSpec& spec, const Shape& input) {
  const auto check_window = [&](size_t window) {
    if (input.size() == 3 && input[0] >= window && input[1] >= window) return;
    throw std::invalid_argument(display_name(spec) +
                                ": expected an input [H, W, C] with H and W of at least " +
                                std::to_string(window) + ", got " + to_string(input));
  };
  switch (spec.type) {
    case LayerType::kConv2d:
      check_window(spec.kernel);
      return {input[0] - spec.kernel + 1, input[1] - spec.kernel + 1, spec.units};
    case LayerType::kMaxPool2d:
      check_window(2);
      return {input[0] / 2, input[1] / 2, input[2]};
    case LayerType::kDense:
      return {spec.units};
    default:
      return input;
  }
}

/// std::invalid_argument if all weights, or what all layers put out, are more than memory should
/// hold: layer lists come from files, and little of a file is enough to ask for much.
void check_size(const Architecture& architecture, const std::vector<Shape>& shapes) {
  // The default network has 1.2 million weights; WebAssembly's memory ends at 256 or 512 MB.
  constexpr uint64_t kMost = uint64_t{1} << (sizeof(void*) == 4 ? 24 : 26);
  const auto count = [](const Shape& shape) {  // in 64 bits, also where memory has 32
    uint64_t product = 1;
    for (const size_t length : shape) product *= length;
    return product;
  };
  uint64_t weights = 0, outputs = 0;
  for (size_t i = 0; i < shapes.size(); ++i) {
    const LayerSpec& spec = architecture.layers[i];
    const Shape& input = i == 0 ? architecture.input : shapes[i - 1];
    if (spec.type == LayerType::kConv2d) {
      weights += uint64_t{spec.kernel} * spec.kernel * input.back() * spec.units;
    } else if (spec.type == LayerType::kDense) {
      weights += count(input) * spec.units;
    }
    outputs += count(shapes[i]);
    if (weights <= kMost && outputs <= kMost) continue;
    throw std::invalid_argument(display_name(spec) + ": too large; take fewer units");
  }
}

}  // namespace

std::string_view to_string(LayerType type) {
  const auto* found = std::ranges::find(kTypeNames, type, &TypeName::type);
  return found == kTypeNames.end() ? "" : found->name;
}

bool has_weights(LayerType type) { return type == LayerType::kConv2d || type == LayerType::kDense; }

std::string display_name(const LayerSpec& spec) {
  return spec.name.empty() ? std::string(to_string(spec.type)) : spec.name;
}

std::vector<Shape> output_shapes(const Architecture& architecture) {
  std::vector<Shape> shapes;
  for (const LayerSpec& spec : architecture.layers) {
    shapes.push_back(output_shape(spec, shapes.empty() ? architecture.input : shapes.back()));
  }
  check_size(architecture, shapes);
  return shapes;
}

bool has_relu(const Architecture& architecture, size_t layer) {
  const std::vector<LayerSpec>& layers = architecture.layers;
  return has_weights(layers[layer].type) && layer + 1 < layers.size() &&
         layers[layer + 1].type == LayerType::kRelu;
}

void check_input(const Architecture& architecture, const Shape& batch) {
  if (!batch.empty() && batch == with_batch(batch[0], architecture.input)) return;
  throw std::invalid_argument("input: expected shape [N] + " + to_string(architecture.input) +
                              ", got " + to_string(batch));
}

Architecture default_architecture() {
  return {.input = {28, 28, 1},
          .layers = {
              {.type = LayerType::kConv2d, .name = "conv1", .units = 32, .kernel = 3},
              {.type = LayerType::kRelu},
              {.type = LayerType::kConv2d, .name = "conv2", .units = 64, .kernel = 3},
              {.type = LayerType::kRelu},
              {.type = LayerType::kMaxPool2d},
              {.type = LayerType::kDropout, .rate = 0.25},
              {.type = LayerType::kDense, .name = "dense1", .units = 128},
              {.type = LayerType::kTanh},
              {.type = LayerType::kDropout, .rate = 0.5},
              {.type = LayerType::kDense, .name = "dense2", .units = 10},
          }};
}

std::string to_json(const Architecture& architecture) {
  using OrderedJson = nlohmann::ordered_json;
  OrderedJson layers = OrderedJson::array();
  for (const LayerSpec& spec : architecture.layers) {
    OrderedJson layer{{"type", to_string(spec.type)}};
    if (!spec.name.empty()) layer["name"] = spec.name;
    if (spec.units > 0) layer["units"] = spec.units;
    if (spec.kernel > 0) layer["kernel"] = spec.kernel;
    if (spec.type == LayerType::kDropout) layer["rate"] = spec.rate;
    layers.push_back(std::move(layer));
  }
  return OrderedJson{{"input", architecture.input}, {"layers", std::move(layers)}}.dump();
}

Architecture architecture_from_json(std::string_view text) {
  const std::optional<Json> json = Json::parse(text);
  const std::optional<Json> input = json ? json->find("input") : std::nullopt;
  const std::optional<Json> layers = json ? json->find("layers") : std::nullopt;
  if (!input || !layers) {
    throw std::invalid_argument("expected a JSON object with \"input\" and \"layers\"");
  }
  Architecture architecture;
  if (!input->is_array() || (input->size() != 3 && input->size() != 1)) {
    throw std::invalid_argument("\"input\" must be [height, width, channels] or [values]");
  }
  const size_t maximum = input->size() == 3 ? kMaxSide : kMaxInputs;
  for (size_t i = 0; i < input->size(); ++i) {
    const uint64_t length = (*input)[i].whole_number().value_or(0);
    if (length < 1 || length > maximum) {
      throw std::invalid_argument("\"input\" must hold whole numbers from 1 to " +
                                  std::to_string(maximum));
    }
    architecture.input.push_back(length);
  }
  if (!layers->is_array() || layers->size() < 1 || layers->size() > kMaxLayers) {
    throw std::invalid_argument("\"layers\" must be a list of 1 to " + std::to_string(kMaxLayers) +
                                " layers");
  }
  for (size_t i = 0; i < layers->size(); ++i) {
    LayerSpec spec = layer_from_json((*layers)[i], "layer " + std::to_string(i));
    const bool taken =
        !spec.name.empty() && std::ranges::find(architecture.layers, spec.name, &LayerSpec::name) !=
                                  architecture.layers.end();
    if (taken) {
      throw std::invalid_argument("layer " + std::to_string(i) + ": the name \"" + spec.name +
                                  "\" is taken by an earlier layer");
    }
    architecture.layers.push_back(std::move(spec));
  }
  return architecture;
}

}  // namespace inkdigit
