#include "image/touching.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "image/strokes.h"

namespace inkdigit {

namespace {

// A step aside counts as so much ink: ways that are nearly straight cut digits off cleanly.
constexpr float kAside = 1.0f;

// Cuts keep this distance from each other and from the edges, in heights.
constexpr double kLeastDistance = 0.08;

/// The least ink on a way from the first row (`down`) or the last to each pixel, its own included.
std::vector<float> least_ink(const Ink& ink, bool down) {
  std::vector<float> least = ink.values;
  for (size_t step = 1; step < ink.height; ++step) {
    const size_t y = down ? step : ink.height - 1 - step;
    const float* before = &least[(down ? y - 1 : y + 1) * ink.width];
    for (size_t x = 0; x < ink.width; ++x) {
      float best = before[x];
      if (x > 0) best = std::min(best, before[x - 1] + kAside);
      if (x + 1 < ink.width) best = std::min(best, before[x + 1] + kAside);
      least[y * ink.width + x] += best;
    }
  }
  return least;
}

/// The column of the row `row` of `least` that a way goes on to from column `x`.
size_t next_column(const Ink& ink, const std::vector<float>& least, size_t row, size_t x) {
  const float* values = &least[row * ink.width];
  size_t next = x;
  float best = values[x];
  for (const size_t aside : {x - 1, x + 1}) {
    if (aside >= ink.width || values[aside] + kAside >= best) continue;
    next = aside;
    best = values[aside] + kAside;
  }
  return next;
}

/// How many strokes a way crosses: one that runs along a stroke crosses it once.
size_t strokes_crossed(const Ink& ink, const std::vector<size_t>& columns) {
  size_t strokes = 0;
  bool was_ink = false;
  for (size_t y = 0; y < ink.height; ++y) {
    const bool is_ink = ink.at(columns[y], y) > kStrokeThreshold;
    strokes += is_ink && !was_ink;
    was_ink = is_ink;
  }
  return strokes;
}

}  // namespace

std::vector<Cut> find_cuts(const Ink& ink) {
  const std::vector<float> from_top = least_ink(ink, true), from_bottom = least_ink(ink, false);
  const size_t middle = ink.height / 2;
  // Of the best way through each column of the middle row.
  std::vector<float> crossed(ink.width);
  for (size_t x = 0; x < ink.width; ++x) {
    const size_t i = middle * ink.width + x;
    crossed[x] = from_top[i] + from_bottom[i] - ink.values[i];
  }

  const auto distance = static_cast<size_t>(kLeastDistance * static_cast<double>(ink.height)) + 1;
  std::vector<uint8_t> is_cut(ink.width, 0);
  std::vector<uint8_t> is_free(ink.width, 1);  // far enough from the cuts there are
  for (;;) {
    size_t best = ink.width;
    for (size_t x = distance; x + distance < ink.width; ++x) {
      if (is_free[x] && (best == ink.width || crossed[x] < crossed[best])) best = x;
    }
    if (best == ink.width) break;
    is_cut[best] = 1;
    for (size_t x = best - distance; x <= best + distance; ++x) is_free[x] = 0;
  }

  std::vector<Cut> cuts{{std::vector<size_t>(ink.height, 0), 0}};
  for (size_t x = 0; x < ink.width; ++x) {
    if (!is_cut[x]) continue;
    std::vector<size_t> columns(ink.height, x);
    for (size_t y = middle; y > 0; --y)
      columns[y - 1] = next_column(ink, from_top, y - 1, columns[y]);
    for (size_t y = middle + 1; y < ink.height; ++y) {
      columns[y] = next_column(ink, from_bottom, y, columns[y - 1]);
    }
    const size_t crossed_strokes = strokes_crossed(ink, columns);
    cuts.push_back({std::move(columns), crossed_strokes});
  }
  cuts.push_back({std::vector<size_t>(ink.height, ink.width), 0});
  return cuts;
}

std::optional<Segment> between(const Segment& segment, const Cut& left, const Cut& right) {
  const size_t begin = std::ranges::min(left.columns), end = std::ranges::max(right.columns);
  Ink part(end - begin, segment.ink.height);
  for (size_t y = 0; y < part.height; ++y) {
    for (size_t x = left.columns[y]; x < right.columns[y]; ++x) {
      part.at(x - begin, y) = segment.ink.at(x, y);
    }
  }
  const std::optional<Box> bounds = ink_bounds(part);
  if (!bounds) return std::nullopt;
  return Segment{{segment.box.left + begin + bounds->left, segment.box.top + bounds->top,
                  bounds->width, bounds->height},
                 crop(part, *bounds)};
}

}  // namespace inkdigit
