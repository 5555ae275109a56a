#include "image/ruled_lines.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "image/level_lines.h"
#include "image/strokes.h"

namespace inkdigit {

namespace {

// A line is no thicker than this share of the picture's longer side, or 2 pixels; if it is one of
// several between which something stands, than this share of the shorter side.
constexpr size_t kMaxThicknessShare = 60, kMaxThicknessOfCells = 12;

// In a smaller picture, in pixels, strokes are as thin as lines.
constexpr size_t kMinSide = 48;

// It must be seen in this share of the columns, so many that no row of digits could be taken for it
// and so few that strokes may cover some of it …
constexpr double kMinSeen = 0.6;

// … but only in this share if there are other lines.
constexpr double kMinSeenOfMany = 0.3;

// Of lines between two others this much is seen: a one that stands on a line is not so straight.
constexpr double kMinSeenBetween = 0.8;

// It must come this near to both sides, as a share of the width.
constexpr double kMaxGap = 0.04;

// A lone line must reach beyond all other ink by this share of the width, on both sides; lines as
// thick as strokes by the second, if they are only two.
constexpr double kMinReach = 0.04, kMinReachOfThick = 0.08;

size_t max_thickness(const Ink& ink) {
  return std::max<size_t>(2, std::max(ink.width, ink.height) / kMaxThicknessShare);
}

/// Whether all lines reach beyond the other ink, which there must be.
bool lines_reach_beyond(const Ink& rest, double share) {
  Ink strokes = rest;
  keep_strokes(strokes);
  const std::optional<Box> bounds = ink_bounds(strokes);
  if (!bounds) return false;
  const double reach = share * static_cast<double>(rest.width);
  return static_cast<double>(bounds->left) >= reach &&
         static_cast<double>(rest.width - bounds->left - bounds->width) >= reach;
}

/// Removes lines that are nearly level, and returns them.
std::vector<LevelLine> remove_level_lines(Ink& ink) {
  LineLimits limits{max_thickness(ink), kMaxGap * static_cast<double>(ink.width), kMinSeen,
                    kMinSeenOfMany};
  std::vector<LevelLine> lines = find_level_lines(ink, limits);
  double reach = lines.size() == 1 ? kMinReach : 0.0;
  if (lines.empty()) {
    limits.thickness = std::min(ink.width, ink.height) / kMaxThicknessOfCells;
    limits.min_seen_of_many = kMinSeen;
    lines = find_level_lines(ink, limits);
    if (lines.size() < 2) return {};
    reach = lines.size() == 2 ? kMinReachOfThick : kMinReach;
  }
  Ink without = ink;
  erase_lines(without, lines);
  if (reach > 0.0 && !lines_reach_beyond(without, reach)) return {};
  ink = std::move(without);
  return lines;
}

}  // namespace

void remove_ruled_lines(Ink& ink) {
  if (std::max(ink.width, ink.height) < kMinSide) return;
  const std::vector<LevelLine> level = remove_level_lines(ink);
  Ink on_its_side = transposed(ink);
  if (!remove_level_lines(on_its_side).empty()) ink = transposed(on_its_side);
  erase_lines_between(ink, level, kMinSeenBetween);
}

}  // namespace inkdigit
