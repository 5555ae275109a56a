#pragma once

#include <cstddef>

#include "image/ink.h"

// Photographs: paper whose light changes from place to place. `levels` are luminances,
// 0 = black … 1 = white.
namespace inkdigit {

/// Pictures with fewer pixels a side are scans of one digit, not photographs: their strokes are as
/// broad as their shadows.
inline constexpr size_t kMinPhotoSide = 96;

/// Standard deviation of what differs from pixel to pixel, which shading does not.
float pixel_noise(const Ink& levels);

/// Whether there is a square full of ink, too broad for a stroke: a shadow, a table or a dark edge
/// that was taken for ink.
bool has_broad_area(const Ink& ink);

/// The level of the paper at each pixel, if ink is darker (of any scale): a morphological closing,
/// which takes away what is dark and narrow and keeps the edges of shadows. What is dark and lies
/// along the picture's edge counts as paper, too.
Ink local_paper(const Ink& levels);

/// Ink by how much it differs from the light that the paper around it returns; full ink is 1, and
/// anything stronger. It may be darker or lighter than the paper: it is what there is less of. All
/// 0 if nothing stands out from the noise.
Ink ink_on_shaded_paper(const Ink& levels);

}  // namespace inkdigit
