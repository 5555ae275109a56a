#include "image/box_lines.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "image/level_lines.h"
#include "image/strokes.h"

namespace inkdigit {

namespace {

constexpr size_t kLeastBox = 16;        // pixels, its shorter side
constexpr size_t kThicknessShare = 10;  // of its shorter side: 1/10, at most
constexpr double kMinSeen = 0.15;       // share of a line that no stroke covers
constexpr double kMinInked = 0.9;       // share of it with ink, be it a stroke's
constexpr size_t kThinShare = 16;  // of a row's height: 1/16, where no other line stands on it …
constexpr double kClear = 0.5;     // … and the share of it that no stroke covers
constexpr double kMaxGap = 3.0;    // pixels between a line's ends and the box's corners
constexpr double kLeastWriting = 0.4;  // height of what was written, of the highest cell's
constexpr double kLeastRemains = 0.2;  // extent of what is no remains of a line, of the same
constexpr double kTooth = 0.75;        // height of what stands on a comb's line, of the digits'

bool is_row(const auto& box) { return box.width >= 2 * box.height; }

/// Whether lines along a row of digits are none of their own strokes, which may join to one.
bool are_of_form(const std::vector<LevelLine>& lines, const Ink& row) {
  const LevelLine& clearest = lines.front();
  const auto seen = static_cast<double>(clearest.runs.size());
  return seen >= kClear * static_cast<double>(row.width) &&
         (lines.size() > 1 || clearest.thickness * kThinShare <= row.height);
}

/// A piece alone, in a picture of its own.
Ink cut_out(const Pieces& pieces, const Piece& piece) {
  const Box& box = piece.bounds;
  Ink alone(box.width, box.height);
  for (const uint32_t pixel : pieces.pixels(piece)) {
    const size_t x = pixel % pieces.ink().width, y = pixel / pieces.ink().width;
    alone.at(x - box.left, y - box.top) = pieces.ink().values[pixel];
  }
  return alone;
}

/// The ends of all ink above and below, as lines parallel to `line`.
std::pair<LevelLine, LevelLine> ends_along(const Ink& ink, const LevelLine& line) {
  LevelLine top{.intercept = std::numeric_limits<double>::max(), .slope = line.slope};
  LevelLine bottom{.intercept = std::numeric_limits<double>::lowest(), .slope = line.slope};
  for (size_t y = 0; y < ink.height; ++y) {
    for (size_t x = 0; x < ink.width; ++x) {
      if (ink.at(x, y) == 0.0f) continue;
      const double intercept = static_cast<double>(y) - line.slope * static_cast<double>(x);
      top.intercept = std::min(top.intercept, intercept - 1);
      bottom.intercept = std::max(bottom.intercept, intercept + 2);
    }
  }
  return {top, bottom};
}

/// What was written across the lines of a box; nothing if it has no such lines.
std::optional<Ink> written_across(const Ink& box) {
  const size_t thickness = std::max<size_t>(2, std::min(box.width, box.height) / kThicknessShare);
  // At a corner there is no run of the line but one as high as the box.
  const double gap = static_cast<double>(thickness) + kMaxGap;
  std::vector<LevelLine> lines =
      find_level_lines(box, {thickness, gap, kMinSeen, kMinSeen, kMinInked});
  if (lines.empty()) return std::nullopt;
  const bool has_long_line = is_row(box) && are_of_form(lines, box);
  Ink rest = box;
  erase_lines(rest, lines);
  // A comb is open above, and the picture's edge may cut off a line: cells end there, too.
  auto [top, bottom] = ends_along(box, lines.front());
  lines.push_back(std::move(top));
  lines.push_back(std::move(bottom));
  const size_t line_thickness = lines.front().thickness;
  const Cells cells = erase_lines_between(rest, std::move(lines), kMinSeen, kMinInked);
  if (cells.lines < 2 && !has_long_line) return std::nullopt;

  Pieces pieces(rest);
  const auto height = static_cast<double>(cells.height);
  const double largest = pieces.largest();
  pieces.erase_if([&](const Piece& piece) {
    const bool is_tooth =
        piece.bounds.width <= line_thickness + 2 && piece.extent() < kTooth * largest;
    return piece.extent() < kLeastRemains * height || is_tooth;
  });
  const bool has_writing = std::ranges::any_of(pieces.list(), [&](const Piece& piece) {
    return static_cast<double>(piece.bounds.height) >= kLeastWriting * height;
  });
  if (!has_writing) return std::nullopt;
  return rest;
}

}  // namespace

void remove_box_lines(Ink& ink) {
  const Pieces pieces(ink);
  for (const Piece& piece : pieces.list()) {
    const Box& box = piece.bounds;
    if (std::min(box.width, box.height) < kLeastBox) continue;
    if (corners(pieces, piece) < 3 && !is_row(box)) continue;
    const std::optional<Ink> written = written_across(cut_out(pieces, piece));
    if (!written) continue;
    for (const uint32_t pixel : pieces.pixels(piece)) {
      const size_t x = pixel % ink.width - box.left, y = pixel / ink.width - box.top;
      ink.values[pixel] = written->at(x, y);
    }
  }
}

}  // namespace inkdigit
