#include "nn/network.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <complex>

#include "nn/dropout.h"
#include "reference.h"
#include "train/loss.h"

namespace inkdigit {
namespace {

using Complex = std::complex<double>;
using Catch::Matchers::WithinAbs;
using reference::Array;
using reference::random_tensor;

// Every kind of layer, at sizes that divide by nothing.
Architecture small_architecture() {
  return {.input = {11, 8, 2},
          .layers = {
              {.type = LayerType::kConv2d, .name = "conv1", .units = 5, .kernel = 3},
              {.type = LayerType::kRelu},
              {.type = LayerType::kConv2d, .name = "conv2", .units = 3, .kernel = 2},
              {.type = LayerType::kTanh},
              {.type = LayerType::kMaxPool2d},
              {.type = LayerType::kRelu},
              {.type = LayerType::kDropout, .rate = 0.25},
              {.type = LayerType::kDense, .name = "dense1", .units = 9},
              {.type = LayerType::kRelu},
              {.type = LayerType::kDropout, .rate = 0.5},
              {.type = LayerType::kDense, .name = "dense2", .units = 4},
          }};
}

std::vector<uint8_t> some_labels(size_t count, size_t classes) {
  std::vector<uint8_t> labels(count);
  for (size_t i = 0; i < count; ++i) labels[i] = static_cast<uint8_t>((3 * i + 1) % classes);
  return labels;
}

Shape batch_of(size_t batch_size, const Architecture& architecture) {
  return with_batch(batch_size, architecture.input);
}

// What each dropout layer multiplies by in a pass with this seed.
std::vector<Tensor> dropout_masks(const Architecture& architecture, size_t batch_size,
                                  const Pass& pass, const ThreadPool& pool) {
  std::vector<Tensor> masks;
  const std::vector<Shape> shapes = output_shapes(architecture);
  for (size_t i = 0; i < architecture.layers.size(); ++i) {
    const LayerSpec& spec = architecture.layers[i];
    if (spec.type != LayerType::kDropout) continue;
    const Shape shape = with_batch(batch_size, shapes[i]);
    Tensor ones(shape), mask(shape);
    ones.fill(1.0f);
    Dropout(spec.rate, /*key=*/i, pool).forward(ones, mask, pass);
    masks.push_back(std::move(mask));
  }
  return masks;
}

// Checks `samples` elements of each parameter (all, if there are fewer) against the reference.
void check_gradients(const Architecture& architecture, size_t batch_size, size_t threads,
                     size_t samples) {
  const ThreadPool pool(threads);
  Network network(architecture, pool);
  network.initialize(3);
  for (Parameter* parameter : network.parameters()) {  // biases that are not all zero
    if (parameter->value.shape().size() > 1) continue;
    const Tensor values = random_tensor(parameter->value.shape(), 9, 0.1);
    std::ranges::copy(values.values(), parameter->value.data());
    parameter->mark_changed();
  }
  const Tensor input = random_tensor(batch_of(batch_size, architecture), 1);
  const Pass pass{.mode = Mode::kTraining, .seed = 17};
  const Tensor& logits = network.forward(input, pass);
  const std::vector<uint8_t> labels = some_labels(batch_size, logits.dim(1));
  Tensor grad_logits;
  const float loss = softmax_cross_entropy(logits, labels, grad_logits);
  network.backward(input, grad_logits);

  const std::vector<Tensor> masks = dropout_masks(architecture, batch_size, pass, pool);
  std::vector<Array<Complex>> parameters;
  for (Parameter* parameter : network.parameters()) parameters.emplace_back(parameter->value);
  const auto reference_loss = [&](const std::vector<Array<Complex>>& values) {
    return reference::cross_entropy(
        reference::network(architecture, Array<Complex>(input), values, masks), labels);
  };
  CHECK_THAT(loss, WithinAbs(reference_loss(parameters).real(), 1e-5));

  for (size_t p = 0; p < parameters.size(); ++p) {
    const Parameter& parameter = *network.parameters()[p];
    double largest = 0.0;
    for (const float g : parameter.gradient.values())
      largest = std::max(largest, std::abs(double{g}));
    REQUIRE(largest > 0.0);
    const size_t size = parameter.gradient.size();
    const size_t stride = std::max<size_t>(1, size / samples);
    for (size_t i = 0; i < size; i += stride) {
      const double exact = reference::derivative(
          [&](const Array<Complex>& changed) {
            std::vector<Array<Complex>> with_change = parameters;
            with_change[p] = changed;
            return reference_loss(with_change);
          },
          parameters[p], i);
      INFO(parameter.name << " element " << i);
      REQUIRE_THAT(parameter.gradient.values()[i], WithinAbs(exact, 5e-5 * largest));
    }
  }
}

TEST_CASE("the gradient of a whole network is exact", "[network]") {
  const size_t batch_size = GENERATE(1, 7);
  const size_t threads = GENERATE(1, 2);
  CAPTURE(batch_size, threads);
  check_gradients(small_architecture(), batch_size, threads, /*samples=*/60);
}

TEST_CASE("the gradient is exact for every layer that can be chosen, in every combination",
          "[network]") {
  const size_t kernel = GENERATE(1, 3, 5, 7);
  const LayerType activation = GENERATE(LayerType::kRelu, LayerType::kTanh);
  const bool pool = GENERATE(false, true);
  const double rate = GENERATE(0.0, 0.3);
  CAPTURE(kernel, to_string(activation), pool, rate);
  // The second convolution takes the Winograd way where its kernel is 3.
  Architecture architecture{
      .input = {16, 15, 1},
      .layers = {{.type = LayerType::kConv2d, .name = "conv1", .units = 8, .kernel = kernel},
                 {.type = activation},
                 {.type = LayerType::kConv2d, .name = "conv2", .units = 9, .kernel = kernel},
                 {.type = activation}}};
  if (pool) architecture.layers.push_back({.type = LayerType::kMaxPool2d});
  if (rate > 0.0) architecture.layers.push_back({.type = LayerType::kDropout, .rate = rate});
  architecture.layers.push_back({.type = LayerType::kDense, .name = "dense1", .units = 7});
  architecture.layers.push_back({.type = activation});
  if (rate > 0.0) architecture.layers.push_back({.type = LayerType::kDropout, .rate = rate});
  architecture.layers.push_back({.type = LayerType::kDense, .name = "dense2", .units = 5});
  check_gradients(architecture, /*batch_size=*/3, /*threads=*/2, /*samples=*/3);
}

TEST_CASE("without dropout, training passes on what inference does", "[network]") {
  const ThreadPool pool(1);
  const Architecture architecture = small_architecture();
  Network network(architecture, pool);
  network.initialize(3);
  const Tensor input = random_tensor(batch_of(3, architecture), 1);
  const Tensor inference = network.forward(input).clone();
  const Tensor plain =
      network.forward(input, {.mode = Mode::kTraining, .seed = 1, .dropout = false}).clone();
  const Tensor dropped = network.forward(input, {.mode = Mode::kTraining, .seed = 1}).clone();
  double difference = 0.0;
  for (size_t i = 0; i < plain.size(); ++i) {
    CHECK_THAT(plain.values()[i], WithinAbs(inference.values()[i], 1e-5));
    difference = std::max(difference, std::abs(double{dropped.values()[i]} - plain.values()[i]));
  }
  CHECK(difference > 1e-3);
}

TEST_CASE("activations are what each layer hands to the next", "[network]") {
  const ThreadPool pool(1);
  const Architecture architecture = small_architecture();
  Network network(architecture, pool);
  network.initialize(3);
  const Tensor input = random_tensor(batch_of(2, architecture), 1);
  const Tensor logits = network.forward(input).clone();
  const std::vector<LayerOutput> outputs = network.activations(input);
  std::vector<std::string> names;
  for (const LayerOutput& layer : outputs) names.push_back(layer.name);
  // A ReLU behind a layer with weights is part of it; dropout is left out.
  CHECK(names == std::vector<std::string>{"conv1", "conv2", "tanh", "max_pool2d", "relu", "dense1",
                                          "dense2"});
  CHECK(outputs[0].output->shape() == Shape{2, 9, 6, 5});
  CHECK(std::ranges::equal(outputs.back().output->values(), logits.values()));
  for (size_t i = 0; i < outputs[1].output->size(); ++i) {
    CHECK_THAT(outputs[2].output->values()[i],
               WithinAbs(std::tanh(outputs[1].output->values()[i]), 1e-5));
  }
}

TEST_CASE("the gradient of the shipped network is exact", "[network]") {
  check_gradients(default_architecture(), /*batch_size=*/1, /*threads=*/2, /*samples=*/2);
}

TEST_CASE("one thread and two give the same outputs and gradients", "[network]") {
  const Architecture architecture = default_architecture();
  const Tensor input = random_tensor(batch_of(5, architecture), 1);
  std::vector<std::vector<float>> results;
  for (const size_t threads : {1, 2}) {
    const ThreadPool pool(threads);
    Network network(architecture, pool);
    network.initialize(3);
    const Tensor& logits = network.forward(input, {.mode = Mode::kTraining, .seed = 1});
    std::vector<float> result(logits.values().begin(), logits.values().end());
    Tensor grad_logits;
    softmax_cross_entropy(logits, some_labels(5, 10), grad_logits);
    network.backward(input, grad_logits);
    for (const Parameter* parameter : network.parameters()) {
      result.insert(result.end(), parameter->gradient.values().begin(),
                    parameter->gradient.values().end());
    }
    results.push_back(std::move(result));
  }
  // Threads share out rows and tiles, never a sum: not a bit differs.
  CHECK(results[0] == results[1]);
}

TEST_CASE("batches of changing size do not disturb each other", "[network]") {
  const ThreadPool pool(1);
  const Architecture architecture = small_architecture();
  Network network(architecture, pool);
  network.initialize(3);
  const Tensor seven = random_tensor(batch_of(7, architecture), 1);
  Tensor one(batch_of(1, architecture));
  std::copy_n(seven.data(), one.size(), one.data());

  const Tensor before = network.forward(one).clone();
  const Tensor batch = network.forward(seven).clone();
  const Tensor after = network.forward(one).clone();
  CHECK(std::ranges::equal(before.values(), after.values()));
  for (size_t c = 0; c < before.size(); ++c) {
    CHECK_THAT(batch.values()[c], WithinAbs(before.values()[c], 1e-6));
  }
}

TEST_CASE("changed weights change the next forward, in inference and in training", "[network]") {
  const ThreadPool pool(1);
  const Architecture architecture = small_architecture();
  Network network(architecture, pool);
  network.initialize(3);
  const Tensor input = random_tensor(batch_of(2, architecture), 1);
  for (const Mode mode : {Mode::kInference, Mode::kTraining}) {
    for (Parameter* parameter : network.parameters()) {
      const Tensor before = network.forward(input, {.mode = mode, .seed = 1}).clone();
      for (float& value : parameter->value.values()) value += 0.05f;
      parameter->mark_changed();
      const Tensor& after = network.forward(input, {.mode = mode, .seed = 1});
      INFO(parameter->name);
      CHECK_FALSE(std::ranges::equal(before.values(), after.values()));
    }
  }
}

TEST_CASE("inference agrees with the reference on the shipped network", "[network]") {
  const ThreadPool pool(1);
  const Architecture architecture = default_architecture();
  Network network(architecture, pool);
  network.initialize(1);
  const Tensor input = random_tensor(batch_of(2, architecture), 4, 0.5);
  std::vector<Array<double>> parameters;
  for (Parameter* parameter : network.parameters()) parameters.emplace_back(parameter->value);
  const Array<double> expected =
      reference::network(architecture, Array<double>(input), parameters, {});
  const Tensor& logits = network.forward(input);
  REQUIRE(logits.shape() == Shape{2, 10});
  for (size_t i = 0; i < logits.size(); ++i) {
    CHECK_THAT(logits.values()[i], WithinAbs(expected.values[i], 1e-5));
  }
}

TEST_CASE("the head on cached features is the whole network", "[network]") {
  const ThreadPool pool(1);
  Network whole(default_architecture(), pool);
  whole.initialize(1);
  const Tensor input = random_tensor({3, 28, 28, 1}, 4, 0.5);
  const Tensor expected = whole.forward(input).clone();

  Network head(whole.head(), pool);
  CHECK(head.architecture().input == Shape{9216});
  CHECK(head.architecture().layers.front().type == LayerType::kDropout);
  head.load(whole.save());
  const Tensor& features = whole.features(input);
  const Tensor& logits = head.forward(Tensor({3, 9216}, features.values()));
  CHECK(std::ranges::equal(logits.values(), expected.values()));
}

TEST_CASE("initial weights follow the seed", "[network]") {
  const ThreadPool pool(1);
  const auto weights = [&](uint64_t seed) {
    Network network(default_architecture(), pool);
    network.initialize(seed);
    return write_weights(network.save());
  };
  CHECK(weights(1) == weights(1));
  CHECK(weights(1) != weights(2));
}

TEST_CASE("a saved network comes back the same, layer list included", "[network]") {
  const ThreadPool pool(1);
  Network network(small_architecture(), pool);
  network.initialize(5);
  const WeightsFile file = read_weights(write_weights(network.save()));
  Network copy = Network::from_weights(file, pool);
  CHECK(copy.architecture() == small_architecture());
  const Tensor input = random_tensor(batch_of(2, small_architecture()), 1);
  const Tensor expected = network.forward(input).clone();
  CHECK(std::ranges::equal(copy.forward(input).values(), expected.values()));
}

TEST_CASE("weights without a layer list are taken for the shipped network", "[network]") {
  const ThreadPool pool(1);
  Network network(default_architecture(), pool);
  WeightsFile file = network.save();
  file.metadata.clear();
  CHECK(Network::from_weights(file, pool).architecture() == default_architecture());
}

TEST_CASE("weights that do not fit are refused by name and change nothing", "[network]") {
  using Catch::Matchers::Message;
  const ThreadPool pool(1);
  Network network(small_architecture(), pool);
  network.initialize(5);
  const std::vector<std::byte> before = write_weights(network.save());

  Network other(small_architecture(), pool);
  other.initialize(6);
  WeightsFile missing = other.save();
  missing.tensors.erase("dense2.bias");
  CHECK_THROWS_MATCHES(network.load(missing), WeightsError,
                       Message("tensor dense2.bias is missing; expected shape [4]"));
  WeightsFile misshapen = other.save();
  misshapen.tensors.insert_or_assign("dense1.bias", Tensor({3}));
  CHECK_THROWS_MATCHES(network.load(misshapen), WeightsError,
                       Message("tensor dense1.bias: expected shape [9], got [3]"));
  WeightsFile nonsense = other.save();
  nonsense.metadata[WeightsFile::kArchitectureKey] = "{\"input\":[28]}";
  CHECK_THROWS_AS(Network::from_weights(nonsense, pool), WeightsError);
  CHECK(write_weights(network.save()) == before);
}

TEST_CASE("layers that do not fit each other are refused by name", "[network]") {
  using Catch::Matchers::Message;
  const ThreadPool pool(1);
  Architecture architecture{
      .input = {4, 4, 1},
      .layers = {{.type = LayerType::kConv2d, .name = "conv1", .units = 2, .kernel = 3},
                 {.type = LayerType::kConv2d, .name = "conv2", .units = 2, .kernel = 3}}};
  CHECK_THROWS_MATCHES(
      Network(architecture, pool), std::invalid_argument,
      Message("conv2: expected an input [H, W, C] with H and W of at least 3, got [2, 2, 2]"));
  CHECK_THROWS_AS(Network({.input = {4, 4, 1}, .layers = {}}, pool), std::invalid_argument);
  Network network(small_architecture(), pool);
  CHECK_THROWS_MATCHES(network.forward(Tensor({2, 11, 8, 1})), std::invalid_argument,
                       Message("input: expected shape [N] + [11, 8, 2], got [2, 11, 8, 1]"));
}

TEST_CASE("networks that would not fit into memory are refused before they are built",
          "[network]") {
  using Catch::Matchers::MessageMatches;
  using Catch::Matchers::StartsWith;
  const ThreadPool pool(1);
  const LayerSpec wide{.type = LayerType::kDense, .name = "wide", .units = 8192};
  for (const std::vector<LayerSpec>& layers :
       {std::vector{wide, wide, wide},
        {{.type = LayerType::kConv2d, .name = "wide", .units = 8192, .kernel = 1}}}) {
    CHECK_THROWS_MATCHES(Network({.input = {1024, 1024, 1}, .layers = layers}, pool),
                         std::invalid_argument, MessageMatches(StartsWith("wide: ")));
  }
}

}  // namespace
}  // namespace inkdigit
