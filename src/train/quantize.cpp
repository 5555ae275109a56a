#include "train/quantize.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

#include "nn/metadata.h"
#include "nn/network.h"
#include "nn/quantized_network.h"
#include "train/evaluate.h"

namespace inkdigit {

namespace {

/// `weights` is [outputs, …]. No scale is below its output's of `least_scales`.
void quantize_weights(const std::string& name, const Tensor& weights, int steps,
                      std::span<const float> least_scales, WeightsFile& file) {
  const size_t outputs = weights.dim(0);
  Int8Tensor rounded(weights.shape());
  Tensor scales({outputs});
  for (size_t o = 0; o < outputs; ++o) {
    const std::span<const float> row = weights.row(o);
    float largest = 0.0f;
    for (const float weight : row) largest = std::max(largest, std::abs(weight));
    const float scale =
        std::max((largest > 1e-30f ? largest : 1.0f) / static_cast<float>(steps), least_scales[o]);
    scales.data()[o] = scale;
    std::ranges::transform(row, rounded.row(o).data(), [scale](float weight) {
      return static_cast<int8_t>(std::lround(weight / scale));
    });
  }
  file.int8_tensors.emplace(name + ".weight", std::move(rounded));
  file.tensors.emplace(name + ".weight_scale", std::move(scales));
}

/// Those for which a convolution's biases, which are added in steps of input · weight, are not too
/// large. Weights that come out as 0 by them are nothing beside the bias.
std::vector<float> least_scales(const Tensor& bias, float input_scale) {
  constexpr float kMostBiasSteps = 1
                                   << 29;  // half of what may be read: rounding is on the safe side
  std::vector<float> scales;
  for (const float value : bias.values()) {
    scales.push_back(std::abs(value) / (input_scale * kMostBiasSteps));
  }
  return scales;
}

/// How often which values occur, between the smallest and the largest.
struct Histogram {
  static constexpr size_t kBins = 4096;
  float low = 0.0f, high = 1e-6f;  // 0 lies between them
  std::array<double, kBins> counts{};

  double value(size_t bin) const {
    return low + (static_cast<double>(bin) + 0.5) * (high - low) / kBins;
  }
};

/// Of what each convolution of `network` puts out for `pictures`, with its ReLU, by its name.
std::map<std::string, Histogram> make_histograms(Network& network, const Dataset& pictures) {
  std::map<std::string, Histogram> histograms;
  const auto for_each_output = [&](auto&& take) {
    for_each_batch(pictures, network.architecture().input, [&](size_t, const Tensor& batch) {
      for (const LayerOutput& layer : network.activations(batch)) {
        if (layer.type == LayerType::kConv2d) take(histograms[layer.name], layer.output->values());
      }
    });
  };
  for_each_output([](Histogram& histogram, std::span<const float> values) {
    const auto [low, high] = std::ranges::minmax(values);
    histogram.low = std::min(low, histogram.low);
    histogram.high = std::max(high, histogram.high);
  });
  for_each_output([](Histogram& histogram, std::span<const float> values) {
    const float scale = Histogram::kBins / (histogram.high - histogram.low);
    for (const float value : values) {
      const auto bin = static_cast<size_t>((value - histogram.low) * scale);
      histogram.counts[std::min(bin, Histogram::kBins - 1)] += 1.0;
    }
  });
  return histograms;
}

/// The share of the whole range that leaves the least mean square error in int8.
float best_share(const Histogram& histogram) {
  float best = 1.0f;
  double least = -1.0;
  for (float share = 1.0f; share > 0.2f; share -= 0.01f) {
    const double low = share * histogram.low, high = share * histogram.high;
    const double step = (high - low) / kActivationSteps;
    double error = 0.0;
    for (size_t bin = 0; bin < Histogram::kBins; ++bin) {
      const double value = histogram.value(bin);
      const double cut = value - std::clamp(value, low, high);
      error += histogram.counts[bin] * (cut * cut + step * step / 12.0);
    }
    if (least >= 0.0 && error >= least) continue;
    least = error;
    best = share;
  }
  return best;
}

/// The smallest and the largest number that a convolution is to put out. One that puts out next to
/// nothing for the pictures has a wider range, as XNNPACK takes no factor of 256 or more from its
/// sums, in steps of input · weight, to its outputs.
std::array<float, 2> output_range(const Histogram& histogram, float input_scale,
                                  const Tensor& weight_scales) {
  constexpr float kMostFactor = 255.0f;
  const float share = best_share(histogram);
  const float low = share * histogram.low;
  const float least_step = input_scale * std::ranges::max(weight_scales.values()) / kMostFactor;
  return {low, std::max(share * histogram.high, low + kActivationSteps * least_step)};
}

}  // namespace

WeightsFile quantize(const WeightsFile& weights, const Dataset& pictures, const ThreadPool& pool,
                     int dense_steps) {
  if (dense_steps < 1 || dense_steps > kMostSteps) {
    throw std::invalid_argument("dense_steps: expected 1 to " + std::to_string(kMostSteps) +
                                ", got " + std::to_string(dense_steps));
  }
  const Architecture architecture = read_architecture(weights);
  const std::vector<LayerSpec>& layers = architecture.layers;
  const size_t count = QuantizedNetwork::int8_layer_count(architecture);
  Network network = Network::from_weights(weights, pool);
  const std::map<std::string, Histogram> histograms = make_histograms(network, pictures);
  WeightsFile file = network.save();
  file.metadata.insert(weights.metadata.begin(), weights.metadata.end());
  file.metadata.erase(WeightsFile::kChecksumKey);
  float input_scale = 1.0f / kActivationSteps;  // of what the next layer takes
  for (size_t i = 0; i < count; ++i) {
    const LayerSpec& spec = layers[i];
    if (!has_weights(spec.type)) continue;
    const auto found = file.tensors.find(spec.name + ".weight");
    if (spec.type == LayerType::kDense) {
      const std::vector<float> any(spec.units);
      quantize_weights(spec.name, found->second, dense_steps, any, file);
    } else {
      quantize_weights(spec.name, found->second, kMostSteps,
                       least_scales(file.tensors.at(spec.name + ".bias"), input_scale), file);
      const auto [low, high] = output_range(histograms.at(spec.name), input_scale,
                                            file.tensors.at(spec.name + ".weight_scale"));
      file.tensors.emplace(spec.name + ".output_range", Tensor({2}, std::array{low, high}));
      input_scale = (high - low) / kActivationSteps;
    }
    file.tensors.erase(found);
  }
  return file;
}

}  // namespace inkdigit
