#include "nn/quantized_winograd_conv2d.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>

#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace inkdigit {

using winograd::kInputTile;
using winograd::kKernel;
using winograd::kOutputTile;
using winograd::kPoints;
using winograd::Tiling;

namespace {

// Registers of 16 bytes, which is what a browser has.
using Int8x8 = int8_t __attribute__((vector_size(8)));
using Int16x8 = int16_t __attribute__((vector_size(16)));
using Int32x4 = int32_t __attribute__((vector_size(16)));
using Uint32x4 = uint32_t __attribute__((vector_size(16)));  // may wrap around on its way
using Float32x4 = float __attribute__((vector_size(16)));

constexpr size_t kLanes = 8;    // channels in a register of 16 bits
constexpr size_t kRows = 6;     // tiles that are multiplied at once, as many as registers allow
constexpr size_t kColumns = 8;  // output channels at once
constexpr size_t kTilesPerTask = 2 * kRows;  // what they need stays in the first-level cache

// The whole numbers of the transforms: sums are so many times those of the convolution.
constexpr int32_t kFactor = 24 * 24;

constexpr size_t round_up(size_t count, size_t step) { return (count + step - 1) / step * step; }

template <typename Vector, typename Element>
Vector load(const Element* from) {
  Vector vector;
  std::memcpy(&vector, from, sizeof vector);
  return vector;
}

/// a₀b₀ + a₁b₁, a₂b₂ + a₃b₃…
Uint32x4 multiply_pairs(Int16x8 a, Int16x8 b) {
#if defined(__wasm_simd128__)
  return std::bit_cast<Uint32x4>(
      wasm_i32x4_dot_i16x8(std::bit_cast<v128_t>(a), std::bit_cast<v128_t>(b)));
#elif defined(__SSE2__)
  return std::bit_cast<Uint32x4>(
      _mm_madd_epi16(std::bit_cast<__m128i>(a), std::bit_cast<__m128i>(b)));
#else
  Uint32x4 sums;
  for (size_t i = 0; i < 4; ++i) {
    sums[i] = static_cast<uint32_t>(a[2 * i] * b[2 * i] + a[2 * i + 1] * b[2 * i + 1]);
  }
  return sums;
#endif
}

// One-dimensional transforms, as in winograd_transform.cpp. (Its transform_tile() would do here,
// too, but takes a seventh longer: whole tiles do not fit into a browser's registers.) The rows of
// G are multiplied by 12, 6, 6, 24, 24 and 3, so that they are whole and what is left for A are
// powers of two: 24 in all. Weights become at most 49 times, input at most 100 times as large as it
// was: below 16 bits.

void transform_weights(const Int16x8 (&w)[3], Int16x8 (&u)[6]) {  // G
  const Int16x8 even = w[0] + w[2], quarter = w[0] + (w[2] << 2), odd = w[1] + w[1];
  u[0] = w[0] + w[0] + w[0];
  u[1] = -even - w[1];
  u[2] = w[1] - even;
  u[3] = quarter + odd;
  u[4] = quarter - odd;
  u[5] = w[2] + w[2] + w[2];
}

void transform_input(const Int16x8 (&x)[6], Int16x8 (&v)[6]) {  // Bᵀ
  const Int16x8 a = x[4] - (x[2] << 2), b = x[3] - (x[1] << 2);
  const Int16x8 c = x[4] - x[2], d = (x[3] - x[1]) << 1;
  v[0] = ((x[0] - x[2]) << 2) + c;
  v[1] = a + b;
  v[2] = a - b;
  v[3] = c + d;
  v[4] = c - d;
  v[5] = ((x[1] - x[3]) << 2) + (x[5] - x[3]);
}

void transform_output(const Uint32x4 (&m)[6], Uint32x4 (&y)[4]) {  // Aᵀ
  const Uint32x4 sum12 = m[1] + m[2], difference12 = m[1] - m[2];
  const Uint32x4 sum34 = m[3] + m[4], difference34 = m[3] - m[4];
  y[0] = ((m[0] + sum12 + sum12) << 1) + sum34;
  y[1] = (difference12 + difference12 + difference34) << 1;
  y[2] = (sum12 + sum34) << 2;
  y[3] = (difference12 + ((difference34 + m[5]) << 1)) << 2;
}

Int32x4 larger(Int32x4 a, Int32x4 b) { return a > b ? a : b; }

/// Products of kRows tiles, [kRows, pairs · 2], each at its own place, with `weights` [pairs,
/// kColumns, 2] → `sums`, kColumns for each tile, `stride` from one tile to the next.
void multiply(const int16_t* const (&tiles)[kRows], size_t pairs, const int16_t* weights,
              uint32_t* sums, size_t stride) {
  Uint32x4 low[kRows]{}, high[kRows]{};
// Unrolled, it would want more registers than there are.
#pragma clang loop unroll(disable)
  for (size_t k = 0; k < pairs; ++k, weights += 2 * kColumns) {
    const auto first = load<Int16x8>(weights), second = load<Int16x8>(weights + kLanes);
    for (size_t row = 0; row < kRows; ++row) {
      int32_t pair;
      std::memcpy(&pair, tiles[row] + 2 * k, sizeof pair);
      const auto spread = std::bit_cast<Int16x8>(Int32x4{pair, pair, pair, pair});
      low[row] += multiply_pairs(first, spread);
      high[row] += multiply_pairs(second, spread);
    }
  }
  for (size_t row = 0; row < kRows; ++row, sums += stride) {
    std::memcpy(sums, &low[row], sizeof low[row]);
    std::memcpy(sums + kColumns / 2, &high[row], sizeof high[row]);
  }
}

}  // namespace

