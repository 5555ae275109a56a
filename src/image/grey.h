#pragma once

#include <array>

#include "image/framing.h"
#include "image/ink.h"

namespace inkdigit {

/// Pictures are read at no more than this many pixels a side, which leaves a digit that fills a
/// tenth of the picture more than two pixels to each of the 20×20 box. It bounds memory and time.
inline constexpr size_t kWorkingSide = 512;

/// What a picture's paper looks like. Of transparent paper the opacity counts instead of the
/// colour.
struct Paper {
  bool transparent;              // more so than not
  std::array<float, 4> corners;  // levels: top left, top right, bottom left, bottom right
  float noise;                   // standard deviation of the level
  float spread;                  // the same, as told by four fifths of the border

  /// Luminance, 0 = black … 1 = white, or opacity, 0…1, if transparent. `x` and `y` are 0…1 across
  /// the picture.
  float level(float x, float y) const;
};

/// Looks at the picture's border, because writing stays inside it. On a photograph, paper that is
/// lit from one side has corners of different levels.
Paper find_paper(const RgbaView& picture);

/// RGBA → ink, at most `working_side` pixels a side. Ink is what differs from the paper, in the one
/// direction (darker or lighter; on transparent paper more or less opaque) that differs more; full
/// ink becomes 1. Where the border does not show what the paper is like, since ink reaches it or it
/// is lit unevenly, the whole picture tells (even_paper.h), or what is around each pixel
/// (shaded_paper.h). Pictures that were enlarged are read as they were (enlarged.h). All 0 if
/// nothing stands out from the paper's noise.
Ink to_ink(const RgbaView& picture, size_t working_side = kWorkingSide);

}  // namespace inkdigit
