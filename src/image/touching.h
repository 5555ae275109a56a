#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "image/segment.h"

namespace inkdigit {

/// A way from the top to the bottom of a segment, along which it may be cut in two: a seam that
/// crosses few strokes, found by dynamic programming (Avidan, Shamir 2007, "Seam carving").
struct Cut {
  std::vector<size_t> columns;  // of each row, the first to the right of the way
  size_t crossed;               // strokes on the way
};

/// Where digits that touch may be cut apart, from left to right: along ways that cost less than
/// those beside them, a dozen to each height at most. The segment's own left and right edge
/// are the first and the last. Some ink is expected.
std::vector<Cut> find_cuts(const Ink& ink);

/// What lies between two cuts of a segment, without the rows and columns that have no ink there;
/// nothing if there is none.
std::optional<Segment> between(const Segment& segment, const Cut& left, const Cut& right);

}  // namespace inkdigit
