#include "nn/quantized_network.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <stdexcept>

#include "nn/float_tail.h"
#include "nn/metadata.h"
#include "nn/quantized_layers.h"
#include "nn/quantized_weights.h"
#include "nn/quantized_winograd_conv2d.h"

namespace inkdigit {

namespace {

constexpr Quantization kInput{.scale = 1.0f / kActivationSteps, .zero_point = 0};

}  // namespace

struct QuantizedNetwork::Stage {
  std::unique_ptr<QuantizedLayer> layer;
  Shape output_shape;   // [H, W, C]
  Int8Tensor output{};  // [N, H, W, C]
};

size_t QuantizedNetwork::int8_layer_count(const Architecture& architecture) {
  for (size_t i = 0; i < architecture.layers.size(); ++i) {
    const LayerType type = architecture.layers[i].type;
    if (type == LayerType::kTanh || type == LayerType::kRelu) break;
    if (has_relu(architecture, i)) ++i;
    if (type == LayerType::kDense) return i + 1;
  }
  throw std::invalid_argument(
      "layers: int8 needs a dense layer behind convolutions with ReLU and poolings alone; use "
      "float32 for this network");
}

QuantizedNetwork::QuantizedNetwork(const WeightsFile& file, const ThreadPool& pool)
    : architecture_(read_architecture(file)), energy_threshold_(read_energy_threshold(file)) {
  const std::vector<LayerSpec>& layers = architecture_.layers;
  std::vector<Shape> shapes;
  size_t count = 0;
  try {
    count = int8_layer_count(architecture_);
    shapes = output_shapes(architecture_);
  } catch (const std::invalid_argument& error) {
    throw metadata_error(WeightsFile::kArchitectureKey, error.what());
  }
  output_shape_ = shapes.back();
  Quantization quantization = kInput;
  for (size_t i = 0; i < count; ++i) {
    const LayerSpec& spec = layers[i];
    const Shape& input = i == 0 ? architecture_.input : shapes[i - 1];
    const bool relu = has_relu(architecture_, i);
    if (spec.type == LayerType::kConv2d) {
      const Quantization output = read_range(file, spec.name + ".output_range");
      const QuantizedConv2dWeights weights =
          read_convolution(file, spec, input[2], relu, quantization, output);
      const bool winograd = QuantizedWinogradConv2d::suits(weights);
      const size_t next = i + (relu ? 2 : 1);
      const bool pooled = winograd && layers[next].type == LayerType::kMaxPool2d;
      if (pooled) i = next;  // one layer does both
      std::unique_ptr<QuantizedLayer> layer;
      if (winograd) {
        layer =
            std::make_unique<QuantizedWinogradConv2d>(weights, quantization, output, pooled, pool);
      } else {
        layer = std::make_unique<QuantizedConv2d>(weights, quantization, output, pool);
      }
      stages_.push_back({std::move(layer), shapes[i]});
      quantization = output;
    } else if (spec.type == LayerType::kMaxPool2d) {
      stages_.push_back({std::make_unique<QuantizedMaxPool2d>(pool), shapes[i]});
    } else if (spec.type == LayerType::kDense) {
      const size_t inputs = element_count(input);
      dense_outputs_ = spec.units;
      dense_.emplace(inputs, spec.units, quantization,
                     file.int8_tensor(spec.name + ".weight", {spec.units, inputs}).data(),
                     read_scales(file, spec.name + ".weight_scale", spec.units,
                                 std::numeric_limits<float>::max())
                         .data(),
                     file.tensor(spec.name + ".bias", {spec.units}).data(), relu, pool);
    }
  }
  tail_ = std::make_unique<FloatTail>(std::span(layers).subspan(count), dense_outputs_, file, pool);
  symbols_ = read_symbols(file, element_count(output_shape_));
}

QuantizedNetwork::~QuantizedNetwork() = default;

const Tensor& QuantizedNetwork::infer(const Tensor& input) {
  check_input(architecture_, input.shape());
  const size_t batch_size = input.dim(0);
  input_.resize(input.shape());
  std::ranges::transform(input.values(), input_.data(), [](float value) {
    return static_cast<int8_t>(std::clamp(value, 0.0f, 1.0f) * kActivationSteps + 0.5f);
  });
  const Int8Tensor* current = &input_;
  for (Stage& stage : stages_) {
    stage.output.resize(with_batch(batch_size, stage.output_shape));
    stage.layer->run(*current, stage.output);
    current = &stage.output;
  }
  dense_output_.resize({batch_size, dense_outputs_});
  dense_->run(batch_size, current->data(), dense_output_.data());
  return tail_->run(dense_output_);
}

std::unique_ptr<Model> load_int8_model(const WeightsFile& file, const ThreadPool& pool) {
  if (file.int8_tensors.empty()) {
    throw WeightsError(
        "these weights are float32: a reader needs int8 ones; loadEngine() reads both");
  }
  return std::make_unique<QuantizedNetwork>(file, pool);
}

}  // namespace inkdigit
