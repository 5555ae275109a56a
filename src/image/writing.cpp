#include "image/writing.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "image/enclosures.h"
#include "image/strokes.h"

namespace inkdigit {

namespace {

// Extents are the longer sides of bounds.

constexpr double kLeastWriting = 0.05;    // extent of what is written, of the picture's
constexpr double kLargestDigit = 2.0;     // extent of what is cut off, of the rest: of one digit …
constexpr double kLargestOfNumber = 2.2;  // … and of a number
constexpr double kSurroundings = 4.0;     // the same, from where on it was not cut out to its ends
constexpr double kLeastPart = 0.8;        // extent of the other part of a digit, of the rest
constexpr double kNearPart = 0.1;         // distance of a digit's parts, of its extent
constexpr double kSpanning = 0.8;         // of the picture's width or height
constexpr double kLeastBesideIt = 0.1;    // extent of what is no speck beside what is cut off

constexpr double kLarge = 0.3;        // of the largest piece's pixels
constexpr double kFaint = 0.5;        // of the writing's strength
constexpr double kFar = 0.35;         // distance, of the digit's extent
constexpr double kSmall = 0.5;        // extent, of the digit's
constexpr size_t kFlat = 5;           // width over height of a line below what is written
constexpr double kLonger = 1.1;       // its least width, of the digit's …
constexpr double kLeastBelow = 0.05;  // … and how far it lies below, of the digit's height
constexpr double kLongLine = 1.5;     // the same, of a number's height
constexpr double kLevel = 0.2;        // rise between two of a row, of the digits' height

double picture_extent(const Pieces& pieces) {
  return static_cast<double>(std::max(pieces.ink().width, pieces.ink().height));
}

/// How far two boxes are apart along an axis, pixels; 0 if they share some of both.
double gap(const Box& a, const Box& b) {
  return std::max({0.0, -shared_width(a, b), -shared_height(a, b)});
}

/// A table, a finger, a margin beside what is written.
void erase_cut_off(Pieces& pieces, Content content) {
  const auto is_whole = [&](const Piece& piece) { return pieces.touched_edges(piece) == 0; };
  const double rest = pieces.largest(is_whole);
  if (rest < kLeastWriting * picture_extent(pieces)) return;
  const auto spans = [](size_t length, size_t side) {
    return static_cast<double>(length) >= kSpanning * static_cast<double>(side);
  };
  const auto is_cut_off = [&](const Piece& piece) { return !is_whole(piece); };
  const bool has_surroundings = pieces.largest(is_cut_off) > kSurroundings * rest;
  const Box middle{pieces.ink().width / 2, pieces.ink().height / 2, 1, 1};
  pieces.erase_if([&](const Piece& piece) {
    const Box& box = piece.bounds;
    if (pieces.touched_edges(piece) == 0) return false;
    if (content == Content::kNumber) {
      return has_surroundings || piece.extent() > kLargestOfNumber * rest;
    }
    // A digit that was cut out to its ends touches the edges; what is within it may be its own.
    if (encloses(box, middle) && pieces.largest([&](const Piece& other) {
          return encloses(box, other.bounds);
        }) >= kLeastBesideIt * piece.extent()) {
      return false;
    }
    // So may a part of one that was drawn to the edge: it is near the other parts, and neither
    // around them, as the corner of a box is, nor a line from edge to edge.
    const bool crosses = box.width + 2 * kSoftEdge >= pieces.ink().width ||
                         box.height + 2 * kSoftEdge >= pieces.ink().height;
    if (!crosses && piece.extent() <= kLargestDigit * rest) {
      return std::ranges::none_of(pieces.list(), [&](const Piece& other) {
        return is_whole(other) && other.extent() >= kLeastPart * rest &&
               !encloses(box, other.bounds) && gap(box, other.bounds) <= kNearPart * rest;
      });
    }
    return rest >= kLeastBesideIt * piece.extent() &&
           (spans(box.width, pieces.ink().width) || spans(box.height, pieces.ink().height));
  });
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
  const double digit = most_ink(pieces).extent();
  Box near = most_ink(pieces).bounds;
  const auto is_far = [&](const Piece& piece) {
    return piece.extent() <= kSmall * digit && gap(near, piece.bounds) > kFar * digit;
  };
  for (Box before{}; before != near;) {
    before = near;
    for (const Piece& piece : pieces.list()) {
      if (!is_far(piece)) near = around(near, piece.bounds);
    }
  }
  pieces.erase_if(is_far);
}

bool is_flat(const Box& box) { return box.width > kFlat * box.height; }

/// A line below a digit, longer than that is wide, as no part of one is.
void erase_underline(Pieces& pieces) {
  std::optional<Box> digit;
  for (const auto& [begin, size, bounds] : pieces.list()) {
    if (!is_flat(bounds)) digit = digit ? around(*digit, bounds) : bounds;
  }
  if (!digit) return;
  const double least_gap = kLeastBelow * static_cast<double>(digit->height);
  pieces.erase_if([&](const Piece& piece) {
    const Box& box = piece.bounds;
    return is_flat(box) && box.top > digit->top && -shared_height(box, *digit) >= least_gap &&
           shared_width(box, *digit) > 0.0 &&
           static_cast<double>(box.width) >= kLonger * static_cast<double>(digit->width);
  });
}

/// Lines below a number: a long one, or one below each digit.
void erase_underlines(Pieces& pieces) {
  std::vector<Box> digits;
  double height = 0.0;  // of the digits, pixels
  for (const auto& [begin, size, bounds] : pieces.list()) {
    if (is_flat(bounds)) continue;
    digits.push_back(bounds);
    height = std::max(height, static_cast<double>(bounds.height));
  }
  if (digits.empty()) return;
  const auto is_below_a_digit = [&](const Box& box) {
    return is_flat(box) && std::ranges::any_of(digits, [&](const Box& digit) {
             return shared_width(digit, box) > 0.0 && digit.top + digit.height <= box.top;
           });
  };
  std::vector<Box> below;  // a digit
  for (const auto& [begin, size, bounds] : pieces.list()) {
    if (is_below_a_digit(bounds)) below.push_back(bounds);
  }
  const auto is_of_a_row = [&](const Box& box) {
    return is_below_a_digit(box) && std::ranges::any_of(below, [&](const Box& other) {
             const double rise =
                 std::abs(static_cast<double>(other.top) - static_cast<double>(box.top));
             return shared_width(other, box) < 0.0 && rise <= kLevel * height;
           });
  };
  pieces.erase_if([&](const Piece& piece) {
    return is_of_a_row(piece.bounds) ||
           (is_flat(piece.bounds) && piece.extent() > kLongLine * height);
  });
}

}  // namespace

void keep_writing(Ink& ink, Content content) {
  Pieces pieces(ink);
  erase_frame_lines(pieces);
  if (pieces.list().size() > 1) {
    erase_cut_off(pieces, content);
    erase_enclosures(pieces);
  }
  erase_specks(pieces);
  if (pieces.list().size() > 1) {
    erase_faint(pieces);
    if (content == Content::kDigit) {
      erase_underline(pieces);
      erase_far_bits(pieces);
    } else if (pieces.list().size() <= kMostPieces) {
      erase_underlines(pieces);
    }
  }
}

}  // namespace inkdigit
