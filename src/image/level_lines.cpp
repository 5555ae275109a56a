#include "image/level_lines.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <utility>

#include "core/insertion_sort.h"
#include "image/statistics.h"

namespace inkdigit {

namespace {

// Lines are often fainter than writing: this much ink may be of one.
constexpr float kLineThreshold = 0.05f;

// It rises or falls by at most this share of the picture's width (5 degrees).
constexpr double kMaxTilt = 0.09;

// A picture that seems to have more lines than this one way is something else.
constexpr size_t kMaxLines = 64;

// Of more lines than these, not all columns are asked where they are: it would take seconds.
constexpr size_t kVoterLines = 6;

// How far, in pixels, a piece of a line may lie beside it: lines are not drawn that straight.
constexpr double kMaxStray = 1.6;

// How often a line that was found by votes is fitted to what lies along it.
constexpr size_t kFits = 2;

// A line between two others comes this near to them, pixels.
constexpr double kMaxGap = 4.0;

// Cells are at least this high, pixels.
constexpr size_t kMinCell = 8;

std::vector<Run> thin_runs(const Ink& ink, size_t max_thickness) {
  std::vector<Run> runs;
  for (size_t x = 0; x < ink.width; ++x) {
    for (size_t y = 0; y < ink.height;) {
      size_t end = y;
      while (end < ink.height && ink.at(x, end) > kLineThreshold) ++end;
      if (end > y && end - y <= max_thickness) runs.push_back({x, y, end - y});
      y = end + 1;
    }
  }
  return runs;
}

bool lies_on(const Run& run, const LevelLine& line) {
  return std::abs(run.middle() - line.at(run.x)) <= kMaxStray;
}

/// Fits a line to what lies along it and is no thicker than most of that, by least squares: strokes
/// along it draw what votes found to their side.
void fit(LevelLine& line, const std::vector<Run>& runs) {
  std::vector<size_t> lengths;
  for (const Run& run : runs) {
    if (lies_on(run, line)) lengths.push_back(run.length);
  }
  line.thickness = median(std::move(lengths));
  double count = 0.0, x_sum = 0.0, y_sum = 0.0, xx_sum = 0.0, xy_sum = 0.0;
  for (const Run& run : runs) {
    if (!lies_on(run, line) || run.length > line.thickness + 1) continue;
    const auto x = static_cast<double>(run.x);
    count += 1.0;
    x_sum += x;
    y_sum += run.middle();
    xx_sum += x * x;
    xy_sum += x * run.middle();
  }
  const double spread = count * xx_sum - x_sum * x_sum;
  if (spread == 0.0) return;
  line.slope = (count * xy_sum - x_sum * y_sum) / spread;
  line.intercept = (y_sum - line.slope * x_sum) / count;
}

/// Moves the runs that lie on a line from `runs` into it.
void take_runs(std::vector<Run>& runs, LevelLine& line) {
  const auto along =
      std::ranges::partition(runs, [&line](const Run& run) { return !lies_on(run, line); });
  line.runs.assign(along.begin(), along.end());
  runs.erase(along.begin(), along.end());
}

/// The line that most runs lie on, by the Hough transform over intercepts and slight tilts, and
/// then by fits. Its runs are taken from `runs`; it has none if there was no vote.
LevelLine take_strongest_line(std::vector<Run>& runs, const Ink& ink) {
  const auto width = static_cast<double>(ink.width);
  const auto most_tilt = static_cast<int>(std::ceil(kMaxTilt * width));  // pixels over the width
  const auto margin = static_cast<size_t>(most_tilt) + 2;
  std::vector<uint16_t> votes(ink.height + 2 * margin);
  const size_t step = 1 + runs.size() / (kVoterLines * ink.width);
  const auto voters_end = std::partition(runs.begin(), runs.end(),
                                         [step](const Run& run) { return run.x % step == 0; });
  size_t best = 0;
  LevelLine line{};
  for (int tilt = -most_tilt; tilt <= most_tilt; ++tilt) {
    std::ranges::fill(votes, uint16_t{0});
    const double slope = tilt / width;
    for (auto run = runs.begin(); run != voters_end; ++run) {
      const double intercept = run->middle() - slope * static_cast<double>(run->x);
      ++votes[static_cast<size_t>(intercept + static_cast<double>(margin))];
    }
    for (size_t i = 1; i + 1 < votes.size(); ++i) {
      const size_t count = size_t{votes[i - 1]} + votes[i] + votes[i + 1];
      if (count <= best) continue;
      best = count;
      line.intercept = static_cast<double>(i) + 0.5 - static_cast<double>(margin);
      line.slope = slope;
    }
  }
  if (best == 0) return line;  // no run lies in a column that votes
  for (size_t i = 0; i < kFits; ++i) fit(line, runs);
  take_runs(runs, line);
  return line;
}

/// Whether a line goes from side to side and is seen in enough of the columns.
bool crosses(const LevelLine& line, const Ink& ink, const LineLimits& limits, double min_seen) {
  std::vector<bool> seen(ink.width);
  for (const Run& run : line.runs) seen[run.x] = true;
  size_t first = ink.width, last = 0;
  double columns = 0.0, inked = 0.0;
  for (size_t x = 0; x < ink.width; ++x) {
    if (seen[x]) {
      first = std::min(first, x);
      last = x;
      columns += 1.0;
    }
    const double y = line.at(x);
    if (y < 0.0 || y >= static_cast<double>(ink.height)) continue;
    inked += ink.at(x, static_cast<size_t>(y)) > kLineThreshold ? 1.0 : 0.0;
  }
  const auto width = static_cast<double>(ink.width);
  return columns >= min_seen * width && inked >= limits.min_inked * width &&
         static_cast<double>(std::max(first, ink.width - 1 - last)) <= limits.gap;
}

/// Where what lies between two lines begins in each column, and how high it is.
struct Band {
  std::vector<size_t> tops;  // for each column
  size_t height;             // 0 if they are too near
};

Band band_between(const Ink& ink, const LevelLine& upper, const LevelLine& lower) {
  const auto clear = [](const LevelLine& line) {
    return static_cast<double>(line.thickness) / 2 + 1;
  };
  const auto limit = static_cast<double>(ink.height);
  Band band{{}, ink.height};
  for (size_t x = 0; x < ink.width; ++x) {
    const double top = std::clamp(std::ceil(upper.at(x) + clear(upper)), 0.0, limit);
    const double bottom = std::clamp(std::floor(lower.at(x) - clear(lower)), 0.0, limit);
    band.tops.push_back(static_cast<size_t>(top));
    band.height = std::min(band.height, static_cast<size_t>(std::max(0.0, bottom - top)));
  }
  return band;
}

/// A band as a picture of its own, on its side: its columns as rows.
Ink band_on_its_side(const Ink& ink, const Band& band) {
  Ink result(band.height, ink.width);
  for (size_t x = 0; x < ink.width; ++x) {
    for (size_t y = 0; y < band.height; ++y) result.at(y, x) = ink.at(x, band.tops[x] + y);
  }
  return result;
}

}  // namespace

std::vector<LevelLine> find_level_lines(const Ink& ink, const LineLimits& limits) {
  std::vector<Run> runs = thin_runs(ink, limits.thickness);
  if (runs.size() > kMaxLines * ink.width) return {};
  std::vector<LevelLine> lines;
  while (!runs.empty()) {
    LevelLine line = take_strongest_line(runs, ink);
    const double min_seen = lines.size() < 2 ? limits.min_seen : limits.min_seen_of_many;
    if (!crosses(line, ink, limits, min_seen)) break;
    lines.push_back(std::move(line));
    if (lines.size() == kMaxLines) return {};
  }
  return lines;
}

void erase_lines(Ink& ink, const std::vector<LevelLine>& lines) {
  for (const LevelLine& line : lines) {
    for (const Run& run : line.runs) {
      if (run.length > line.thickness + 1) continue;
      // Its soft edges go with it.
      const size_t bottom = std::min(ink.height, run.top + run.length + 1);
      for (size_t y = run.top - (run.top > 0); y < bottom; ++y) ink.at(run.x, y) = 0.0f;
    }
  }
}

Cells erase_lines_between(Ink& ink, std::vector<LevelLine> lines, double min_seen,
                          double min_inked) {
  const size_t middle = ink.width / 2;
  insertion_sort(lines, [middle](const LevelLine& line) { return line.at(middle); });
  Cells cells;
  for (size_t i = 1; i < lines.size(); ++i) {
    const Band band = band_between(ink, lines[i - 1], lines[i]);
    if (band.height < kMinCell) continue;
    Ink on_its_side = band_on_its_side(ink, band);
    const size_t thickness = std::max(lines[i - 1].thickness, lines[i].thickness) + 1;
    const std::vector<LevelLine> uprights =
        find_level_lines(on_its_side, {thickness, kMaxGap, min_seen, min_seen, min_inked});
    erase_lines(on_its_side, uprights);
    for (size_t x = 0; x < ink.width; ++x) {
      for (size_t y = 0; y < band.height; ++y) ink.at(x, band.tops[x] + y) = on_its_side.at(y, x);
    }
    cells.lines += uprights.size();
    cells.height = std::max(cells.height, band.height);
  }
  return cells;
}

}  // namespace inkdigit
