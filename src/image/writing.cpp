#include "image/writing.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "image/box_lines.h"
#include "image/strokes.h"

namespace inkdigit {

namespace {

// Extents are the longer sides of bounds.

constexpr size_t kEdge = 1;               // pixels: a soft edge ends so far from the picture's
constexpr double kLeastWriting = 0.05;    // extent of what is written, of the picture's
constexpr double kLargestDigit = 2.0;     // extent of what is cut off, of the rest: of one digit …
constexpr double kLargestOfNumber = 2.2;  // … and of a number
constexpr double kSurroundings = 4.0;     // the same, from where on it was not cut out to its ends
constexpr double kLeastPart = 0.8;        // extent of the other part of a digit, of the rest
constexpr double kNearPart = 0.1;         // distance of a digit's parts, of its extent
constexpr double kSpanning = 0.8;         // of the picture's width or height
constexpr double kLeastBesideIt = 0.1;    // extent of what is no speck beside what is cut off

constexpr size_t kLeastBox = 8;       // pixels
constexpr double kLeastInBox = 0.12;  // extent of what stands in a box, of its lower side …
constexpr double kLeastInCut = 0.3;   // … and in one that the picture's edge cuts off a part of

// A table's lines are sought between so many rows, evenly apart, and between the picture's edges
// but for one part in so many of it at either: along an edge they may look like shade.
constexpr size_t kRows = 4, kMargin = 20;

constexpr double kLarge = 0.3;     // of the largest piece's pixels
constexpr double kFaint = 0.5;     // of the writing's strength
constexpr double kFar = 0.35;      // distance, of the digit's extent
constexpr double kSmall = 0.5;     // extent, of the digit's
constexpr size_t kFlat = 5;        // width over height of a line below a number
constexpr double kLongLine = 1.5;  // its least width, of the digits' height
constexpr double kLevel = 0.2;     // rise between two of a row, of the digits' height

double extent(const Piece& piece) { return static_cast<double>(piece.extent()); }

double picture_extent(const Pieces& pieces) {
  return static_cast<double>(std::max(pieces.ink().width, pieces.ink().height));
}

/// How many of the picture's edges a piece touches.
int touched_edges(const Pieces& pieces, const Box& box) {
  return (box.left <= kEdge) + (box.left + box.width + kEdge >= pieces.ink().width) +
         (box.top <= kEdge) + (box.top + box.height + kEdge >= pieces.ink().height);
}

bool encloses(const Box& outer, const Box& inner) {
  return inner.left > outer.left && inner.top > outer.top &&
         inner.left + inner.width < outer.left + outer.width &&
         inner.top + inner.height < outer.top + outer.height;
}

/// How far two boxes are apart along an axis, pixels; 0 if they share some of both.
double gap(const Box& a, const Box& b) {
  return std::max({0.0, -shared_width(a, b), -shared_height(a, b)});
}

/// Extent of the largest piece of which `counts(piece)`.
template <typename Predicate>
double largest(const Pieces& pieces, Predicate counts) {
  double most = 0.0;
  for (const Piece& piece : pieces.list()) {
    if (counts(piece)) most = std::max(most, extent(piece));
  }
  return most;
}

/// A table, a finger, a margin beside what is written.
void erase_cut_off(Pieces& pieces, Content content) {
  const auto is_whole = [&](const Piece& piece) {
    return touched_edges(pieces, piece.bounds) == 0;
  };
  const double rest = largest(pieces, is_whole);
  if (rest < kLeastWriting * picture_extent(pieces)) return;
  const auto spans = [](size_t length, size_t side) {
    return static_cast<double>(length) >= kSpanning * static_cast<double>(side);
  };
  const auto is_cut_off = [&](const Piece& piece) { return !is_whole(piece); };
  const bool has_surroundings = largest(pieces, is_cut_off) > kSurroundings * rest;
  const Box middle{pieces.ink().width / 2, pieces.ink().height / 2, 1, 1};
  pieces.erase_if([&](const Piece& piece) {
    const Box& box = piece.bounds;
    if (touched_edges(pieces, box) == 0) return false;
    if (content == Content::kNumber) {
      return has_surroundings || extent(piece) > kLargestOfNumber * rest;
    }
    // A digit that was cut out to its ends touches the edges; what is within it may be its own.
    if (encloses(box, middle) && largest(pieces, [&](const Piece& other) {
                                   return encloses(box, other.bounds);
                                 }) >= kLeastBesideIt * extent(piece)) {
      return false;
    }
    // So may a part of one that was drawn to the edge: it is near the other parts, and neither
    // around them, as the corner of a box is, nor a line from edge to edge.
    const bool crosses = box.width + 2 * kEdge >= pieces.ink().width ||
                         box.height + 2 * kEdge >= pieces.ink().height;
    if (!crosses && extent(piece) <= kLargestDigit * rest) {
      return std::ranges::none_of(pieces.list(), [&](const Piece& other) {
        return is_whole(other) && extent(other) >= kLeastPart * rest &&
               !encloses(box, other.bounds) && gap(box, other.bounds) <= kNearPart * rest;
      });
    }
    return rest >= kLeastBesideIt * extent(piece) &&
           (spans(box.width, pieces.ink().width) || spans(box.height, pieces.ink().height));
  });
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
    for (size_t j = i + 1; j <= kRows; ++j) {
      const size_t lower = j * ink.height / (kRows + 1);
      for (const double from : stroke_middles(ink, upper)) {
        for (const double to : stroke_middles(ink, lower)) {
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
                               const auto margin = static_cast<size_t>(kNearPart * extent(piece));
                               return touched_edges(pieces, piece.bounds) == 0 &&
                                      extent(piece) >= least &&
                                      has_paper_around(ink, piece.bounds, margin);
                             }) &&
         has_line_down(ink) && has_line_down(transposed(ink));
}

/// Whether a piece is a box, a table, or what surrounds the paper. A zero around a stroke is none.
/// Of a box that the picture's edge cuts through, one corner may be missing.
bool is_enclosure(const Pieces& pieces, const Piece& piece) {
  const size_t lower = std::min(piece.bounds.width, piece.bounds.height);
  if (lower < kLeastBox) return false;  // of a screen of dots there are so many
  const double most =
      largest(pieces, [&](const Piece& other) { return encloses(piece.bounds, other.bounds); });
  const int edges = touched_edges(pieces, piece.bounds);
  const auto lower_side = static_cast<double>(lower);
  if (most < (edges == 4 ? kLeastWriting * extent(piece) : kLeastInBox * lower_side)) return false;
  if (corners(pieces, piece) >= (edges > 1 && most >= kLeastInCut * lower_side ? 3 : 4))
    return true;
  return edges > 1 && is_table(pieces);
}

/// How strong a piece's ink is: its mean, in which each pixel counts as much as it has ink.
double strength(const Pieces& pieces, const Piece& piece) {
  double sum = 0.0, squares = 0.0;
  for (const uint32_t pixel : pieces.pixels(piece)) {
    const double ink = pieces.ink().values[pixel];
    sum += ink;
    squares += ink * ink;
  }
  return squares / sum;
}

const Piece& most_ink(const Pieces& pieces) {
  return *std::ranges::max_element(pieces.list(), {}, &Piece::size);
}

/// Remains of lines, dust, hairs.
void erase_faint(Pieces& pieces) {
  const double least = kLarge * static_cast<double>(most_ink(pieces).size);
  double writing = 0.0;
  for (const Piece& piece : pieces.list()) {
    if (static_cast<double>(piece.size) < least) continue;
    writing = std::max(writing, strength(pieces, piece));
  }
  pieces.erase_if([&](const Piece& piece) { return strength(pieces, piece) < kFaint * writing; });
}

/// Bits that are far from the digit, and from what is near it.
void erase_far_bits(Pieces& pieces) {
  const double digit = extent(most_ink(pieces));
  Box near = most_ink(pieces).bounds;
  const auto is_far = [&](const Piece& piece) {
    return extent(piece) <= kSmall * digit && gap(near, piece.bounds) > kFar * digit;
  };
  for (Box before{}; before != near;) {
    before = near;
    for (const Piece& piece : pieces.list()) {
      if (!is_far(piece)) near = around(near, piece.bounds);
    }
  }
  pieces.erase_if(is_far);
}

/// Lines below a number: a long one, or one below each digit.
void erase_underlines(Pieces& pieces) {
  const auto is_flat = [](const Box& box) { return box.width > kFlat * box.height; };
  double height = 0.0;  // of the digits, pixels
  for (const Piece& piece : pieces.list()) {
    if (!is_flat(piece.bounds)) {
      height = std::max(height, static_cast<double>(piece.bounds.height));
    }
  }
  if (height == 0.0) return;
  const auto is_below_a_digit = [&](const Box& box) {
    return is_flat(box) && std::ranges::any_of(pieces.list(), [&](const Piece& piece) {
             return !is_flat(piece.bounds) && shared_width(piece.bounds, box) > 0.0 &&
                    piece.bounds.top + piece.bounds.height <= box.top;
           });
  };
  const auto is_of_a_row = [&](const Box& box) {
    return is_below_a_digit(box) && std::ranges::any_of(pieces.list(), [&](const Piece& piece) {
             const double rise = std::abs(static_cast<double>(piece.bounds.top) -
                                          static_cast<double>(box.top));
             return shared_width(piece.bounds, box) < 0.0 && rise <= kLevel * height &&
                    is_below_a_digit(piece.bounds);
           });
  };
  pieces.erase_if([&](const Piece& piece) {
    return is_of_a_row(piece.bounds) ||
           (is_flat(piece.bounds) && extent(piece) > kLongLine * height);
  });
}

}  // namespace

void keep_writing(Ink& ink, Content content) {
  remove_box_lines(ink);
  Pieces pieces(ink);
  erase_frame_lines(pieces);
  if (pieces.list().size() > 1) {
    erase_cut_off(pieces, content);
    pieces.erase_if([&](const Piece& piece) { return is_enclosure(pieces, piece); });
  }
  erase_specks(pieces);
  if (pieces.list().size() > 1) {
    erase_faint(pieces);
    if (content == Content::kDigit) {
      erase_far_bits(pieces);
    } else {
      erase_underlines(pieces);
    }
  }
}

}  // namespace inkdigit
