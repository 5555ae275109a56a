#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "image/segment.h"

namespace inkdigit {

/// A seam from the top to the bottom of a segment, along which it may be cut in two and which
/// crosses few strokes: found by dynamic programming (Avidan, Shamir 2007, "Seam carving").
struct Cut {
  std::vector<size_t> columns;  // of each row, the first to the right of the seam
  size_t crossed;               // strokes on it
};

/// Where digits that touch may be cut apart, from left to right: along seams that cost less than
/// those beside them, a dozen to each height at most. The segment's own left and right edge
/// are the first and the last. Some ink is expected.
std::vector<Cut> find_cuts(const Ink& ink);

/// What lies between two cuts of a segment, without the rows and columns that have no ink there;
/// nothing if there is none.
std::optional<Segment> between(const Segment& segment, const Cut& left, const Cut& right);

}  // namespace inkdigit
