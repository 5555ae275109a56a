#include "nn/quantized_network.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <stdexcept>
#include <utility>

#include "nn/metadata.h"
#include "nn/quantized_winograd_conv2d.h"

namespace inkdigit {

namespace {

constexpr Quantization kInput{.scale = 1.0f / kActivationSteps, .zero_point = 0};

// Convolutions of fewer channels than a kernel multiplies at once (8) waste the rest of each
// vector: there, the pixels under the kernel are gathered, and taken for channels of one pixel.
constexpr size_t kFewChannels = 8;

Quantization read_range(const WeightsFile& file, const std::string& name) {
  const std::span<const float> range = file.tensor(name, {2}).values();
  const float scale = (range[1] - range[0]) / kActivationSteps;
  if (!(range[0] <= 0.0f && range[1] >= 0.0f && std::isnormal(scale))) {
    throw WeightsError("tensor " + name + ": expected a range around 0");
  }
  return {scale, static_cast<int8_t>(std::lround(-range[0] / scale))};
}

/// `largest`: what the layer's arithmetic bears.
const Tensor& read_scales(const WeightsFile& file, const std::string& name, size_t outputs,
                          float largest) {
  const Tensor& scales = file.tensor(name, {outputs});
  for (const float scale : scales.values()) {
    if (!(std::isnormal(scale) && scale > 0.0f && scale < largest)) {
      throw WeightsError("tensor " + name + ": expected scales above 0 that the arithmetic bears");
    }
  }
  return scales;
}

/// A convolution's part of the file, which it borrows from.
struct ConvolutionWeights {
  Conv2dShape shape;
  const int8_t* kernel;
  const float* scales;
  std::vector<int32_t> bias;
};

ConvolutionWeights read_convolution(const LayerSpec& spec, size_t channels, bool relu,
                                    Quantization input, Quantization output,
                                    const WeightsFile& file) {
  const Int8Tensor& kernel =
      file.int8_tensor(spec.name + ".weight", {spec.units, spec.kernel, spec.kernel, channels});
  // XNNPACK takes no factor of 256 or more from sums to outputs.
  const Tensor& scales = read_scales(file, spec.name + ".weight_scale", spec.units,
                                     256.0f * output.scale / input.scale);
  const Tensor& bias = file.tensor(spec.name + ".bias", {spec.units});
  std::vector<int32_t> integer_bias(spec.units);
  for (size_t o = 0; o < spec.units; ++o) {
    const double value = bias.data()[o] / (double{input.scale} * scales.data()[o]);
    if (!(std::abs(value) < double{1 << 30})) {  // leaves room for the sum
      throw WeightsError("tensor " + spec.name + ".bias: too large for its scales");
    }
    integer_bias[o] = static_cast<int32_t>(std::lround(value));
  }
  return {.shape = {.kernel_height = spec.kernel,
                    .kernel_width = spec.kernel,
                    .input_channels = channels,
                    .output_channels = spec.units,
                    .relu = relu},
          .kernel = kernel.data(),
          .scales = scales.data(),
          .bias = std::move(integer_bias)};
}

/// What the layer makes of an `input` of this shape, without the batch; WeightsError if it cannot
/// take it.
Shape output_shape_of(const LayerSpec& spec, const Shape& input) {
  const size_t window = spec.type == LayerType::kConv2d      ? spec.kernel
                        : spec.type == LayerType::kMaxPool2d ? 2
                                                             : 0;
  if (window != 0 && (input.size() != 3 || input[0] < window || input[1] < window)) {
    throw WeightsError((spec.name.empty() ? std::string(to_string(spec.type)) : spec.name) +
                       ": expected an input [H, W, C] with H and W of at least " +
                       std::to_string(window) + ", got " + to_string(input));
  }
  if (spec.type == LayerType::kConv2d) {
    return {input[0] - window + 1, input[1] - window + 1, spec.units};
  }
  if (spec.type == LayerType::kMaxPool2d) return {input[0] / 2, input[1] / 2, input[2]};
  return spec.type == LayerType::kDense ? Shape{spec.units} : input;
}

}  // namespace

// One int8 layer. Its output is its own, valid until the next run.
class QuantizedNetwork::Stage {
 public:
  virtual ~Stage() = default;
  virtual const Int8Tensor& run(const Int8Tensor& input) = 0;