bool QuantizedWinogradConv2d::suits(const QuantizedConv2dWeights& weights) {
  const Conv2dShape& shape = weights.shape;
  if (shape.kernel != kKernel || shape.padding != 0 || shape.input_channels < kLanes ||
      shape.output_channels < kColumns) {
    return false;
  }
  const size_t size = kKernel * kKernel * shape.input_channels;
  const int8_t* kernel = weights.kernel;
  for (size_t o = 0; o < shape.output_channels; ++o, kernel += size) {
    int64_t sum = 0;
    for (size_t i = 0; i < size; ++i) sum += std::abs(kernel[i]);
    if (sum * kActivationSteps * kFactor > std::numeric_limits<int32_t>::max()) return false;
  }
  return true;
}

QuantizedWinogradConv2d::QuantizedWinogradConv2d(const QuantizedConv2dWeights& weights,
                                                 Quantization input, Quantization output,
                                                 bool pooled, const ThreadPool& pool)
    : input_channels_(weights.shape.input_channels),
      output_channels_(weights.shape.output_channels),
      input_(input),
      output_(output),
      relu_(weights.shape.relu),
      pooled_(pooled),
      pool_(&pool) {
  const size_t inputs = round_up(input_channels_, kLanes);
  const size_t outputs = round_up(output_channels_, kColumns);
  weights_.resize(kPoints * inputs * outputs);
  factors_.resize(outputs);
  bias_.resize(outputs);
  for (size_t o = 0; o < output_channels_; ++o) {
    const float factor = input.scale * weights.scales[o] / output.scale;
    factors_[o] = factor / kFactor;
    bias_[o] = factor * static_cast<float>(weights.bias[o]);
    int16_t* const block = weights_.data() + o / kColumns * kPoints * inputs * kColumns;
    const int8_t* const kernel = weights.kernel + o * kKernel * kKernel * input_channels_;
    for (size_t i = 0; i < input_channels_; i += kLanes) {
      const size_t lanes = std::min(kLanes, input_channels_ - i);
      Int16x8 half[kKernel][kInputTile];  // columns done; [x][y]
      for (size_t x = 0; x < kKernel; ++x) {
        Int16x8 column[kKernel];
        for (size_t y = 0; y < kKernel; ++y) {
          Int8x8 bytes{};
          std::memcpy(&bytes, kernel + (y * kKernel + x) * input_channels_ + i, lanes);
          column[y] = __builtin_convertvector(bytes, Int16x8);
        }
        transform_weights(column, half[x]);
      }
      int16_t* target = block + (i / 2 * kColumns + o % kColumns) * 2;
      for (size_t y = 0; y < kInputTile; ++y) {
        Int16x8 row[kInputTile];
        transform_weights({half[0][y], half[1][y], half[2][y]}, row);
        for (size_t x = 0; x < kInputTile; ++x, target += inputs * kColumns) {
          const auto pairs = std::bit_cast<Int32x4>(row[x]);
          for (size_t pair = 0; pair < kLanes / 2; ++pair) {
            const int32_t two = pairs[pair];
            std::memcpy(target + pair * kColumns * 2, &two, sizeof two);
          }
        }
      }
    }
  }
}

