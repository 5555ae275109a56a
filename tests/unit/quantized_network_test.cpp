#include "nn/quantized_network.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "classifier.h"
#include "core/random.h"
#include "nn/network.h"
#include "train/evaluate.h"
#include "train/pen_dataset.h"
#include "train/quantize.h"

namespace inkdigit {
namespace {

using Catch::Matchers::ContainsSubstring;

WeightsFile some_weights(const Architecture& architecture, const ThreadPool& pool) {
  Network network(architecture, pool);
  network.initialize(7);
  Random random({8});
  for (Parameter* parameter : network.parameters()) {  // biases that matter
    if (parameter->value.shape().size() != 1) continue;
    for (float& bias : parameter->value.values()) bias = static_cast<float>(0.2 * random.normal());
    parameter->mark_changed();
  }
  return network.save();
}

WeightsFile reread(const WeightsFile& file) { return read_weights(write_weights(file)); }

/// Root mean square difference of the logits, in shares of their own.
double relative_error(const WeightsFile& exact_file, const WeightsFile& int8_file,
                      const Dataset& pictures, const ThreadPool& pool) {
  const auto exact = load_model(exact_file, pool);
  const auto rounded = load_model(int8_file, pool);
  const Tensor expected = all_logits(*exact, pictures);
  const Tensor got = all_logits(*rounded, pictures);
  double error = 0.0, size = 0.0;
  for (size_t i = 0; i < expected.size(); ++i) {
    error += std::pow(got.data()[i] - expected.data()[i], 2);
    size += std::pow(expected.data()[i], 2);
  }
  return std::sqrt(error / size);
}

TEST_CASE("an int8 network gives nearly the logits of its float32 network", "[quantized]") {
  const ThreadPool pool(2);
  const Dataset pictures = make_pen_digits(40, 3, pool);
  const std::vector<Architecture> architectures{
      default_architecture(),
      // no pooling, no ReLU behind the first convolution, a ReLU behind the dense layer
      {{28, 28, 1},
       {{.type = LayerType::kConv2d, .name = "a", .units = 8, .kernel = 5},
        {.type = LayerType::kConv2d, .name = "b", .units = 9, .kernel = 3},
        {.type = LayerType::kRelu},
        {.type = LayerType::kDense, .name = "c", .units = 20},
        {.type = LayerType::kRelu},
        {.type = LayerType::kDense, .name = "d", .units = 10}}},
      {{28, 28, 1}, {{.type = LayerType::kDense, .name = "only", .units = 10}}},
  };
  for (const Architecture& architecture : architectures) {
    CAPTURE(to_json(architecture));
    const WeightsFile exact = some_weights(architecture, pool);
    CHECK(relative_error(exact, reread(quantize(exact, pictures, pool, 127)), pictures, pool) <
          0.03);
    CHECK(relative_error(exact, reread(quantize(exact, pictures, pool)), pictures, pool) < 0.08);
  }
}

TEST_CASE(
    "a channel that is all bias, or whose layer has fewer outputs than symbols, is no hindrance",
    "[quantized]") {
  const ThreadPool pool(1);
  const Dataset pictures = make_pen_digits(10, 3, pool);
  const Architecture architecture{
      {28, 28, 1},
      {{.type = LayerType::kConv2d, .name = "a", .units = 2, .kernel = 28},
       {.type = LayerType::kRelu},
       {.type = LayerType::kDense, .name = "b", .units = 13}}};
  WeightsFile exact = some_weights(architecture, pool);
  for (float& weight : exact.tensors.at("a.weight").row(1)) weight *= 1e-8f;
  exact.tensors.at("a.bias").data()[1] = 0.5f;
  exact.metadata[WeightsFile::kSymbolsKey] = R"(["x","y","z"])";
  CHECK(relative_error(exact, reread(quantize(exact, pictures, pool, 127)), pictures, pool) < 0.03);
}

TEST_CASE("an int8 file keeps the metadata and is a quarter of the size", "[quantized]") {
  const ThreadPool pool(2);
  const Dataset pictures = make_pen_digits(20, 4, pool);
  const WeightsFile exact_file = reread([&] {
    WeightsFile file = some_weights(default_architecture(), pool);
    file.metadata["note"] = "kept";
    return file;
  }());
  const WeightsFile file = reread(quantize(exact_file, pictures, pool));
  CHECK(file.metadata.at("note") == "kept");
  CHECK(file.metadata.at(WeightsFile::kArchitectureKey) ==
        exact_file.metadata.at(WeightsFile::kArchitectureKey));
  CHECK(write_weights(file).size() < 1'250'000);
}

TEST_CASE("a batch gives what single pictures give, in int8 too", "[quantized]") {
  const ThreadPool pool(2);
  const Dataset pictures = make_pen_digits(37, 5, pool);
  const WeightsFile exact = some_weights(default_architecture(), pool);
  Classifier classifier(quantize(exact, pictures, pool), pool);
  std::vector<float> frames(pictures.images.size());
  std::ranges::transform(pictures.images, frames.begin(), [](uint8_t ink) { return ink / 255.0f; });
  std::vector<float> probabilities(pictures.size() * kDigits);
  classifier.classify_batch(frames, probabilities);
  for (const size_t n : {size_t{0}, size_t{31}, size_t{32}, size_t{36}}) {
    Frame frame;
    std::copy_n(pictures.images.begin() + static_cast<std::ptrdiff_t>(n * kFrameSize), kFrameSize,
                frame.begin());
    const Classification single = classifier.classify_frame(frame);
    for (size_t c = 0; c < kDigits; ++c) {
      CHECK(std::abs(single.probabilities[c] - probabilities[n * kDigits + c]) < 1e-5f);
    }
  }
}

TEST_CASE("a convolution that puts out nothing makes a file that can be read", "[quantized]") {
  const ThreadPool pool(1);
  const Dataset pictures = make_pen_digits(20, 3, pool);
  const std::string dead = GENERATE("conv1.bias", "conv2.bias");
  CAPTURE(dead);
  WeightsFile exact = some_weights(default_architecture(), pool);
  std::ranges::fill(exact.tensors.at(dead).values(), -50.0f);
  CHECK(relative_error(exact, reread(quantize(exact, pictures, pool)), pictures, pool) < 0.05);
}

TEST_CASE("what int8 cannot do is said", "[quantized]") {
  const ThreadPool pool(1);
  const Dataset pictures = make_pen_digits(10, 6, pool);
  const Architecture tanh_first{
      {28, 28, 1},
      {{.type = LayerType::kTanh}, {.type = LayerType::kDense, .name = "d", .units = 10}}};
  CHECK_THROWS_WITH(quantize(some_weights(tanh_first, pool), pictures, pool),
                    ContainsSubstring("use float32 for this network"));
  const WeightsFile exact = some_weights(default_architecture(), pool);
  CHECK_THROWS_WITH(quantize(exact, pictures, pool, 128), ContainsSubstring("expected 1 to 127"));
  CHECK_THROWS_WITH(Network::from_weights(quantize(exact, pictures, pool), pool),
                    ContainsSubstring("is int8, which is for reading only"));
}

TEST_CASE("a damaged int8 file is refused by name", "[quantized]") {
  const ThreadPool pool(1);
  const Dataset pictures = make_pen_digits(10, 6, pool);
  const WeightsFile exact = some_weights(default_architecture(), pool);
  const auto damaged = [&](const std::string& name, std::vector<float> values) {
    WeightsFile file = quantize(exact, pictures, pool);
    Tensor& tensor = file.tensors.at(name);
    std::ranges::copy(values, tensor.data());
    return file;
  };
  const auto load = [&pool](const WeightsFile& file) { load_model(file, pool); };
  CHECK_THROWS_WITH(load(damaged("conv1.output_range", {1.0f, 2.0f})),
                    ContainsSubstring("conv1.output_range: expected a range around 0"));
  CHECK_THROWS_WITH(load(damaged("conv2.output_range", {0.0f, 0.0f})),
                    ContainsSubstring("conv2.output_range: expected a range around 0"));
  CHECK_THROWS_WITH(load(damaged("conv2.weight_scale", {-1.0f})),
                    ContainsSubstring("conv2.weight_scale: expected scales above 0"));
  CHECK_THROWS_WITH(load(damaged("conv1.weight_scale", {1e30f})),
                    ContainsSubstring("conv1.weight_scale: expected scales above 0"));
  CHECK_THROWS_WITH(load(damaged("conv1.bias", {1e30f})), ContainsSubstring("conv1.bias"));
  WeightsFile missing = quantize(exact, pictures, pool);
  missing.int8_tensors.erase("dense1.weight");
  CHECK_THROWS_WITH(load(missing), ContainsSubstring("dense1.weight"));
  missing = quantize(exact, pictures, pool);
  missing.tensors.erase("dense2.bias");
  CHECK_THROWS_WITH(load(missing), ContainsSubstring("dense2.bias"));
}

TEST_CASE("an int8 file whose layers do not fit each other is refused", "[quantized]") {
  const ThreadPool pool(1);
  const WeightsFile exact = some_weights(default_architecture(), pool);
  WeightsFile file = quantize(exact, make_pen_digits(10, 6, pool), pool);
  const auto load_with = [&](const Architecture& architecture) {
    file.metadata[WeightsFile::kArchitectureKey] = to_json(architecture);
    load_model(file, pool);
  };
  Architecture architecture = default_architecture();
  architecture.input = {2, 28, 1};
  CHECK_THROWS_WITH(load_with(architecture),
                    ContainsSubstring("conv1: expected an input [H, W, C]"));
  architecture.input = {256, 256, 1};
  CHECK_THROWS_WITH(load_with(architecture), ContainsSubstring("dense1: too large"));
  architecture.input = {28 * 28};
  CHECK_THROWS_WITH(load_with(architecture),
                    ContainsSubstring("conv1: expected an input [H, W, C]"));
  architecture = default_architecture();
  architecture.input = {5, 5, 1};
  CHECK_THROWS_WITH(load_with(architecture), ContainsSubstring("max_pool2d: expected an input"));
  architecture = default_architecture();
  architecture.layers.push_back({.type = LayerType::kMaxPool2d});
  CHECK_THROWS_WITH(load_with(architecture),
                    ContainsSubstring("max_pool2d: expected an input [H, W, C]"));
}

TEST_CASE("what reads int8 alone says so of float32 weights", "[quantized]") {
  const ThreadPool pool(1);
  const WeightsFile exact = some_weights(default_architecture(), pool);
  CHECK_THROWS_AS(Classifier(exact, pool, load_int8_model), WeightsError);
  const Dataset pictures = make_pen_digits(10, 6, pool);
  const WeightsFile file = quantize(exact, pictures, pool);
  Classifier classifier(file, pool, load_int8_model);
  CHECK(classifier.model().output_shape() == Shape{kDigits});
  CHECK_THROWS_AS(classifier.load(exact), WeightsError);
  CHECK(classifier.model().output_shape() == Shape{kDigits});
}

}  // namespace
}  // namespace inkdigit
