#pragma once

#include <cstddef>
#include <vector>

#include "image/ink.h"

namespace inkdigit {

struct PenPoint {
  double x;
  double y;  // downwards
};

/// Where a pen went while it was down.
using PenStroke = std::vector<PenPoint>;

/// Draws strokes with a round pen: lines of `width` with round ends and joins, anti-aliased, as the
/// page's pad does. Points and width are in pixels of the square picture, `side` pixels a side.
Ink draw_strokes(const std::vector<PenStroke>& strokes, size_t side, double width);

}  // namespace inkdigit
