#include "nn/winograd_transform.h"

#include <algorithm>
#include <cstring>

namespace inkdigit::winograd {

namespace {

// As many channels at once as a register of this machine holds.
#if defined(__AVX512F__)
constexpr size_t kVectorBytes = 64;
#elif defined(__AVX__)
constexpr size_t kVectorBytes = 32;
#else
constexpr size_t kVectorBytes = 16;
#endif
using Vector = float __attribute__((vector_size(kVectorBytes)));
constexpr size_t kLanes = kVectorBytes / sizeof(float);

/// How a full vector of channels is loaded and stored, and how the last few are: lanes beyond them
/// are 0 when loaded and left alone when stored. Two types, so that full vectors take no branch.
struct AllLanes {
  Vector load(const float* from) const {
    Vector v;
    std::memcpy(&v, from, sizeof v);
    return v;
  }
  void store(float* to, const Vector& v) const { std::memcpy(to, &v, sizeof v); }
};
struct FirstLanes {
  size_t count;
  Vector load(const float* from) const {
    Vector v{};
    std::memcpy(&v, from, count * sizeof(float));
    return v;
  }
  void store(float* to, const Vector& v) const { std::memcpy(to, &v, count * sizeof(float)); }
};

/// Calls `body(c, lanes)` for every vector of channels, which starts at channel `c`.
template <typename Body>
inline void for_channels(size_t channels, Body&& body) {
  size_t c = 0;
  for (; c + kLanes <= channels; c += kLanes) body(c, AllLanes{});
  if (c < channels) body(c, FirstLanes{channels - c});
}

// One-dimensional transforms; the two-dimensional ones apply them to columns, then to rows.

struct WeightTransform {  // G
  static void apply(const Vector (&w)[3], Vector (&u)[6]) {
    const Vector even = w[0] + w[2];
    const Vector quarter = w[0] + 4.0f * w[2];
    u[0] = 0.25f * w[0];
    u[1] = (-1.0f / 6.0f) * (even + w[1]);
    u[2] = (-1.0f / 6.0f) * (even - w[1]);
    u[3] = (1.0f / 24.0f) * (quarter + 2.0f * w[1]);
    u[4] = (1.0f / 24.0f) * (quarter - 2.0f * w[1]);
    u[5] = w[2];
  }
};

struct WeightTransformBackward {  // Gᵀ
  static void apply(const Vector (&u)[6], Vector (&w)[3]) {
    const Vector sum12 = u[1] + u[2], difference12 = u[1] - u[2];
    const Vector sum34 = u[3] + u[4], difference34 = u[3] - u[4];
    w[0] = 0.25f * u[0] - (1.0f / 6.0f) * sum12 + (1.0f / 24.0f) * sum34;
    w[1] = (1.0f / 12.0f) * difference34 - (1.0f / 6.0f) * difference12;
    w[2] = (1.0f / 6.0f) * (sum34 - sum12) + u[5];
  }
};

struct InputTransform {  // Bᵀ
  static void apply(const Vector (&x)[6], Vector (&v)[6]) {
    const Vector a = x[4] - 4.0f * x[2], b = x[3] - 4.0f * x[1];
    const Vector c = x[4] - x[2], d = 2.0f * (x[3] - x[1]);
    v[0] = 4.0f * x[0] - 5.0f * x[2] + x[4];
    v[1] = a + b;
    v[2] = a - b;
    v[3] = c + d;
    v[4] = c - d;
    v[5] = 4.0f * x[1] - 5.0f * x[3] + x[5];
  }
};

struct InputTransformBackward {  // B
  static void apply(const Vector (&v)[6], Vector (&x)[6]) {
    const Vector sum12 = v[1] + v[2], difference12 = v[1] - v[2];
    const Vector sum34 = v[3] + v[4], difference34 = v[3] - v[4];
    x[0] = 4.0f * v[0];
    x[1] = 4.0f * (v[5] - difference12) - 2.0f * difference34;
    x[2] = -5.0f * v[0] - 4.0f * sum12 - sum34;
    x[3] = difference12 + 2.0f * difference34 - 5.0f * v[5];
    x[4] = v[0] + sum12 + sum34;
    x[5] = v[5];
  }
};

struct OutputTransform {  // Aᵀ
  static void apply(const Vector (&m)[6], Vector (&y)[4]) {
    const Vector sum12 = m[1] + m[2], difference12 = m[1] - m[2];
    const Vector sum34 = m[3] + m[4], difference34 = m[3] - m[4];
    y[0] = m[0] + sum12 + sum34;
    y[1] = difference12 + 2.0f * difference34;
    y[2] = sum12 + 4.0f * sum34;
    y[3] = difference12 + 8.0f * difference34 + m[5];
  }
};

struct OutputTransformBackward {  // A
  static void apply(const Vector (&y)[4], Vector (&m)[6]) {
    const Vector even = y[0] + y[2], odd = y[1] + y[3];
    const Vector even4 = y[0] + 4.0f * y[2], odd8 = 2.0f * y[1] + 8.0f * y[3];
    m[0] = y[0];
    m[1] = even + odd;
    m[2] = even - odd;
    m[3] = even4 + odd8;
    m[4] = even4 - odd8;
    m[5] = y[3];
  }
};

template <typename Transform, size_t kFrom, size_t kTo>
inline void transform_tile(const Vector (&from)[kFrom][kFrom], Vector (&to)[kTo][kTo]) {
  Vector half[kFrom][kTo];  // columns done; [x][y]
  for (size_t x = 0; x < kFrom; ++x) {
    Vector column[kFrom];
    for (size_t y = 0; y < kFrom; ++y) column[y] = from[y][x];
    Transform::apply(column, half[x]);
  }
  for (size_t y = 0; y < kTo; ++y) {
    Vector row[kFrom];
    for (size_t x = 0; x < kFrom; ++x) row[x] = half[x][y];
    Transform::apply(row, to[y]);
  }
}

/// The part of an image that a tile covers.
struct Window {
  size_t offset;         // of its first pixel from the start of the batch, pixels
  size_t row_stride;     // from one row to the next, pixels
  size_t height, width;  // less than a full tile at the border, pixels
};

Window window_of(const Tiling& tiling, size_t tile, size_t tile_side, size_t height, size_t width) {
  const auto [image, top, left] = tiling.corner(tile);
  return {.offset = (image * height + top) * width + left,
          .row_stride = width,
          .height = std::min(tile_side, height - top),
          .width = std::min(tile_side, width - left)};
}

template <typename Lanes, size_t kSide>
inline void load_window(const float* image, const Window& window, size_t channels, Lanes lanes,
                        Vector (&tile)[kSide][kSide]) {
  for (size_t y = 0; y < kSide; ++y) {
    for (size_t x = 0; x < kSide; ++x) {
      const size_t pixel = window.offset + y * window.row_stride + x;
      tile[y][x] =
          y < window.height && x < window.width ? lanes.load(image + pixel * channels) : Vector{};
    }
  }
}

// `at` points at the first point of a row of [points, rows, channels], `stride` floats from the
// next.
template <typename Lanes, size_t kSide>
inline void load_points(const float* at, size_t stride, Lanes lanes, Vector (&tile)[kSide][kSide]) {
  for (size_t p = 0; p < kSide * kSide; ++p)
    tile[p / kSide][p % kSide] = lanes.load(at + p * stride);
}
template <typename Lanes, size_t kSide>
inline void store_points(float* at, size_t stride, Lanes lanes,
                         const Vector (&tile)[kSide][kSide]) {
  for (size_t p = 0; p < kSide * kSide; ++p)
    lanes.store(at + p * stride, tile[p / kSide][p % kSide]);
}

constexpr size_t kTilesPerTask = 6;

}  // namespace

void transform_weights(const float* weights, size_t outputs, size_t inputs, float* transformed) {
  for (size_t o = 0; o < outputs; ++o) {
    for_channels(inputs, [&](size_t c, auto lanes) {
      Vector w[kKernel][kKernel], u[kInputTile][kInputTile];
      load_points(weights + o * kKernel * kKernel * inputs + c, inputs, lanes, w);
      transform_tile<WeightTransform>(w, u);
      store_points(transformed + o * inputs + c, outputs * inputs, lanes, u);
    });
  }
}

void transform_weights_backward(const float* grad_transformed, size_t outputs, size_t inputs,
                                float* grad_weights) {
  for (size_t o = 0; o < outputs; ++o) {
    for_channels(inputs, [&](size_t c, auto lanes) {
      Vector u[kInputTile][kInputTile], w[kKernel][kKernel];
      load_points(grad_transformed + o * inputs + c, outputs * inputs, lanes, u);
      transform_tile<WeightTransformBackward>(u, w);
      store_points(grad_weights + o * kKernel * kKernel * inputs + c, inputs, lanes, w);
    });
  }
}

void transform_input(const float* input, size_t channels, const Tiling& tiling, float* transformed,
                     const ThreadPool& pool) {
  const size_t stride = tiling.count() * channels;  // from point to point
  pool.parallel_for(tiling.count(), kTilesPerTask, [&](size_t begin, size_t end) {
    for (size_t tile = begin; tile < end; ++tile) {
      const Window window = window_of(tiling, tile, kInputTile, tiling.height, tiling.width);
      for_channels(channels, [&](size_t c, auto lanes) {
        Vector x[kInputTile][kInputTile], v[kInputTile][kInputTile];
        load_window(input + c, window, channels, lanes, x);
        transform_tile<InputTransform>(x, v);
        store_points(transformed + tile * channels + c, stride, lanes, v);
      });
    }
  });
}

void transform_input_backward(const float* grad_transformed, size_t channels, const Tiling& tiling,
                              float* grad_input, const ThreadPool& pool) {
  const size_t stride = tiling.count() * channels;
  const size_t image_size = tiling.height * tiling.width * channels;
  // Tiles of an image overlap, so one thread does them all.
  pool.parallel_for(tiling.images, 1, [&](size_t begin, size_t end) {
    std::fill(grad_input + begin * image_size, grad_input + end * image_size, 0.0f);
    for (size_t tile = begin * tiling.per_image(); tile < end * tiling.per_image(); ++tile) {
      const Window window = window_of(tiling, tile, kInputTile, tiling.height, tiling.width);
      for_channels(channels, [&](size_t c, auto lanes) {
        Vector v[kInputTile][kInputTile], x[kInputTile][kInputTile];
        load_points(grad_transformed + tile * channels + c, stride, lanes, v);
        transform_tile<InputTransformBackward>(v, x);
        for (size_t row = 0; row < window.height; ++row) {
          float* pixel = grad_input + (window.offset + row * window.row_stride) * channels + c;
          for (size_t column = 0; column < window.width; ++column, pixel += channels) {
            lanes.store(pixel, lanes.load(pixel) + x[row][column]);
          }
        }
      });
    }
  });
}

void transform_output(const float* transformed, const float* bias, bool relu, size_t channels,
                      const Tiling& tiling, float* output, const ThreadPool& pool) {
  const size_t stride = tiling.count() * channels;
  pool.parallel_for(tiling.count(), kTilesPerTask, [&](size_t begin, size_t end) {
    for (size_t tile = begin; tile < end; ++tile) {
      const Window window =
          window_of(tiling, tile, kOutputTile, tiling.output_height(), tiling.output_width());
      for_channels(channels, [&](size_t c, auto lanes) {
        Vector m[kInputTile][kInputTile], y[kOutputTile][kOutputTile];
        load_points(transformed + tile * channels + c, stride, lanes, m);
        transform_tile<OutputTransform>(m, y);
        const Vector b = lanes.load(bias + c);
        for (size_t row = 0; row < window.height; ++row) {
          float* pixel = output + (window.offset + row * window.row_stride) * channels + c;
          for (size_t column = 0; column < window.width; ++column, pixel += channels) {
            Vector value = y[row][column] + b;
            if (relu) value = value > 0.0f ? value : Vector{};
            lanes.store(pixel, value);
          }
        }
      });
    }
  });
}

void transform_output_backward(const float* grad_output, size_t channels, const Tiling& tiling,
                               float* grad_transformed, const ThreadPool& pool) {
  const size_t stride = tiling.count() * channels;
  pool.parallel_for(tiling.count(), kTilesPerTask, [&](size_t begin, size_t end) {
    for (size_t tile = begin; tile < end; ++tile) {
      const Window window =
          window_of(tiling, tile, kOutputTile, tiling.output_height(), tiling.output_width());
      for_channels(channels, [&](size_t c, auto lanes) {
        Vector y[kOutputTile][kOutputTile], m[kInputTile][kInputTile];
        load_window(grad_output + c, window, channels, lanes, y);
        transform_tile<OutputTransformBackward>(y, m);
        store_points(grad_transformed + tile * channels + c, stride, lanes, m);
      });
    }
  });
}

}  // namespace inkdigit::winograd
