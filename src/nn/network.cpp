#include "nn/network.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <utility>

#include "core/random.h"
#include "nn/activation.h"
#include "nn/checksum.h"
#include "nn/conv2d.h"
#include "nn/dense.h"
#include "nn/dropout.h"
#include "nn/max_pool2d.h"
#include "nn/metadata.h"
#include "nn/symbols.h"

namespace inkdigit {

struct Network::Stage {
  std::unique_ptr<Layer> layer;
  LayerType type;
  bool relu;             // a ReLU that stood behind this layer is done by it
  size_t spec_index;     // of the layer in the architecture
  Shape output_shape;    // […], of one input
  Tensor output{};       // [N, …]
  Tensor grad_output{};  // dLoss/dOutput, same shape
};

namespace {

std::unique_ptr<Layer> make_layer(const LayerSpec& spec, size_t index, const Shape& input_shape,
                                  bool relu, const ThreadPool& pool) {
  switch (spec.type) {
    case LayerType::kConv2d:
      return std::make_unique<Conv2d>(spec.name, input_shape.back(), spec.units, spec.kernel, relu,
                                      pool);
    case LayerType::kMaxPool2d:
      return std::make_unique<MaxPool2d>(pool);
    case LayerType::kDense:
      return std::make_unique<Dense>(spec.name, element_count(input_shape), spec.units, relu, pool);
    case LayerType::kRelu:
      return std::make_unique<Relu>(pool);
    case LayerType::kTanh:
      return std::make_unique<Tanh>(pool);
    case LayerType::kDropout:
      return std::make_unique<Dropout>(spec.rate, index, pool);
  }
  throw std::invalid_argument("layer " + std::to_string(index) + ": unknown type");
}

}  // namespace

Network::Network(Network&&) noexcept = default;
Network& Network::operator=(Network&&) noexcept = default;
Network::~Network() = default;

Network::Network(Architecture architecture, const ThreadPool& pool)
    : architecture_(std::move(architecture)) {
  const std::vector<LayerSpec>& specs = architecture_.layers;
  if (specs.empty()) throw std::invalid_argument("layers: expected at least one, got none");
  const std::vector<Shape> shapes = output_shapes(architecture_);
  bool weights_seen = false;
  for (size_t i = 0; i < specs.size(); ++i) {
    const bool relu = has_relu(architecture_, i);
    if (has_weights(specs[i].type) && !std::exchange(weights_seen, true)) {
      first_trained_ = stages_.size();
    }
    stages_.push_back(
        {make_layer(specs[i], i, i == 0 ? architecture_.input : shapes[i - 1], relu, pool),
         specs[i].type, relu, i, shapes[i]});
    if (relu) ++i;
  }
}

Network Network::from_weights(const WeightsFile& file, const ThreadPool& pool) {
  Architecture architecture = read_architecture(file);
  try {
    Network network(std::move(architecture), pool);
    network.load(file);
    return network;
  } catch (const std::invalid_argument& error) {
    throw metadata_error(WeightsFile::kArchitectureKey, error.what());
  }
}

Shape Network::output_shape() const { return stages_.back().output_shape; }

void Network::initialize(uint64_t seed) {
  uint64_t index = 0;
  for (Stage& stage : stages_) {
    if (!has_weights(stage.type)) continue;
    Parameter& weights = *stage.layer->parameters()[0];  // [outputs, …]
    Parameter& bias = *stage.layer->parameters()[1];
    const double fan_in = static_cast<double>(weights.value.size() / weights.value.dim(0));
    const double taps = weights.value.shape().size() == 4
                            ? static_cast<double>(weights.value.dim(1) * weights.value.dim(2))
                            : 1.0;
    const double fan_out = static_cast<double>(weights.value.dim(0)) * taps;
    const double deviation = std::sqrt(2.0 / (stage.relu ? fan_in : fan_in + fan_out));
    Random random({seed, index++});
    for (float& w : weights.value.values()) w = static_cast<float>(deviation * random.normal());
    weights.mark_changed();
    bias.value.fill(0.0f);
    bias.mark_changed();
  }
}

void Network::load(const WeightsFile& file) {
  check_checksum(file);
  for (const Parameter* parameter : parameters()) {
    if (file.int8_tensors.contains(parameter->name)) {
      throw WeightsError("tensor " + parameter->name +
                         " is int8, which is for reading only: take the float32 weights");
    }
  }
  for (const Parameter* parameter : parameters()) {
    file.tensor(parameter->name, parameter->value.shape());  // throws before anything has changed
  }
  std::vector<std::string> symbols = read_symbols(file, element_count(output_shape()));
  energy_threshold_ = read_energy_threshold(file);
  symbols_ = std::move(symbols);
  for (Parameter* parameter : parameters()) {
    std::ranges::copy(file.tensors.at(parameter->name).values(), parameter->value.data());
    parameter->mark_changed();
  }
}

WeightsFile Network::save() const {
  WeightsFile file;
  for (const Parameter* parameter : parameters()) {
    file.tensors.emplace(parameter->name, parameter->value.clone());
  }
  file.metadata[WeightsFile::kArchitectureKey] = to_json(architecture_);
  if (energy_threshold_) {
    std::array<char, 32> text;
    std::snprintf(text.data(), text.size(), "%.17g", *energy_threshold_);
    file.metadata[WeightsFile::kEnergyThresholdKey] = text.data();
  }
  if (!symbols_.empty()) file.metadata[WeightsFile::kSymbolsKey] = symbols_to_json(symbols_);
  return file;
}

const Tensor& Network::run(const Tensor& input, size_t stage_count, const Pass& pass) {
  check_input(architecture_, input.shape());
  const Tensor* current = &input;
  for (size_t i = 0; i < stage_count; ++i) {
    Stage& stage = stages_[i];
    if (pass.mode == Mode::kInference && stage.type == LayerType::kDropout) continue;
    stage.output.resize(with_batch(input.dim(0), stage.output_shape));
    stage.layer->forward(*current, stage.output, pass);
    current = &stage.output;
  }
  return *current;
}

const Tensor& Network::forward(const Tensor& input, const Pass& pass) {
  return run(input, stages_.size(), pass);
}

std::vector<LayerOutput> Network::activations(const Tensor& input) {
  forward(input);
  std::vector<LayerOutput> outputs;
  for (const Stage& stage : stages_) {
    if (stage.type == LayerType::kDropout) continue;
    outputs.push_back(
        {display_name(architecture_.layers[stage.spec_index]), stage.type, &stage.output});
  }
  return outputs;
}

void Network::backward(const Tensor& input, const Tensor& grad_output) {
  Tensor& grad_last = stages_.back().grad_output;
  grad_last.resize(grad_output.shape());
  std::ranges::copy(grad_output.values(), grad_last.data());
  for (size_t i = stages_.size(); i-- > first_trained_;) {
    const Tensor& stage_input = i > 0 ? stages_[i - 1].output : input;
    Tensor* grad_input = i > first_trained_ ? &stages_[i - 1].grad_output : nullptr;
    stages_[i].layer->backward(stage_input, stages_[i].output, stages_[i].grad_output, grad_input);
  }
}

std::vector<Parameter*> Network::parameters() {
  std::vector<Parameter*> all;
  for (Stage& stage : stages_) {
    for (Parameter* parameter : stage.layer->parameters()) all.push_back(parameter);
  }
  return all;
}

std::vector<const Parameter*> Network::parameters() const {
  std::vector<const Parameter*> all;
  for (const Stage& stage : stages_) {
    for (const Parameter* parameter : stage.layer->parameters()) all.push_back(parameter);
  }
  return all;
}

size_t Network::head_start() const {
  size_t start = 0;
  while (start < stages_.size() && stages_[start].type != LayerType::kDense) ++start;
  if (start == stages_.size()) {
    throw std::invalid_argument("layers: a head needs a dense layer, and there is none");
  }
  if (start > 0 && stages_[start - 1].type == LayerType::kDropout) --start;
  return start;
}

Architecture Network::head() const {
  const size_t start = head_start();
  Architecture head;
  head.input = {element_count(start == 0 ? architecture_.input : stages_[start - 1].output_shape)};
  head.layers.assign(
      architecture_.layers.begin() + static_cast<std::ptrdiff_t>(stages_[start].spec_index),
      architecture_.layers.end());
  return head;
}

const Tensor& Network::features(const Tensor& input) { return run(input, head_start(), Pass{}); }

}  // namespace inkdigit