/// Some tiles, done by one thread.
class QuantizedWinogradConv2d::Task {
 public:
  Task(const QuantizedWinogradConv2d& layer, const Tiling& tiling, size_t begin, size_t end)
      : layer_(layer),
        tiling_(tiling),
        begin_(begin),
        count_(end - begin),
        inputs_(round_up(layer.input_channels_, kLanes)),
        input_(std::make_unique_for_overwrite<int16_t[]>(kPoints * count_ * inputs_)),
        sums_(std::make_unique_for_overwrite<uint32_t[]>(round_up(count_, kRows) * kTileSums)) {}

  void run(const int8_t* input, int8_t* output) {
    for (size_t tile = 0; tile < count_; ++tile) transform(tile, input);
    for (size_t o = 0; o < layer_.output_channels_; o += kColumns) {
      multiply(layer_.weights_.data() + o * kPoints * inputs_);
      for (size_t tile = 0; tile < count_; ++tile) finish(tile, o, output);
    }
  }

 private:
  static constexpr size_t kTileSums = kPoints * kColumns;

  /// Pixels → transformed tile. Beyond the channels there are, it holds what no weight minds.
  void transform(size_t tile, const int8_t* input) {
    const auto [image, top, left] = tiling_.corner(begin_ + tile);
    const size_t height = std::min(kInputTile, tiling_.height - top);
    const size_t width = std::min(kInputTile, tiling_.width - left);
    const size_t channels = layer_.input_channels_;
    const int8_t* const pixels =
        input + ((image * tiling_.height + top) * tiling_.width + left) * channels;
    for (size_t c = 0; c < inputs_; c += kLanes) {
      Int16x8 half[kInputTile][kInputTile];  // columns done; [x][y]
      for (size_t x = 0; x < kInputTile; ++x) {
        Int16x8 column[kInputTile]{};
        for (size_t y = 0; x < width && y < height; ++y) {
          const auto bytes = load<Int8x8>(pixels + (y * tiling_.width + x) * channels + c);
          column[y] = __builtin_convertvector(bytes, Int16x8) - layer_.input_.zero_point;
        }
        transform_input(column, half[x]);
      }
      for (size_t y = 0; y < kInputTile; ++y) {
        Int16x8 row[kInputTile], transformed[kInputTile];
        for (size_t x = 0; x < kInputTile; ++x) row[x] = half[x][y];
        transform_input(row, transformed);
        for (size_t x = 0; x < kInputTile; ++x) {
          std::memcpy(&input_[((y * kInputTile + x) * count_ + tile) * inputs_ + c],
                      &transformed[x], sizeof transformed[x]);
        }
      }
    }
  }

  /// Transformed tiles → sums_, [tiles, 36, kColumns].
  void multiply(const int16_t* weights) {
    for (size_t point = 0; point < kPoints; ++point, weights += inputs_ * kColumns) {
      for (size_t first = 0; first < count_; first += kRows) {
        // Where there are fewer tiles, the last one is multiplied again, for nobody.
        const int16_t* tiles[kRows];
        for (size_t row = 0; row < kRows; ++row) {
          tiles[row] = &input_[(point * count_ + std::min(first + row, count_ - 1)) * inputs_];
        }
        inkdigit::multiply(tiles, inputs_ / 2, weights,
                           &sums_[first * kTileSums + point * kColumns], kTileSums);
      }
    }
  }

