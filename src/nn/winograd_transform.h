#pragma once

#include <cstddef>

#include "core/tensor.h"
#include "core/thread_pool.h"

// The transforms of Winograd's minimal filtering F(4×4, 3×3) and their adjoints (Lavin & Gray 2016,
// "Fast algorithms for convolutional neural networks"): a 4×4 tile of a 3×3 convolution's output
// needs 36 products instead of 144, one for each point of a transformed 6×6 tile of the input.
//
//   forward    Y = Aᵀ [ (G w Gᵀ) ⊙ (Bᵀ x B) ] A
//   backward   the adjoint of each of these, in reverse order
//
// Transformed tensors have the point as their first axis, [36, rows, channels], so that all
// products of one point, over tiles and channels, are one matrix product.
namespace inkdigit::winograd {

inline constexpr size_t kKernel = 3;
inline constexpr size_t kOutputTile = 4;                         // pixels a side
inline constexpr size_t kInputTile = kOutputTile + kKernel - 1;  // pixels a side
inline constexpr size_t kPoints = kInputTile * kInputTile;

/// How the images of one batch are cut into tiles. Tiles at the right and lower border may reach
/// beyond the image: what they read there is 0, what they would write there is dropped.
struct Tiling {
  size_t images;
  size_t height, width;  // of the input, pixels
  size_t rows, columns;  // of tiles, per image

  Tiling(size_t image_count, size_t input_height, size_t input_width)
      : images(image_count),
        height(input_height),
        width(input_width),
        rows((output_height() + kOutputTile - 1) / kOutputTile),
        columns((output_width() + kOutputTile - 1) / kOutputTile) {}
  size_t output_height() const { return height - kKernel + 1; }
  size_t output_width() const { return width - kKernel + 1; }
  size_t per_image() const { return rows * columns; }
  size_t count() const { return images * per_image(); }

  /// Where a tile starts, in input and output alike: pixels.
  struct Corner {
    size_t image, y, x;
  };
  Corner corner(size_t tile) const {
    return {.image = tile / per_image(),
            .y = tile % per_image() / columns * kOutputTile,
            .x = tile % columns * kOutputTile};
  }
};

/// G w Gᵀ: `weights` [O, 3, 3, I] → `transformed` [36, O, I].
void transform_weights(const float* weights, size_t outputs, size_t inputs, float* transformed);
/// Its adjoint: `grad_transformed` [36, O, I] → `grad_weights` [O, 3, 3, I].
void transform_weights_backward(const float* grad_transformed, size_t outputs, size_t inputs,
                                float* grad_weights);

/// Bᵀ x B of every tile: `input` [N, H, W, C] → `transformed` [36, tiles, C].
void transform_input(const float* input, size_t channels, const Tiling& tiling, float* transformed,
                     const ThreadPool& pool);
/// Its adjoint, summed where tiles overlap: `grad_transformed` [36, tiles, C] → `grad_input` [N, H,
/// W, C].
void transform_input_backward(const float* grad_transformed, size_t channels, const Tiling& tiling,
                              float* grad_input, const ThreadPool& pool);

/// Aᵀ m A of every tile, plus bias and an optional ReLU: `transformed` [36, tiles, C] → `output`
/// [N, H - 2, W - 2, C]. `bias` is [C].
void transform_output(const float* transformed, const float* bias, bool relu, size_t channels,
                      const Tiling& tiling, float* output, const ThreadPool& pool);
/// Its adjoint: `grad_output` [N, H - 2, W - 2, C] → `grad_transformed` [36, tiles, C].
void transform_output_backward(const float* grad_output, size_t channels, const Tiling& tiling,
                               float* grad_transformed, const ThreadPool& pool);

}  // namespace inkdigit::winograd
