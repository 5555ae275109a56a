#pragma once

#include <array>

#include "image/picture.h"

namespace inkdigit {

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

}  // namespace inkdigit
