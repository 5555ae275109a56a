#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "image/ink.h"

namespace inkdigit {

/// Above this share of full ink a pixel belongs to a stroke. Of MNIST's own digits 99.9 % keep
/// their 20-pixel box at 0.2 and 99.8 % at 0.3, so fading ends survive; JPEG's ripples do not reach
/// it.
inline constexpr float kStrokeThreshold = 0.2f;

/// Pixels above the threshold that hang together, by sides or corners.
struct Piece {
  size_t begin;  // of its pixels in a list
  size_t size;   // pixels
  Box bounds;

  size_t extent() const { return bounds.width > bounds.height ? bounds.width : bounds.height; }
};

/// All pieces of `ink`, in the order of their first pixels; `pixels` receives the places of their
/// pixels in ink.values.
std::vector<Piece> find_pieces(const Ink& ink, std::vector<uint32_t>& pixels);

/// Takes away what is no writing: a frame line along the picture's edge, and specks. A speck hangs
/// together (by sides or corners) above the threshold but would be smaller than one pixel of the
/// 20×20 box. Everything is a speck in a picture whose largest piece is below 3 pixels, or below 2
/// % of the picture's longer side.
void keep_strokes(Ink& ink);

/// The smallest box around everything above the threshold; nothing if there is no such pixel.
std::optional<Box> ink_bounds(const Ink& ink);

}  // namespace inkdigit
