#include "image/enclosures.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace inkdigit {

namespace {

// Extents are the longer sides of bounds.

constexpr size_t kLeastBox = 8;        // pixels, its shorter side
constexpr double kLeastInBox = 0.12;   // extent of what stands in a box, of its shorter side …
constexpr double kLeastInCut = 0.3;    // … in one that the picture's edge cuts off a part of …
constexpr double kLeastWithin = 0.05;  // … and in what touches all edges, of its extent
constexpr double kNearPart = 0.1;      // distance of a digit's parts, of its extent

// A table's lines are sought between so many rows, evenly apart, and between the picture's edges
// but for one part in so many of it at either: along an edge they may look like shade.
constexpr size_t kRows = 4, kMargin = 20;

double largest_within(const Pieces& pieces, const Piece& piece) {
  return pieces.largest([&](const Piece& other) { return encloses(piece.bounds, other.bounds); });
}

/// Middles of what is inked in row `y`.
std::vector<double> stroke_middles(const Ink& ink, size_t y) {
  std::vector<double> middles;
  for (size_t x = 0, begin = 0; x <= ink.width; ++x) {
    if (x < ink.width && ink.at(x, y) > kStrokeThreshold) continue;
    if (x > begin) middles.push_back(static_cast<double>(begin + x) / 2);
    begin = x + 1;
  }
  return middles;
}

/// Whether all is inked from the upper edge to the lower one, along a straight line that is at `x`
/// in row `y` and goes to the right by `slope` a row.
bool is_inked_down(const Ink& ink, double x, size_t y, double slope) {
  const size_t margin = ink.height / kMargin;
  for (size_t row = margin; row < ink.height - margin; ++row) {
    const double at = x + slope * (static_cast<double>(row) - static_cast<double>(y));
    if (at < 0.0 || at >= static_cast<double>(ink.width)) return false;
    if (ink.at(static_cast<size_t>(at), row) <= kStrokeThreshold) return false;
  }
  return true;
}

/// Whether a straight line goes from the upper edge to the lower one. It is looked for between rows
/// that are far apart, of which one may lie in a line across.
bool has_line_down(const Ink& ink) {
  for (size_t i = 1; i < kRows; ++i) {
    const size_t upper = i * ink.height / (kRows + 1);
    const std::vector<double> starts = stroke_middles(ink, upper);
    for (size_t j = i + 1; j <= kRows; ++j) {
      const size_t lower = j * ink.height / (kRows + 1);
      const std::vector<double> ends = stroke_middles(ink, lower);
      for (const double from : starts) {
        for (const double to : ends) {
          const double slope = (to - from) / static_cast<double>(lower - upper);
          if (is_inked_down(ink, from, upper, slope)) return true;
        }
      }
    }
  }
  return false;
}

/// Whether nothing is inked around a box, up to `margin` pixels from it.
bool has_paper_around(const Ink& ink, const Box& box, size_t margin) {
  const size_t left = box.left - std::min(box.left, margin);
  const size_t top = box.top - std::min(box.top, margin);
  const size_t right = std::min(ink.width, box.left + box.width + margin);
  const size_t bottom = std::min(ink.height, box.top + box.height + margin);
  for (size_t y = top; y < bottom; ++y) {
    for (size_t x = left; x < right; ++x) {
      if (x - box.left < box.width && y - box.top < box.height) continue;
      if (ink.at(x, y) > kStrokeThreshold) return false;
    }
  }
  return true;
}

/// Whether lines cross each other from edge to edge, as a table's do, and something large stands
/// in a cell. A stroke of a four comes nearer to the others.
bool is_table(const Pieces& pieces) {
  const Ink& ink = pieces.ink();
  const auto least = kLeastInCut * static_cast<double>(std::min(ink.width, ink.height));
  return std::ranges::any_of(pieces.list(),
                             [&](const Piece& piece) {
                               const auto margin = static_cast<size_t>(kNearPart * piece.extent());
                               return pieces.touched_edges(piece) == 0 && piece.extent() >= least &&
                                      has_paper_around(ink, piece.bounds, margin);
                             }) &&
         has_line_down(ink) && has_line_down(transposed(ink));
}

/// Whether a piece may be what something is written in. A zero around a stroke is that, too.
bool has_something_in_it(const Pieces& pieces, const Piece& piece) {
  const size_t shorter = std::min(piece.bounds.width, piece.bounds.height);
  if (shorter < kLeastBox) return false;  // of a screen of dots there are so many
  const bool is_all_around = pieces.touched_edges(piece) == 4;
  return largest_within(pieces, piece) >= (is_all_around
                                               ? kLeastWithin * piece.extent()
                                               : kLeastInBox * static_cast<double>(shorter));
}

/// Whether it is a box. Of one that the picture's edge cuts through, one corner may be missing.
bool is_box(const Pieces& pieces, const Piece& piece) {
  const auto shorter = static_cast<double>(std::min(piece.bounds.width, piece.bounds.height));
  const bool is_cut =
      pieces.touched_edges(piece) > 1 && largest_within(pieces, piece) >= kLeastInCut * shorter;
  return corners(pieces, piece) >= (is_cut ? 3 : 4);
}

}  // namespace

void erase_enclosures(Pieces& pieces) {
  const auto may_be_table = [&](const Piece& piece) {
    return pieces.touched_edges(piece) > 1 && has_something_in_it(pieces, piece);
  };
  const bool table = std::ranges::any_of(pieces.list(), may_be_table) && is_table(pieces);
  pieces.erase_if([&](const Piece& piece) {
    return (table && may_be_table(piece)) ||
           (has_something_in_it(pieces, piece) && is_box(pieces, piece));
  });
}

}  // namespace inkdigit
