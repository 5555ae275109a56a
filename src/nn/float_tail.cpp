#include "nn/float_tail.h"

#include <algorithm>

namespace inkdigit {

FloatTail::FloatTail(std::span<const LayerSpec> layers, size_t inputs, const WeightsFile& file,
                     const ThreadPool& pool)
    : tanh_(UnaryOperator::Function::kTanh, pool) {
  for (const LayerSpec& spec : layers) {
    if (spec.type == LayerType::kDropout) continue;
    Step& step = steps_.emplace_back();
    step.type = spec.type;
    if (spec.type != LayerType::kDense) continue;
    const Tensor& weights = file.tensor(spec.name + ".weight", {spec.units, inputs});
    step.weights.resize({inputs, spec.units});
    for (size_t i = 0; i < inputs; ++i) {
      for (size_t o = 0; o < spec.units; ++o) {
        step.weights.data()[i * spec.units + o] = weights.data()[o * inputs + i];
      }
    }
    step.bias = file.tensor(spec.name + ".bias", {spec.units}).clone();
    inputs = spec.units;
  }
}

const Tensor& FloatTail::run(const Tensor& input) {
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

void FloatTail::multiply(const Tensor& input, Step& step) {
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

}  // namespace inkdigit