  /// Sums → pixels of kColumns output channels, from `o` on.
  void finish(size_t tile, size_t o, int8_t* output) const {
    const auto [image, top, left] = tiling_.corner(begin_ + tile);
    const size_t channels = layer_.output_channels_;
    const size_t step = layer_.pooled_ ? 2 : 1;
    const size_t height = tiling_.output_height() / step, width = tiling_.output_width() / step;
    const size_t rows = std::min(kOutputTile / step, height - std::min(height, top / step));
    const size_t columns = std::min(kOutputTile / step, width - std::min(width, left / step));
    Int32x4 y[2][kOutputTile][kOutputTile];
    for (size_t half = 0; half < 2; ++half) {
      add_up(&sums_[tile * kTileSums + half * kColumns / 2], y[half]);
      if (layer_.pooled_) pool(y[half]);
    }
    int8_t* const pixels =
        output + ((image * height + top / step) * width + left / step) * channels + o;
    for (size_t row = 0; row < rows; ++row) {
      for (size_t column = 0; column < columns; ++column) {
        const Int8x8 steps = __builtin_convertvector(
            __builtin_shufflevector(round(y[0][row][column], o),
                                    round(y[1][row][column], o + kColumns / 2), 0, 1, 2, 3, 4, 5, 6,
                                    7),
            Int8x8);
        int8_t* const pixel = pixels + (row * width + column) * channels;
        if (channels - o >= kColumns) {
          std::memcpy(pixel, &steps, sizeof steps);
        } else {
          std::memcpy(pixel, &steps, channels - o);
        }
      }
    }
  }

  static void add_up(const uint32_t* sums, Int32x4 (&y)[kOutputTile][kOutputTile]) {
    Uint32x4 half[kInputTile][kOutputTile];  // columns done; [x][y]
    for (size_t x = 0; x < kInputTile; ++x) {
      Uint32x4 column[kInputTile];
      for (size_t row = 0; row < kInputTile; ++row) {
        column[row] = load<Uint32x4>(sums + (row * kInputTile + x) * kColumns);
      }
      transform_output(column, half[x]);
    }
    for (size_t row = 0; row < kOutputTile; ++row) {
      Uint32x4 points[kInputTile], pixels[kOutputTile];
      for (size_t x = 0; x < kInputTile; ++x) points[x] = half[x][row];
      transform_output(points, pixels);
      for (size_t x = 0; x < kOutputTile; ++x) y[row][x] = std::bit_cast<Int32x4>(pixels[x]);
    }
  }

  /// Max-pool 2×2; the result is in the upper left quarter.
  static void pool(Int32x4 (&y)[kOutputTile][kOutputTile]) {
    for (size_t row = 0; row < kOutputTile / 2; ++row) {
      for (size_t x = 0; x < kOutputTile / 2; ++x) {
        y[row][x] = larger(larger(y[2 * row][2 * x], y[2 * row][2 * x + 1]),
                           larger(y[2 * row + 1][2 * x], y[2 * row + 1][2 * x + 1]));
      }
    }
  }

  /// Sums → the nearest int8 of the output.
  Int32x4 round(Int32x4 sums, size_t o) const {
    const auto zero_point = static_cast<float>(layer_.output_.zero_point);
    const float least = layer_.relu_ ? 0.0f : -zero_point;
    const float most = kActivationSteps - zero_point;
    // What is added to it is rounded to an integer, which is then in the lowest bits.
    constexpr float kMagic = 0x1.8p23f;
    Float32x4 real =
        __builtin_convertvector(sums, Float32x4) * load<Float32x4>(&layer_.factors_[o]) +
        load<Float32x4>(&layer_.bias_[o]);
    real = real < most ? real : most + Float32x4{};
    real = real > least ? real : least + Float32x4{};
    return std::bit_cast<Int32x4>(real + kMagic) -
           (std::bit_cast<int32_t>(kMagic) - layer_.output_.zero_point);
  }

  const QuantizedWinogradConv2d& layer_;
  const Tiling& tiling_;
  size_t begin_, count_;              // tiles
  size_t inputs_;                     // channels, with those that stand for none
  std::unique_ptr<int16_t[]> input_;  // transformed, [36, tiles, inputs_]
  std::unique_ptr<uint32_t[]> sums_;  // transformed, [tiles, 36, kColumns]
};

void QuantizedWinogradConv2d::run(const Int8Tensor& input, Int8Tensor& output) {
  const Tiling tiling(input.dim(0), input.dim(1), input.dim(2));
  pool_->parallel_for(tiling.count(), kTilesPerTask, [&](size_t begin, size_t end) {
    Task(*this, tiling, begin, end).run(input.data(), output.data());
  });
}

}  // namespace inkdigit
