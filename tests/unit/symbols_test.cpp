#include "nn/symbols.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <vector>

#include "classifier.h"
#include "reference.h"

namespace inkdigit {
namespace {

using Names = std::vector<std::string>;

Network small_network(const ThreadPool& pool) {
  Network network(
      {.input = {28, 28, 1}, .layers = {{.type = LayerType::kDense, .name = "out", .units = 10}}},
      pool);
  network.initialize(5);
  return network;
}

std::vector<float> logits_of(Network& network) {
  const Tensor input = reference::random_tensor({1, 28, 28, 1}, 3);
  const Tensor& logits = network.forward(input);
  return {logits.values().begin(), logits.values().end()};
}

TEST_CASE("symbols: a new one is a twin a little behind, and the others stay as they were",
          "[symbols]") {
  const ThreadPool pool(1);
  Network network = small_network(pool);
  const std::vector<float> before = logits_of(network);
  Network grown = Network::from_weights(add_symbol(network, "tick", 7), pool);
  CHECK(grown.symbols() == Names{"tick"});
  CHECK(grown.output_shape() == Shape{11});
  const std::vector<float> after = logits_of(grown);
  for (size_t c = 0; c < 10; ++c) CHECK(std::abs(after[c] - before[c]) < 1e-5f);
  CHECK(std::abs(after[10] - (before[7] - 1.0f)) < 1e-5f);

  Network back = Network::from_weights(remove_symbol(grown, "tick"), pool);
  CHECK(back.symbols().empty());
  CHECK(logits_of(back) == before);
  CHECK(write_weights(back.save()) == write_weights(network.save()));
}

TEST_CASE("symbols: one is removed, the others keep their outputs", "[symbols]") {
  const ThreadPool pool(1);
  Network one = Network::from_weights(add_symbol(small_network(pool), "a", 1), pool);
  Network two = Network::from_weights(add_symbol(one, "b", 2), pool);
  Network three = Network::from_weights(add_symbol(two, "c", 3), pool);
  Network left = Network::from_weights(remove_symbol(three, "b"), pool);
  CHECK(left.symbols() == Names{"a", "c"});
  const std::vector<float> before = logits_of(three), after = logits_of(left);
  REQUIRE(after.size() == 12);
  CHECK(after[10] == before[10]);
  CHECK(after[11] == before[12]);
}

TEST_CASE("symbols: a classifier tells their names", "[symbols]") {
  const ThreadPool pool(1);
  WeightsFile file = add_symbol(small_network(pool), "✓", 0);
  file.tensors.at("out.bias").values().back() = 1000.0f;
  Classifier classifier(file, pool);
  CHECK(classifier.classes() == 11);
  const Classification reading = classifier.classify_frame(Frame{});
  CHECK(reading.digit == -1);
  CHECK(reading.label == "✓");
  CHECK(reading.probabilities.size() == 11);
  const std::vector<uint8_t> paper(20 * 20 * 4, 255);
  const Classification blank = classifier.classify({paper, 20, 20});
  CHECK(blank.label.empty());
  CHECK(blank.probabilities == std::vector<float>(11));
}

TEST_CASE("symbols: names that cannot be taken are refused", "[symbols]") {
  const ThreadPool pool(1);
  const Network network = small_network(pool);
  const Network one = Network::from_weights(add_symbol(network, "tick", 0), pool);
  const std::string twenty = "éééééééééééééééééééé";  // characters; 40 bytes
  CHECK_NOTHROW(add_symbol(network, twenty, 0));
  for (const std::string& name : Names{"", "7", twenty + "x", "\xff\xfe", "a\nb",
                                       std::string("a\0b", 3), "\x7f", "\ufefftick"}) {
    CHECK_THROWS_AS(add_symbol(network, name, 0), std::invalid_argument);
  }
  CHECK_THROWS_WITH(add_symbol(one, "tick", 0), "symbols: there is already one named \"tick\"");
  CHECK_THROWS_AS(add_symbol(network, "tick", 10), std::invalid_argument);
  CHECK_THROWS_WITH(remove_symbol(network, "tick"), "symbols: there is none named \"tick\"");

  const Network no_dense({.input = {28, 28, 1}, .layers = {{.type = LayerType::kTanh}}}, pool);
  CHECK_THROWS_AS(add_symbol(no_dense, "tick", 0), std::invalid_argument);

  Names many;
  for (size_t i = 0; i <= kMostSymbols; ++i) many.push_back("s" + std::to_string(i));
  CHECK_THROWS_AS(symbols_to_json(many), std::invalid_argument);
}

TEST_CASE("symbols: a file whose names do not fit is refused, and changes nothing", "[symbols]") {
  const ThreadPool pool(1);
  Network network = small_network(pool);
  Classifier classifier(network.save(), pool);
  for (const char* names : {"[\"a\"]", "[\"a\", \"a\"]", "[\"7\"]", "{}", "[1]", "[", "\"a\"",
                            "[[\"a\"]]", R"(["a\u0000b"])", R"(["\ufeff"])", "[\"\xff\"]"}) {
    WeightsFile file = network.save();
    file.metadata[WeightsFile::kSymbolsKey] = names;
    INFO(names);
    CHECK_THROWS_AS(classifier.load(file), WeightsError);
    CHECK(classifier.classes() == 10);
  }
}

}  // namespace
}  // namespace inkdigit
