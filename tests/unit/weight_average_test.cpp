#include "train/weight_average.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "nn/symbols.h"

namespace inkdigit {
namespace {

using Catch::Matchers::WithinAbs;

const Architecture kDense{.input = {3},
                          .layers = {{.type = LayerType::kDense, .name = "dense1", .units = 2}}};

void set_weights(Network& network, float value) {
  for (Parameter* parameter : network.parameters()) parameter->value.fill(value);
}

TEST_CASE("the average follows the weights by the decay asked for", "[average]") {
  const ThreadPool pool(1);
  Network network(kDense, pool), averaged(kDense, pool);
  WeightAverage average(network, 0.5, pool);
  double expected = 0.0;
  for (int step = 1; step <= 30; ++step) {
    set_weights(network, static_cast<float>(step));
    average.update();
    const double kept = std::min(0.5, step / (step + 10.0));
    expected = kept * expected + (1.0 - kept) * step;
  }
  average.copy_to(averaged);
  for (const Parameter* parameter : averaged.parameters()) {
    for (const float value : parameter->value.values()) {
      CHECK_THAT(value, WithinAbs(expected, 1e-4));
    }
  }
}

TEST_CASE("the average of a network with symbols has their names", "[average]") {
  const ThreadPool pool(1);
  const Architecture digits{.input = {3},
                            .layers = {{.type = LayerType::kDense, .name = "dense1", .units = 10}}};
  const WeightsFile grown = add_symbol(Network(digits, pool), "tick", 7);
  Network network = Network::from_weights(grown, pool);
  Network averaged(network.architecture(), pool);
  WeightAverage(network, 0.5, pool).copy_to(averaged);
  CHECK(averaged.symbols() == std::vector<std::string>{"tick"});
}

TEST_CASE("a saved average goes on as if it had never stopped", "[average]") {
  const ThreadPool pool(1);
  Network network(kDense, pool), straight(kDense, pool), resumed(kDense, pool);
  WeightAverage average(network, 0.9, pool);
  set_weights(network, 1.0f);
  average.update();
  WeightsFile file;
  average.save(file);
  WeightAverage second(network, 0.9, pool);
  second.load(file);
  set_weights(network, 5.0f);
  average.update();
  second.update();
  average.copy_to(straight);
  second.copy_to(resumed);
  CHECK(straight.save().tensors.at("dense1.weight").data()[0] ==
        resumed.save().tensors.at("dense1.weight").data()[0]);

  for (const char* damaged : {"abc", "-1", "1.5", ""}) {
    file.metadata["average.updates"] = damaged;
    CHECK_THROWS_AS(second.load(file), WeightsError);
  }
  file.metadata["average.updates"] = "1";
  file.tensors.erase("average.dense1.bias");
  CHECK_THROWS_AS(second.load(file), WeightsError);
  CHECK_THROWS_AS(second.load(WeightsFile{}), WeightsError);
}

TEST_CASE("a decay that keeps all, or less than nothing, is refused", "[average]") {
  const ThreadPool pool(1);
  const Network network(kDense, pool);
  CHECK_THROWS_AS(WeightAverage(network, 1.0, pool), std::invalid_argument);
  CHECK_THROWS_AS(WeightAverage(network, -0.1, pool), std::invalid_argument);
}

}  // namespace
}  // namespace inkdigit
