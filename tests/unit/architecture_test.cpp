#include "nn/architecture.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <stdexcept>

namespace inkdigit {
namespace {

using Catch::Matchers::ContainsSubstring;

std::string error_of(const std::string& json) {
  try {
    architecture_from_json(json);
    return "no error";
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

std::string error_of_layer(const std::string& layer) {
  return error_of(R"({"input":[28,28,1],"layers":[{"type":"relu"},)" + layer + "]}");
}

TEST_CASE("a layer list survives JSON", "[architecture]") {
  const Architecture architecture = default_architecture();
  CHECK(architecture_from_json(to_json(architecture)) == architecture);
  CHECK_THAT(to_json(architecture),
             ContainsSubstring(R"({"type":"conv2d","name":"conv1","units":32,"kernel":3})"));
}

TEST_CASE("each layer's output has the shape that its kind gives", "[architecture]") {
  CHECK(output_shapes(default_architecture()) == std::vector<Shape>{{26, 26, 32},
                                                                    {26, 26, 32},
                                                                    {24, 24, 64},
                                                                    {24, 24, 64},
                                                                    {12, 12, 64},
                                                                    {12, 12, 64},
                                                                    {128},
                                                                    {128},
                                                                    {128},
                                                                    {10}});
  // An odd last row or column is left out of a pooling.
  CHECK(output_shapes({{5, 7, 3}, {{.type = LayerType::kMaxPool2d}}}) ==
        std::vector<Shape>{{2, 3, 3}});
}

TEST_CASE("a layer that cannot take its input names itself and the shape", "[architecture]") {
  const auto message = [](Shape input, LayerSpec layer) {
    try {
      output_shapes({std::move(input), {std::move(layer)}});
      return std::string("no error");
    } catch (const std::invalid_argument& error) {
      return std::string(error.what());
    }
  };
  const LayerSpec conv{.type = LayerType::kConv2d, .name = "conv1", .units = 4, .kernel = 3};
  CHECK(message({8, 2, 2}, conv) ==
        "conv1: expected an input [H, W, C] with H and W of at least 3, got [8, 2, 2]");
  CHECK(message({784}, conv) ==
        "conv1: expected an input [H, W, C] with H and W of at least 3, got [784]");
  CHECK(message({1, 5, 2}, {.type = LayerType::kMaxPool2d}) ==
        "max_pool2d: expected an input [H, W, C] with H and W of at least 2, got [1, 5, 2]");
}

TEST_CASE("a layer that would fill the memory is refused", "[architecture]") {
  const auto check_refused = [](Shape input, LayerSpec layer) {
    CHECK_THROWS_WITH(output_shapes({std::move(input), {std::move(layer)}}),
                      "wide: too large; take fewer units");
  };
  // Of its weights, and of its outputs alone.
  check_refused({1 << 14}, {.type = LayerType::kDense, .name = "wide", .units = 1 << 13});
  check_refused({1024, 1024, 1},
                {.type = LayerType::kConv2d, .name = "wide", .units = 128, .kernel = 1});
  // Of what all layers put out together.
  const LayerSpec half{.type = LayerType::kConv2d,
                       .name = "half",
                       .units = sizeof(void*) == 4 ? 10u : 40u,
                       .kernel = 1};
  CHECK(output_shapes({{1024, 1024, 1}, {half}}).size() == 1);
  CHECK_THROWS_WITH(output_shapes({{1024, 1024, 1}, {half, {.type = LayerType::kTanh}}}),
                    "tanh: too large; take fewer units");
}

TEST_CASE("a layer list from outside is checked", "[architecture]") {
  CHECK_THAT(error_of("nonsense"), ContainsSubstring("expected a JSON object"));
  CHECK_THAT(error_of(R"({"input":[28,28],"layers":[]})"), ContainsSubstring("\"input\" must be"));
  CHECK_THAT(error_of(R"({"input":[0,28,1],"layers":[]})"),
             ContainsSubstring("whole numbers from 1 to 1024"));
  CHECK_THAT(error_of(R"({"input":[28,28,1],"layers":[]})"), ContainsSubstring("1 to 64 layers"));
  CHECK_THAT(error_of_layer(R"({"type":"magic"})"),
             ContainsSubstring("layer 1: unknown type \"magic\""));
  CHECK_THAT(error_of_layer(R"(7)"), ContainsSubstring("layer 1: expected an object"));
  CHECK_THAT(error_of_layer(R"({"type":"dense","units":3})"), ContainsSubstring("\"name\""));
  CHECK_THAT(error_of_layer(R"({"type":"dense","name":"d","units":-3})"),
             ContainsSubstring("\"units\" must be a whole number from 1 to 8192"));
  CHECK_THAT(error_of_layer(R"({"type":"conv2d","name":"c","units":3,"kernel":1.5})"),
             ContainsSubstring("\"kernel\""));
  CHECK_THAT(error_of_layer(R"({"type":"dropout"})"), ContainsSubstring("\"rate\""));
  CHECK_THAT(error_of_layer(R"({"type":"dense","name":"d","units":3},)"
                            R"({"type":"dense","name":"d","units":3})"),
             ContainsSubstring("layer 2: the name \"d\" is taken"));
}

}  // namespace
}  // namespace inkdigit
