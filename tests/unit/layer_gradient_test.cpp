#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <complex>

#include "nn/activation.h"
#include "nn/conv2d.h"
#include "nn/dense.h"
#include "nn/dropout.h"
#include "nn/max_pool2d.h"
#include "reference.h"

// Every layer by itself: forward and backward against the double-precision reference.
namespace inkdigit {
namespace {

using Complex = std::complex<double>;
using reference::Array;
using reference::random_tensor;

// What the layer should compute, from its input and its parameters.
using ReferenceForward =
    std::function<Array<Complex>(const Array<Complex>& input, const std::vector<Array<Complex>>&)>;

double largest(std::span<const float> values) {
  double result = 0.0;
  for (const float value : values) result = std::max(result, std::abs(double{value}));
  return result;
}

// Float32 sums of a few thousand terms, compared on the scale of the largest element.
constexpr double kTolerance = 2e-5;

void check_layer(Layer& layer, const Shape& input_shape, const ReferenceForward& expected) {
  const Tensor input = random_tensor(input_shape, 11);
  uint64_t key = 100;
  for (Parameter* parameter : layer.parameters()) {
    const Tensor values = random_tensor(parameter->value.shape(), key++, 0.3);
    std::ranges::copy(values.values(), parameter->value.data());
    parameter->mark_changed();
  }
  std::vector<Array<Complex>> parameters;
  for (Parameter* parameter : layer.parameters()) parameters.emplace_back(parameter->value);
  const Array<Complex> reference_input(input);
  const Array<Complex> reference_output = expected(reference_input, parameters);

  for (const Mode mode : {Mode::kInference, Mode::kTraining}) {
    Tensor output(reference_output.shape);
    layer.forward(input, output, {.mode = mode, .seed = 5});
    const double margin = kTolerance * (1.0 + largest(output.values()));
    for (size_t i = 0; i < output.size(); ++i) {
      REQUIRE_THAT(output.values()[i],
                   Catch::Matchers::WithinAbs(reference_output.values[i].real(), margin));
    }
  }

  // The scalar whose gradient is checked: a random weighting of the outputs.
  Tensor output(reference_output.shape);
  layer.forward(input, output, {.mode = Mode::kTraining, .seed = 5});
  const Tensor weighting = random_tensor(output.shape(), 77);
  const auto weigh = [&](const Array<Complex>& y) {
    Complex sum(0.0);
    for (size_t i = 0; i < y.values.size(); ++i) sum += y.values[i] * double{weighting.values()[i]};
    return sum;
  };
  Tensor grad_output = weighting.clone();
  Tensor grad_input;
  layer.backward(input, output, grad_output, &grad_input);

  REQUIRE(grad_input.shape() == input.shape());
  const double input_margin = kTolerance * (1.0 + largest(grad_input.values()));
  for (size_t i = 0; i < input.size(); ++i) {
    const double exact = reference::derivative(
        [&](const Array<Complex>& x) { return weigh(expected(x, parameters)); }, reference_input,
        i);
    REQUIRE_THAT(grad_input.values()[i], Catch::Matchers::WithinAbs(exact, input_margin));
  }
  for (size_t p = 0; p < parameters.size(); ++p) {
    const Tensor& gradient = layer.parameters()[p]->gradient;
    const double margin = kTolerance * (1.0 + largest(gradient.values()));
    for (size_t i = 0; i < gradient.size(); ++i) {
      const double exact = reference::derivative(
          [&](const Array<Complex>& changed) {
            std::vector<Array<Complex>> with_change = parameters;
            with_change[p] = changed;
            return weigh(expected(reference_input, with_change));
          },
          parameters[p], i);
      INFO(layer.parameters()[p]->name << " element " << i);
      REQUIRE_THAT(gradient.values()[i], Catch::Matchers::WithinAbs(exact, margin));
    }
  }
}

TEST_CASE("conv2d: outputs and gradients are exact", "[layer]") {
  const size_t threads = GENERATE(1, 2);
  const size_t batch_size = GENERATE(1, 7);
  const bool relu = GENERATE(false, true);
  const ThreadPool pool(threads);
  struct Sizes {
    size_t height, width, input_channels, output_channels, kernel;
  };
  // Three take the Winograd way: tiles that fit, that reach beyond the border, odd channels.
  const Sizes sizes = GENERATE(Sizes{7, 5, 1, 3, 3}, Sizes{5, 6, 3, 5, 2}, Sizes{3, 3, 2, 9, 3},
                               Sizes{4, 3, 5, 2, 1}, Sizes{6, 10, 8, 8, 3}, Sizes{7, 5, 9, 11, 3},
                               Sizes{3, 9, 17, 8, 3}, Sizes{8, 6, 9, 3, 5}, Sizes{9, 8, 2, 9, 7});
  CAPTURE(threads, batch_size, relu, sizes.kernel, sizes.input_channels);
  Conv2d layer("conv", sizes.input_channels, sizes.output_channels, sizes.kernel, relu, pool);
  check_layer(layer, {batch_size, sizes.height, sizes.width, sizes.input_channels},
              [&](const auto& x, const auto& parameters) {
                Array<Complex> y = reference::conv2d(x, parameters[0], parameters[1]);
                return relu ? reference::relu(std::move(y)) : y;
              });
}

TEST_CASE("dense: outputs and gradients are exact", "[layer]") {
  const size_t threads = GENERATE(1, 2);
  const size_t batch_size = GENERATE(1, 7);
  const bool relu = GENERATE(false, true);
  const ThreadPool pool(threads);
  CAPTURE(threads, batch_size, relu);
  Dense layer("dense", 3 * 5 * 3, 13, relu, pool);
  check_layer(layer, {batch_size, 3, 5, 3}, [&](const auto& x, const auto& parameters) {
    Array<Complex> y = reference::dense(x, parameters[0], parameters[1]);
    return relu ? reference::relu(std::move(y)) : y;
  });
}

TEST_CASE("max_pool2d: outputs and gradients are exact", "[layer]") {
  const ThreadPool pool(GENERATE(1, 2));
  const Shape shape = GENERATE(Shape{1, 4, 6, 3}, Shape{7, 5, 7, 5}, Shape{2, 2, 2, 1});
  MaxPool2d layer(pool);
  check_layer(layer, shape, [](const auto& x, const auto&) { return reference::max_pool2d(x); });
}

TEST_CASE("max_pool2d: among equal inputs one alone gets the gradient", "[layer]") {
  const ThreadPool pool(1);
  MaxPool2d layer(pool);
  Tensor input({1, 2, 2, 1}), output({1, 1, 1, 1}), grad_input;
  input.fill(3.0f);
  layer.forward(input, output, {.mode = Mode::kTraining});
  Tensor grad_output({1, 1, 1, 1});
  grad_output.fill(2.0f);
  layer.backward(input, output, grad_output, &grad_input);
  CHECK(std::vector<float>(grad_input.values().begin(), grad_input.values().end()) ==
        std::vector<float>{2.0f, 0.0f, 0.0f, 0.0f});
}

TEST_CASE("relu and tanh: outputs and gradients are exact", "[layer]") {
  const ThreadPool pool(GENERATE(1, 2));
  const Shape shape = GENERATE(Shape{1, 13}, Shape{7, 3, 5, 2});
  Relu relu(pool);
  check_layer(relu, shape, [](const auto& x, const auto&) { return reference::relu(x); });
  Tanh tanh(pool);
  check_layer(tanh, shape, [](const auto& x, const auto&) { return reference::tanh(x); });
}

TEST_CASE("dropout: gradients pass where values did", "[layer]") {
  const ThreadPool pool(GENERATE(1, 2));
  const Shape shape = GENERATE(Shape{1, 13}, Shape{7, 3, 5, 2});
  Dropout layer(0.4, /*key=*/3, pool);
  Tensor ones(shape), mask(shape);
  ones.fill(1.0f);
  layer.forward(ones, mask, {.mode = Mode::kTraining, .seed = 5});
  check_layer(layer, shape,
              [&](const auto& x, const auto&) { return reference::multiply(x, mask); });
}

TEST_CASE("dropout: drops its share, keeps the mean, and its seed decides which", "[layer]") {
  const ThreadPool pool(1);
  Dropout layer(0.25, /*key=*/1, pool), other_layer(0.25, /*key=*/2, pool);
  const Shape shape{100, 1000};
  Tensor ones(shape), first(shape), again(shape), other_seed(shape), other_key(shape);
  ones.fill(1.0f);
  layer.forward(ones, first, {.mode = Mode::kTraining, .seed = 1});
  layer.forward(ones, again, {.mode = Mode::kTraining, .seed = 1});
  layer.forward(ones, other_seed, {.mode = Mode::kTraining, .seed = 2});
  other_layer.forward(ones, other_key, {.mode = Mode::kTraining, .seed = 1});

  const auto equal = [](const Tensor& a, const Tensor& b) {
    return std::ranges::equal(a.values(), b.values());
  };
  CHECK(equal(first, again));
  CHECK_FALSE(equal(first, other_seed));
  CHECK_FALSE(equal(first, other_key));
  // 100,000 draws: four standard deviations are 0.0055 for the share and 0.0073 for the mean.
  const double dropped = static_cast<double>(std::ranges::count(first.values(), 0.0f)) / 1e5;
  CHECK_THAT(dropped, Catch::Matchers::WithinAbs(0.25, 0.0055));
  double sum = 0.0;
  for (const float value : first.values()) sum += value;
  CHECK_THAT(sum / 1e5, Catch::Matchers::WithinAbs(1.0, 0.0073));
}

TEST_CASE("dropout refuses to drop everything", "[layer]") {
  const ThreadPool pool(1);
  CHECK_THROWS_AS(Dropout(1.0, 0, pool), std::invalid_argument);
}

}  // namespace
}  // namespace inkdigit
