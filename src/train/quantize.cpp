#include "train/quantize.h"

#include <algorithm>
#include <array>
#include <cmath>
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

/// `weights` is [outputs, …].
void quantize_weights(const std::string& name, const Tensor& weights, int steps,
                      WeightsFile& file) {
  const size_t outputs = weights.dim(0);
  Int8Tensor rounded(weights.shape());
  Tensor scales({outputs});
  for (size_t o = 0; o < outputs; ++o) {
    const std::span<const float> row = weights.row(o);
    float largest = 0.0f;
    for (const float weight : row) largest = std::max(largest, std::abs(weight));
    const float scale = (largest > 1e-30f ? largest : 1.0f) / static_cast<float>(steps);
    scales.data()[o] = scale;
    std::ranges::transform(row, rounded.row(o).data(), [scale](float weight) {
      return static_cast<int8_t>(std::lround(weight / scale));
    });
  }
  file.int8_tensors.emplace(name + ".weight", std::move(rounded));
  file.tensors.emplace(name + ".weight_scale", std::move(scales));
}

/// How often which values occur, between the smallest and the largest.
struct Histogram {
  static constexpr size_t kBins = 4096;
  float low, high;  // 0 lies between them
  std::array<double, kBins> counts{};

  double value(size_t bin) const {
    return low + (static_cast<double>(bin) + 0.5) * (high - low) / kBins;
  }
};

/// Of the outputs of `model` for `pictures`.
Histogram make_histogram(Model& model, const Dataset& pictures) {
  Histogram histogram{.low = 0.0f, .high = 1e-6f};
  for_each_output(model, pictures, [&histogram](size_t, const Tensor& output) {
    const auto [low, high] = std::ranges::minmax(output.values());
    histogram.low = std::min(low, histogram.low);
    histogram.high = std::max(high, histogram.high);
  });
  const float scale = Histogram::kBins / (histogram.high - histogram.low);
  for_each_output(model, pictures, [&histogram, scale](size_t, const Tensor& output) {
    for (const float value : output.values()) {
      const auto bin = static_cast<size_t>((value - histogram.low) * scale);
      histogram.counts[std::min(bin, Histogram::kBins - 1)] += 1.0;
    }
  });
  return histogram;
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

/// Of the outputs of the first `layers` layers.
Tensor output_range(const WeightsFile& weights, Architecture architecture, size_t layers,
                    const Dataset& pictures, const ThreadPool& pool) {
  architecture.layers.resize(layers);
  Network beginning(std::move(architecture), pool);
  beginning.load(weights);
  const Histogram histogram = make_histogram(beginning, pictures);
  const float share = best_share(histogram);
  return Tensor({2}, std::array{share * histogram.low, share * histogram.high});
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
  WeightsFile file = Network::from_weights(weights, pool).save();
  file.metadata.insert(weights.metadata.begin(), weights.metadata.end());
  for (size_t i = 0; i < count; ++i) {
    const LayerSpec& spec = layers[i];
    if (!has_weights(spec.type)) continue;
    const auto found = file.tensors.find(spec.name + ".weight");
    quantize_weights(spec.name, found->second,
                     spec.type == LayerType::kDense ? dense_steps : kMostSteps, file);
    file.tensors.erase(found);
    if (spec.type != LayerType::kConv2d) continue;
    const size_t next = i + (has_relu(architecture, i) ? 2 : 1);
    file.tensors.emplace(spec.name + ".output_range",
                         output_range(weights, architecture, next, pictures, pool));
  }
  return file;
}

}  // namespace inkdigit
