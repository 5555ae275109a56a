#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <vector>

#include "core/random.h"
#include "core/tensor.h"
#include "nn/quantized_winograd_conv2d.h"

namespace inkdigit {
namespace {

int8_t some_int8(Random& random, int least, int most) {
  return static_cast<int8_t>(least + static_cast<int>(random.uniform() * (most - least + 1)));
}

struct Layer {
  Conv2dShape shape;
  Int8Tensor kernel;
  std::vector<float> scales;
  std::vector<int32_t> bias;
  Quantization input, output;

  Layer(size_t inputs, size_t outputs, bool relu, int8_t zero_point)
      : shape{.kernel = 3, .input_channels = inputs, .output_channels = outputs, .relu = relu},
        kernel({outputs, 3, 3, inputs}),
        input{0.01f, zero_point},
        output{0.05f, static_cast<int8_t>(relu ? 0 : 50)} {
    Random random({inputs, outputs});
    for (int8_t& weight : kernel.values()) weight = some_int8(random, -127, 127);
    for (size_t o = 0; o < outputs; ++o) {
      scales.push_back(static_cast<float>(0.003 + 0.003 * random.uniform()));
      bias.push_back(static_cast<int32_t>(20'000 * random.normal()));
    }
  }

  QuantizedConv2dWeights weights() const {
    return {.shape = shape, .kernel = kernel.data(), .scales = scales.data(), .bias = bias};
  }
};

Int8Tensor pooled(const Int8Tensor& input) {
  Int8Tensor output({input.dim(0), input.dim(1) / 2, input.dim(2) / 2, input.dim(3)});
  int8_t* target = output.data();
  for (size_t n = 0; n < output.dim(0); ++n) {
    for (size_t y = 0; y < output.dim(1); ++y) {
      for (size_t x = 0; x < output.dim(2); ++x) {
        for (size_t c = 0; c < output.dim(3); ++c) {
          const auto at = [&](size_t dy, size_t dx) {
            const size_t row = n * input.dim(1) + 2 * y + dy;
            return input.data()[(row * input.dim(2) + 2 * x + dx) * input.dim(3) + c];
          };
          *target++ = std::max({at(0, 0), at(0, 1), at(1, 0), at(1, 1)});
        }
      }
    }
  }
  return output;
}

TEST_CASE("an int8 convolution by Winograd gives what XNNPACK's gives", "[quantized]") {
  const ThreadPool pool(2);
  struct Case {
    size_t images, height, width, inputs, outputs;
    bool relu;
    int8_t zero_point;
  };
  for (const Case& c : std::vector<Case>{{3, 26, 26, 32, 64, true, 0},
                                         {2, 10, 13, 8, 9, false, 0},
                                         {1, 3, 3, 11, 8, true, 40},
                                         {5, 7, 5, 17, 20, false, 127}}) {
    CAPTURE(c.images, c.height, c.width, c.inputs, c.outputs);
    Layer layer(c.inputs, c.outputs, c.relu, c.zero_point);
    Int8Tensor input({c.images, c.height, c.width, c.inputs});
    Random random({5});
    for (int8_t& value : input.values()) value = some_int8(random, 0, 127);
    Int8Tensor direct({c.images, c.height - 2, c.width - 2, c.outputs});
    QuantizedConv2dOperator(layer.shape, layer.input, layer.kernel.data(), layer.scales.data(),
                            layer.bias.data(), layer.output, pool)
        .run(c.images, c.height, c.width, input.data(), direct.data());
    for (const bool pooling : {false, true}) {
      CAPTURE(pooling);
      const Int8Tensor expected = pooling ? pooled(direct) : direct.clone();
      Int8Tensor got(expected.shape());
      got.fill(-1);
      REQUIRE(QuantizedWinogradConv2d::suits(layer.weights()));
      QuantizedWinogradConv2d(layer.weights(), layer.input, layer.output, pooling, pool)
          .run(input, got);
      // What lies between two steps may be rounded to either.
      size_t different = 0;
      int largest = 0;
      for (size_t i = 0; i < expected.size(); ++i) {
        const int difference = std::abs(got.data()[i] - expected.data()[i]);
        different += difference != 0;
        largest = std::max(largest, difference);
      }
      CHECK(largest <= 1);
      CHECK(different * 2'000 <= expected.size());
    }
  }
}

TEST_CASE("convolutions that Winograd does not suit are told apart", "[quantized]") {
  const auto suits = [](const Layer& layer) {
    return QuantizedWinogradConv2d::suits(layer.weights());
  };
  CHECK(suits(Layer(8, 8, true, 0)));
  CHECK_FALSE(suits(Layer(7, 8, true, 0)));
  CHECK_FALSE(suits(Layer(8, 7, true, 0)));
  Layer large(32, 8, true, 0);
  CHECK(suits(large));
  large.kernel.fill(
      127);  // sums up to 127 · 127 · 288, which the transforms' 576 takes beyond 32 bits
  CHECK_FALSE(suits(large));
  Layer other(8, 8, true, 0);
  other.shape.kernel = 5;
  CHECK_FALSE(suits(other));
}

}  // namespace
}  // namespace inkdigit
