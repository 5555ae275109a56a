#include "train/calibrate.h"

#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "core/errors.h"
#include "image/statistics.h"
#include "nn/logits.h"
#include "train/evaluate.h"
#include "train/loss.h"

namespace inkdigit {

namespace {

void divide(Tensor& tensor, double divisor) {
  for (float& value : tensor.values()) value = static_cast<float>(value / divisor);
}

double loss_at(const Tensor& logits, std::span<const uint8_t> labels, double temperature) {
  Tensor scaled = logits.clone(), grad;
  divide(scaled, temperature);
  return softmax_cross_entropy(scaled, labels, grad);
}

/// The loss is convex in 1/T: a golden-section search over it finds its only minimum.
double best_temperature(const Tensor& logits, std::span<const uint8_t> labels) {
  constexpr double kGolden = 0.6180339887498949;
  constexpr double kTolerance = 1e-3;
  double low = 0.1, high = 10.0;  // of 1/T
  while (high - low > kTolerance * low) {
    const double left = high - kGolden * (high - low), right = low + kGolden * (high - low);
    const bool go_left = loss_at(logits, labels, 1.0 / left) < loss_at(logits, labels, 1.0 / right);
    (go_left ? high : low) = go_left ? right : left;
  }
  return 2.0 / (low + high);
}

}  // namespace

Calibration calibrate(Network& network, const Dataset& held_back, double unsure_share) {
  const std::vector<LayerSpec>& layers = network.architecture().layers;
  if (layers.empty() || layers.back().type != LayerType::kDense) {
    throw std::invalid_argument("network: expected a dense layer at its end");
  }
  check_range("unsure_share", unsure_share, unsure_share >= 0.0 && unsure_share < 1.0,
              "at least 0 and less than 1");
  Tensor logits = all_logits(network, held_back);
  const double temperature = best_temperature(logits, held_back.labels);

  const std::vector<Parameter*> parameters = network.parameters();
  for (Parameter* parameter : {parameters.end()[-2], parameters.end()[-1]}) {
    divide(parameter->value, temperature);
    parameter->mark_changed();
  }

  divide(logits, temperature);
  std::vector<double> energies;
  for (size_t n = 0; n < held_back.size(); ++n) energies.push_back(energy(logits.row(n)));
  const double threshold = quantile(std::move(energies), unsure_share);
  network.set_energy_threshold(threshold);
  return {temperature, threshold};
}

}  // namespace inkdigit
