#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "image/ink.h"

namespace inkdigit {

/// Above this share of full ink a pixel belongs to a stroke. Of MNIST's own digits 99.9 % keep
/// their 20-pixel box at 0.2 and 99.8 % at 0.3, so fading ends survive; JPEG's ripples do not reach
/// it.
inline constexpr float kStrokeThreshold = 0.2f;

/// What touches the picture's edge ends so near to it, pixels, since it has a soft edge of its own.
inline constexpr size_t kSoftEdge = 1;

/// Pixels above the threshold that hang together, by sides or corners: a connected component.
struct Piece {
  size_t begin;  // of its pixels in a list
  size_t size;   // pixels
  Box bounds;

  /// The longer side of its bounds, pixels.
  double extent() const { return static_cast<double>(std::max(bounds.width, bounds.height)); }
};

/// All pieces of `ink`, in the order of their first pixels; `pixels` receives the places of their
/// pixels in ink.values.
std::vector<Piece> find_pieces(const Ink& ink, std::vector<uint32_t>& pixels);

/// The pieces of a picture that is borrowed, to take away some of them.
class Pieces {
 public:
  explicit Pieces(Ink& ink) : ink_(&ink), list_(find_pieces(ink, pixels_)) {}

  const Ink& ink() const { return *ink_; }
  const std::vector<Piece>& list() const { return list_; }
  /// Places of a piece's pixels in ink().values.
  std::span<const uint32_t> pixels(const Piece& piece) const {
    return std::span(pixels_).subspan(piece.begin, piece.size);
  }

  /// Takes away, from the list and from the picture, those of which `is_unwanted(piece)`. It is
  /// asked of all of them before the first goes.
  template <typename Predicate>
  void erase_if(Predicate is_unwanted) {
    std::vector<uint8_t> marks;
    for (const Piece& piece : list_) marks.push_back(is_unwanted(piece));
    erase(marks);
  }

  /// Extent of the largest piece of which `counts(piece)`, pixels; 0 if there is none.
  template <typename Predicate>
  double largest(Predicate counts) const {
    double largest = 0.0;
    for (const Piece& piece : list_) {
      if (counts(piece)) largest = std::max(largest, piece.extent());
    }
    return largest;
  }
  double largest() const {
    return largest([](const Piece&) { return true; });
  }

  /// How many of the picture's four edges a piece touches.
  int touched_edges(const Piece& piece) const;

 private:
  /// One mark for each of the list, 1 for those that go.
  void erase(std::span<const uint8_t> marks);

  Ink* ink_;
  std::vector<uint32_t> pixels_;
  std::vector<Piece> list_;
};

/// How many corners of its bounds a piece comes near: four if it is a box, none if it is round.
int corners(const Pieces& pieces, const Piece& piece);

/// Takes away lines that run around the whole picture along its edge.
void erase_frame_lines(Pieces& pieces);

/// Takes away specks: what would be smaller than one pixel of the 20×20 box. Everything is a speck
/// in a picture whose largest piece is below 3 pixels, or below 2 % of the picture's longer side
/// and a quarter of its shorter one.
void erase_specks(Pieces& pieces);

/// Takes away frame lines and specks.
void keep_strokes(Ink& ink);

/// The smallest box around everything above the threshold; nothing if there is no such pixel.
std::optional<Box> ink_bounds(const Ink& ink);

}  // namespace inkdigit
