#include "image/ruled_lines.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "image/statistics.h"
#include "image/strokes.h"

namespace inkdigit {

namespace {

// A line is no thicker than this share of the picture's longer side, or 2 pixels.
constexpr size_t kMaxThicknessShare = 60;

// In a smaller picture, in pixels, strokes are as thin as lines.
constexpr size_t kMinSide = 48;

// Lines are often fainter than writing: this much ink may be of one.
constexpr float kLineThreshold = 0.05f;

// It rises or falls by at most this share of the picture's width (5 degrees).
constexpr double kMaxTilt = 0.09;

// It must be seen in this share of the columns, so many that no row of digits could be taken for it
// and so few that strokes may cover some of it …
constexpr double kMinSeen = 0.6;

// … but only in this share if there are other lines, since a stroke may lie on one.
constexpr double kMinSeenOfMany = 0.3;

// … and must come this near to both ends, as a share of the width.
constexpr double kMaxGapAtEnds = 0.04;

// A lone line must reach beyond all other ink by this share of the width, on both sides.
constexpr double kMinReach = 0.04;

// Paper has no more lines than this one way; a picture that seems to have is something else.
constexpr size_t kMaxLines = 64;

// How far, in pixels, a piece of a line may lie beside it: lines are not drawn that straight.
constexpr double kMaxStray = 1.6;

/// Pixels of one column with some ink that hang together, thin enough to be of a line.
struct Run {
  size_t x;
  size_t top;
  size_t length;

  double middle() const { return static_cast<double>(top) + static_cast<double>(length) / 2; }
};

struct Line {
  double intercept;  // y in column 0
  double slope;      // per column

  double at(size_t x) const { return intercept + slope * static_cast<double>(x); }
};

size_t max_thickness(const Ink& ink) {
  return std::max<size_t>(2, std::max(ink.width, ink.height) / kMaxThicknessShare);
}

std::vector<Run> thin_runs(const Ink& ink) {
  const size_t most = max_thickness(ink);
  std::vector<Run> runs;
  for (size_t x = 0; x < ink.width; ++x) {
    for (size_t y = 0; y < ink.height;) {
      size_t end = y;
      while (end < ink.height && ink.at(x, end) > kLineThreshold) ++end;
      if (end > y && end - y <= most) runs.push_back({x, y, end - y});
      y = end + 1;
    }
  }
  return runs;
}

std::vector<Run> runs_along(const std::vector<Run>& runs, const Line& line) {
  std::vector<Run> along;
  std::ranges::copy_if(runs, std::back_inserter(along), [&line](const Run& run) {
    return std::abs(run.middle() - line.at(run.x)) <= kMaxStray;
  });
  return along;
}

/// The line that most runs lie on, by the Hough transform over intercepts and slight tilts;
/// nothing if it is seen in less than a share of the columns.
std::optional<Line> strongest_line(const std::vector<Run>& runs, const Ink& ink, double min_seen) {
  const auto width = static_cast<double>(ink.width);
  const auto most_tilt = static_cast<int>(std::ceil(kMaxTilt * width));  // pixels over the width
  const auto margin = static_cast<size_t>(most_tilt) + 2;
  std::vector<uint16_t> votes(ink.height + 2 * margin);
  size_t best = 0;
  Line line{};
  for (int tilt = -most_tilt; tilt <= most_tilt; ++tilt) {
    std::ranges::fill(votes, uint16_t{0});
    const double slope = tilt / width;
    for (const Run& run : runs) {
      const double intercept = run.middle() - slope * static_cast<double>(run.x);
      ++votes[static_cast<size_t>(intercept + static_cast<double>(margin))];
    }
    for (size_t i = 1; i + 1 < votes.size(); ++i) {
      const size_t count = size_t{votes[i - 1]} + votes[i] + votes[i + 1];
      if (count <= best) continue;
      best = count;
      line = {static_cast<double>(i) + 0.5 - static_cast<double>(margin), slope};
    }
  }
  std::vector<bool> seen(ink.width);
  for (const Run& run : runs_along(runs, line)) seen[run.x] = true;
  const auto columns = static_cast<size_t>(std::ranges::count(seen, true));
  if (static_cast<double>(columns) < min_seen * width) return std::nullopt;
  const auto first = static_cast<size_t>(std::ranges::find(seen, true) - seen.begin());
  const auto last =
      static_cast<size_t>(std::find(seen.rbegin(), seen.rend(), true) - seen.rbegin());
  if (static_cast<double>(std::max(first, last)) > kMaxGapAtEnds * width) return std::nullopt;
  return line;
}

/// Takes the line's runs from `runs` and from `ink`. Where a stroke crosses the line, or lies along
/// it, ink is thicker than the line and stays.
void erase_line(Ink& ink, std::vector<Run>& runs, const Line& line) {
  std::vector<Run> along = runs_along(runs, line);
  std::vector<size_t> lengths;
  for (const Run& run : along) lengths.push_back(run.length);
  const size_t thickness = median(std::move(lengths)) + 1;
  for (const Run& run : along) {
    if (run.length > thickness) continue;
    // Its soft edges go with it.
    const size_t bottom = std::min(ink.height, run.top + run.length + 1);
    for (size_t y = run.top - (run.top > 0); y < bottom; ++y) ink.at(run.x, y) = 0.0f;
  }
  std::erase_if(runs, [&line](const Run& run) {
    return std::abs(run.middle() - line.at(run.x)) <= kMaxStray;
  });
}

/// Whether all lines reach beyond the other ink, which there must be.
bool lines_reach_beyond(const Ink& rest) {
  Ink strokes = rest;
  keep_strokes(strokes);
  const std::optional<Box> bounds = ink_bounds(strokes);
  if (!bounds) return false;
  const double reach = kMinReach * static_cast<double>(rest.width);
  return static_cast<double>(bounds->left) >= reach &&
         static_cast<double>(rest.width - bounds->left - bounds->width) >= reach;
}

/// Removes lines that are nearly level; returns whether there were any.
bool remove_level_lines(Ink& ink) {
  std::vector<Run> runs = thin_runs(ink);
  if (runs.size() > kMaxLines * ink.width) return false;
  Ink without;
  size_t count = 0;
  while (count < kMaxLines && !runs.empty()) {
    const std::optional<Line> line =
        strongest_line(runs, ink, count < 2 ? kMinSeen : kMinSeenOfMany);
    if (!line) break;
    if (count == 0) without = ink;
    erase_line(without, runs, *line);
    ++count;
  }
  if (count == 0 || count == kMaxLines) return false;
  if (count == 1 && !lines_reach_beyond(without)) return false;
  ink = std::move(without);
  return true;
}

}  // namespace

void remove_ruled_lines(Ink& ink) {
  if (std::max(ink.width, ink.height) < kMinSide) return;
  remove_level_lines(ink);
  Ink on_its_side = transposed(ink);
  if (remove_level_lines(on_its_side)) ink = transposed(on_its_side);
}

}  // namespace inkdigit
