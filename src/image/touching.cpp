#include "image/touching.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "image/strokes.h"

namespace inkdigit {

namespace {

// What a seam costs, in pixels that it steps aside: going into or out of a stroke, in heights, and
// a pixel of ink. Along a stroke that two digits share it is as cheap as across one.
constexpr float kCostOfEdge = 0.1f, kCostOfInk = 0.2f;

// Cuts keep this distance from each other and from the edges, in heights.
constexpr double kLeastDistance = 0.08;

/// The cheapest seams from the first row (`down`) or the last to each pixel.
class Seams {
 public:
  Seams(const Ink& ink, bool down) : ink_(&ink), down_(down), costs_(ink.values.size()) {
    for (size_t step = 0; step < ink.height; ++step) {
      const size_t y = down ? step : ink.height - 1 - step;
      for (size_t x = 0; x < ink.width; ++x) costs_[y * ink.width + x] = last_step(x, y).cost;
    }
  }

  float cost(size_t x, size_t y) const { return costs_[y * ink_->width + x]; }

  /// The column of the row before that the seam to a pixel comes from.
  size_t column_before(size_t x, size_t y) const { return last_step(x, y).from; }

 private:
  struct Step {
    size_t from;  // a column of the row before
    float cost;   // of the seam with this step
  };

  /// Of the seam to a pixel; those to the row before are known.
  Step last_step(size_t x, size_t y) const {
    const float value = ink_->at(x, y);
    const float edge = kCostOfEdge * static_cast<float>(ink_->height);
    Step best{x, edge * value};
    if (y != (down_ ? 0 : ink_->height - 1)) {
      const size_t before = down_ ? y - 1 : y + 1;
      best.cost = HUGE_VALF;
      for (const size_t from : {x, x - 1, x + 1}) {
        if (from >= ink_->width) continue;
        const float sum = cost(from, before) + edge * std::abs(value - ink_->at(from, before)) +
                          (from == x ? 0.0f : 1.0f);
        if (sum < best.cost) best = {from, sum};
      }
    }
    best.cost += kCostOfInk * value;
    return best;
  }

  const Ink* ink_;
  bool down_;
  std::vector<float> costs_;
};

/// How many strokes a seam crosses: one that runs along a stroke crosses it once.
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
  const Seams from_top(ink, true), from_bottom(ink, false);
  const size_t middle = ink.height / 2;
  // Of the best seam through each column of the middle row.
  std::vector<float> costs(ink.width);
  for (size_t x = 0; x < ink.width; ++x) {
    costs[x] = from_top.cost(x, middle) + from_bottom.cost(x, middle);
  }

  const auto distance = static_cast<size_t>(kLeastDistance * static_cast<double>(ink.height)) + 1;
  std::vector<uint8_t> is_cut(ink.width, 0);
  std::vector<uint8_t> is_free(ink.width, 1);  // far enough from the cuts there are
  for (;;) {
    size_t best = ink.width;
    for (size_t x = distance; x + distance < ink.width; ++x) {
      if (is_free[x] && (best == ink.width || costs[x] < costs[best])) best = x;
    }
    if (best == ink.width) break;
    is_cut[best] = 1;
    for (size_t x = best - distance; x <= best + distance; ++x) is_free[x] = 0;
  }

  std::vector<Cut> cuts{{std::vector<size_t>(ink.height, 0), 0}};
  for (size_t x = 0; x < ink.width; ++x) {
    if (!is_cut[x]) continue;
    std::vector<size_t> columns(ink.height, x);
    for (size_t y = middle; y > 0; --y) columns[y - 1] = from_top.column_before(columns[y], y);
    for (size_t y = middle + 1; y < ink.height; ++y) {
      columns[y] = from_bottom.column_before(columns[y - 1], y - 1);
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
