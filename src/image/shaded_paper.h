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

/// Strokes are narrower than this share of the picture's longer side; shadows are broader.
inline constexpr double kMaxStroke = 0.25;

/// Whether there is a square full of ink, too broad for a stroke (`most` of the longer side), or
/// a row of digits is mostly ink: then a shadow, a table, a dark edge or the paper was taken for
/// it.
bool has_broad_area(const Ink& ink, double most = kMaxStroke);

/// The level of the paper at each pixel, if ink is darker (of any scale): a morphological closing,
/// which takes away what is dark and narrow and keeps the edges of shadows. What is dark and lies
/// along the picture's edge counts as paper, too.
Ink local_paper(const Ink& levels);

/// Ink by how much it differs from the light that the paper around it returns; full ink is 1, and
/// anything stronger. It may be darker or lighter than the paper: it is what there is less of. All
/// 0 if nothing stands out from the noise.
Ink ink_on_shaded_paper(const Ink& levels);

}  // namespace inkdigit