 protected:
  Int8Tensor output_;
};

class QuantizedNetwork::Convolution final : public Stage {
 public:
  Convolution(const ConvolutionWeights& weights, Quantization input, Quantization output,
              const ThreadPool& pool)
      : kernel_(weights.shape.kernel_height),
        channels_(weights.shape.input_channels),
        outputs_(weights.shape.output_channels),
        gathers_(channels_ < kFewChannels) {
    Conv2dShape shape = weights.shape;
    if (gathers_) {
      shape.kernel_height = shape.kernel_width = 1;
      shape.input_channels *= kernel_ * kernel_;
    }
    operator_.emplace(shape, input, weights.kernel, weights.scales, weights.bias.data(), output,
                      pool);
  }

  const Int8Tensor& run(const Int8Tensor& input) override {
    const size_t images = input.dim(0), height = input.dim(1), width = input.dim(2);
    const size_t output_height = height - kernel_ + 1, output_width = width - kernel_ + 1;
    output_.resize({images, output_height, output_width, outputs_});
    if (!gathers_) {
      operator_->run(images, height, width, input.data(), output_.data());
      return output_;
    }
    const size_t run_length = kernel_ * channels_;  // of neighbours that lie one after the other
    gathered_.resize({images, output_height, output_width, kernel_ * run_length});
    int8_t* target = gathered_.data();
    for (size_t n = 0; n < images; ++n) {
      for (size_t y = 0; y < output_height; ++y) {
        for (size_t x = 0; x < output_width; ++x) {
          const int8_t* source = input.data() + ((n * height + y) * width + x) * channels_;
          for (size_t row = 0; row < kernel_; ++row, source += width * channels_) {
            target = std::copy_n(source, run_length, target);
          }
        }
      }
    }
    operator_->run(images, output_height, output_width, gathered_.data(), output_.data());
    return output_;
  }

 private:
  size_t kernel_;  // height and width, pixels
  size_t channels_;
  size_t outputs_;
  bool gathers_;  // see kFewChannels
  std::optional<QuantizedConv2dOperator> operator_;
  Int8Tensor gathered_;  // [N, output height, output width, kernel · kernel · channels]
};

// A convolution, and the max-pool behind it if there is one.
class QuantizedNetwork::WinogradConvolution final : public Stage {
 public:
  WinogradConvolution(const ConvolutionWeights& weights, Quantization input, Quantization output,
                      bool pooled, const ThreadPool& pool)
      : outputs_(weights.shape.output_channels),
        pooled_(pooled),
        layer_(weights.shape, input, weights.kernel, weights.scales, weights.bias.data(), output,
               pooled, pool) {}

  const Int8Tensor& run(const Int8Tensor& input) override {
    const size_t step = pooled_ ? 2 : 1;
    output_.resize({input.dim(0), (input.dim(1) - 2) / step, (input.dim(2) - 2) / step, outputs_});
    layer_.run(input.dim(0), input.dim(1), input.dim(2), input.data(), output_.data());
    return output_;
  }

 private:
  size_t outputs_;
  bool pooled_;
  QuantizedWinogradConv2d layer_;
};

class QuantizedNetwork::Pooling final : public Stage {
 public:
  explicit Pooling(const ThreadPool& pool) : operator_(pool) {}

  const Int8Tensor& run(const Int8Tensor& input) override {
    output_.resize({input.dim(0), input.dim(1) / 2, input.dim(2) / 2, input.dim(3)});
    operator_.run(input.dim(0), input.dim(1), input.dim(2), input.dim(3), input.data(),
                  output_.data());
    return output_;
  }

