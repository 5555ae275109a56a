#include "nn/quantized_weights.h"

#include <cmath>
#include <span>
#include <utility>

namespace inkdigit {

Quantization read_range(const WeightsFile& file, const std::string& name) {
  const std::span<const float> range = file.tensor(name, {2}).values();
  const float scale = (range[1] - range[0]) / kActivationSteps;
  if (!(range[0] <= 0.0f && range[1] >= 0.0f && std::isnormal(scale))) {
    throw WeightsError("tensor " + name + ": expected a range around 0");
  }
  return {scale, static_cast<int8_t>(std::lround(-range[0] / scale))};
}

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

QuantizedConv2dWeights read_convolution(const WeightsFile& file, const LayerSpec& spec,
                                        size_t channels, bool relu, Quantization input,
                                        Quantization output) {
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
  return {.shape = {.kernel = spec.kernel,
                    .input_channels = channels,
                    .output_channels = spec.units,
                    .relu = relu},
          .kernel = kernel.data(),
          .scales = scales.data(),
          .bias = std::move(integer_bias)};
}

}  // namespace inkdigit
