#pragma once

#include <cstddef>
#include <vector>

#include "image/ink.h"

namespace inkdigit {

/// Pixels of one column with some ink that hang together.
struct Run {
  size_t x;
  size_t top;
  size_t length;

  double middle() const { return static_cast<double>(top) + static_cast<double>(length) / 2; }
};

/// A straight line across a picture, level but for a slight tilt (5 degrees at most).
struct LevelLine {
  double intercept = 0.0;   // y in column 0
  double slope = 0.0;       // per column
  size_t thickness = 0;     // pixels, in the median
  std::vector<Run> runs{};  // where it is seen; where a stroke lies across it, it is not

  double at(size_t x) const { return intercept + slope * static_cast<double>(x); }
};

struct LineLimits {
  size_t thickness;         // pixels, at most
  double gap;               // pixels between its ends and the picture's sides, at most
  double min_seen;          // in this share of the columns the first two lines must be seen …
  double min_seen_of_many;  // … and in this share any others: a stroke may lie along one
  double min_inked = 0.0;   // share of the columns with ink there, be it a stroke's
};

/// Lines that go from one side of the picture to the other, the one that is seen best first; none
/// if there are more than any paper has.
std::vector<LevelLine> find_level_lines(const Ink& ink, const LineLimits& limits);

/// Takes lines away. Where a stroke crosses one, or lies along it, ink is thicker than the line and
/// stays.
void erase_lines(Ink& ink, const std::vector<LevelLine>& lines);

/// What lies between level lines.
struct Cells {
  size_t lines = 0;   // that divide them
  size_t height = 0;  // pixels, of the highest
};

/// Takes away lines that stand on two level lines next to each other, from one to the other, as
/// those between the cells of a form do, and no thicker.
Cells erase_lines_between(Ink& ink, std::vector<LevelLine> lines, double min_seen,
                          double min_inked = 0.0);

}  // namespace inkdigit