 private:
  QuantizedMaxPool2dOperator operator_;
};

// The float32 layers behind the int8 ones: dense layers, tanh, ReLU and dropout. They are so small
// (in the shipped network 1,280 multiplications) that plain loops cost nothing, and float32 kernels
// would be half of a module that reads int8 alone.
class QuantizedNetwork::Tail {
 public:
  Tail(std::span<const LayerSpec> layers, size_t inputs, const WeightsFile& file,
       const ThreadPool& pool)
      : outputs_(inputs), tanh_(UnaryOperator::Function::kTanh, pool) {
    for (const LayerSpec& spec : layers) {
      if (spec.type == LayerType::kDropout) continue;
      Step& step = steps_.emplace_back();
      step.type = spec.type;
      if (spec.type == LayerType::kDense) {
        const Tensor& weights = file.tensor(spec.name + ".weight", {spec.units, outputs_});
        step.weights.resize({outputs_, spec.units});
        for (size_t i = 0; i < outputs_; ++i) {
          for (size_t o = 0; o < spec.units; ++o) {
            step.weights.data()[i * spec.units + o] = weights.data()[o * outputs_ + i];
          }
        }
        step.bias = file.tensor(spec.name + ".bias", {spec.units}).clone();
        outputs_ = spec.units;
      } else if (spec.type != LayerType::kTanh && spec.type != LayerType::kRelu) {
        throw WeightsError("layers: " + std::string(to_string(spec.type)) +
                           " stands behind a dense layer, where int8 weights cannot have it");
      }
    }
  }

  size_t outputs() const { return outputs_; }

  const Tensor& run(const Tensor& input) {
    const Tensor* current = &input;
    for (Step& step : steps_) {
      if (step.type == LayerType::kDense) {
        multiply(*current, step);
      } else {
        step.output.resize(current->shape());
        if (step.type == LayerType::kTanh) {
          tanh_.run(current->size(), current->data(), step.output.data());
        } else {
          std::ranges::transform(current->values(), step.output.data(),
                                 [](float value) { return std::max(value, 0.0f); });
        }
      }
      current = &step.output;
    }
    return *current;
  }

 private:
  struct Step {
    LayerType type;
    Tensor weights{};  // [inputs, outputs]
    Tensor bias{};
    Tensor output{};
  };

  static void multiply(const Tensor& input, Step& step) {
    const size_t images = input.dim(0);
    const size_t inputs = step.weights.dim(0), outputs = step.weights.dim(1);
    step.output.resize({images, outputs});
    for (size_t n = 0; n < images; ++n) {
      const float* const x = input.data() + n * inputs;
      float* __restrict const y = step.output.data() + n * outputs;
      std::copy_n(step.bias.data(), outputs, y);
      for (size_t i = 0; i < inputs; ++i) {
        const float* const weights = step.weights.data() + i * outputs;
        for (size_t o = 0; o < outputs; ++o) y[o] += x[i] * weights[o];
      }
    }
  }

