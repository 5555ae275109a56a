#pragma once

#include "image/ink.h"

namespace inkdigit {

/// Strokes are narrower than this share of the picture's longer side; shadows are broader.
inline constexpr double kMaxStroke = 0.25;

/// Whether there is a square full of ink, too broad for a stroke (`most` of the longer side), or
/// a row of digits is mostly ink: then a shadow, a table, a dark edge or the paper was taken for
/// it.
bool has_broad_area(const Ink& ink, double most = kMaxStroke);

}  // namespace inkdigit