  std::vector<Step> steps_;
  size_t outputs_;
  UnaryOperator tanh_;
};

size_t QuantizedNetwork::int8_layer_count(const Architecture& architecture) {
  const std::vector<LayerSpec>& layers = architecture.layers;
  size_t count = 0;
  bool after_convolution = false;  // a ReLU is done by the layer with weights right before it
  for (; count < layers.size(); ++count) {
    const LayerType type = layers[count].type;
    if (type == LayerType::kTanh || (type == LayerType::kRelu && !after_convolution)) break;
    if (type == LayerType::kDense) {
      const bool relu = count + 1 < layers.size() && layers[count + 1].type == LayerType::kRelu;
      return count + (relu ? 2 : 1);
    }
    after_convolution = type == LayerType::kConv2d;
  }
  throw std::invalid_argument(
      "layers: int8 needs a dense layer behind convolutions with ReLU and poolings alone; use "
      "float32 for this network");
}

QuantizedNetwork::QuantizedNetwork(const WeightsFile& file, const ThreadPool& pool)
    : architecture_(read_architecture(file)), energy_threshold_(read_energy_threshold(file)) {
  const std::vector<LayerSpec>& layers = architecture_.layers;
  size_t count = 0;
  try {
    count = int8_layer_count(architecture_);
  } catch (const std::invalid_argument& error) {
    throw WeightsError(error.what());
  }
  Shape shape = architecture_.input;
  Quantization quantization = kInput;
  bool pooled = false;  // by the convolution before
  for (size_t i = 0; i < count; ++i) {
    const LayerSpec& spec = layers[i];
    const Shape output_shape = output_shape_of(spec, shape);
    const bool relu = i + 1 < count && layers[i + 1].type == LayerType::kRelu;
    if (spec.type == LayerType::kConv2d) {
      const Quantization output = read_range(file, spec.name + ".output_range");
      const ConvolutionWeights weights =
          read_convolution(spec, shape[2], relu, quantization, output, file);
      if (QuantizedWinogradConv2d::suits(weights.shape, weights.kernel)) {
        const size_t next = i + (relu ? 2 : 1);
        pooled = next < count && layers[next].type == LayerType::kMaxPool2d;
        stages_.push_back(
            std::make_unique<WinogradConvolution>(weights, quantization, output, pooled, pool));
      } else {
        stages_.push_back(std::make_unique<Convolution>(weights, quantization, output, pool));
      }
      quantization = output;
    } else if (spec.type == LayerType::kMaxPool2d) {
      if (!std::exchange(pooled, false)) stages_.push_back(std::make_unique<Pooling>(pool));
    } else if (spec.type == LayerType::kDense) {
      const size_t inputs = element_count(shape);
      dense_outputs_ = spec.units;
      dense_.emplace(inputs, spec.units, quantization,
                     file.int8_tensor(spec.name + ".weight", {spec.units, inputs}).data(),
                     read_scales(file, spec.name + ".weight_scale", spec.units,
                                 std::numeric_limits<float>::max())
                         .data(),
                     file.tensor(spec.name + ".bias", {spec.units}).data(), relu, pool);
    }
    shape = output_shape;
  }
  tail_ = std::make_unique<Tail>(std::span(layers).subspan(count), dense_outputs_, file, pool);
  symbols_ = read_symbols(file, tail_->outputs());
}

QuantizedNetwork::~QuantizedNetwork() = default;

Shape QuantizedNetwork::output_shape() const { return {tail_->outputs()}; }

const Tensor& QuantizedNetwork::infer(const Tensor& input) {
  Shape expected = architecture_.input;
  expected.insert(expected.begin(), input.shape().empty() ? 0 : input.dim(0));
  if (input.shape() != expected) {
    throw std::invalid_argument("input: expected shape [N] + " + to_string(architecture_.input) +
                                ", got " + to_string(input.shape()));
  }
  input_.resize(input.shape());
  std::ranges::transform(input.values(), input_.data(), [](float value) {
    return static_cast<int8_t>(std::clamp(value, 0.0f, 1.0f) * kActivationSteps + 0.5f);
  });
  const Int8Tensor* current = &input_;
  for (const auto& stage : stages_) current = &stage->run(*current);
  dense_output_.resize({input.dim(0), dense_outputs_});
  dense_->run(input.dim(0), current->data(), dense_output_.data());
  return tail_->run(dense_output_);
}

std::unique_ptr<Model> load_int8_model(const WeightsFile& file, const ThreadPool& pool) {
  if (file.int8_tensors.empty()) {
    throw WeightsError("these weights are float32; the module for int8 weights cannot read them");
  }
  return std::make_unique<QuantizedNetwork>(file, pool);
}

}  // namespace inkdigit
