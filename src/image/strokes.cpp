#include "image/strokes.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace inkdigit {

namespace {

constexpr size_t kFrameLineShare = 25;    // of the picture's shorter side: 1/25
constexpr size_t kMinExtent = 3;          // pixels
constexpr size_t kMinExtentShare = 50;    // of the picture's longer side: 1/50
constexpr size_t kSpeckExtentShare = 20;  // of the largest piece: 1/20

/// Appends the pixels of the piece that holds `start` to `pixels` and marks them in `visited`.
Piece collect_piece(const Ink& ink, size_t start, std::vector<bool>& visited,
                    std::vector<uint32_t>& pixels) {
  const size_t begin = pixels.size();
  pixels.push_back(static_cast<uint32_t>(start));
  visited[start] = true;
  size_t left = ink.width, right = 0, top = ink.height, bottom = 0;
  for (size_t next = begin; next < pixels.size(); ++next) {  // the list is the queue, too
    const size_t x = pixels[next] % ink.width;
    const size_t y = pixels[next] / ink.width;
    left = std::min(left, x);
    right = std::max(right, x);
    top = std::min(top, y);
    bottom = std::max(bottom, y);
    for (size_t v = y - (y > 0); v <= std::min(y + 1, ink.height - 1); ++v) {
      for (size_t u = x - (x > 0); u <= std::min(x + 1, ink.width - 1); ++u) {
        const size_t neighbour = v * ink.width + u;
        if (visited[neighbour] || ink.values[neighbour] <= kStrokeThreshold) continue;
        visited[neighbour] = true;
        pixels.push_back(static_cast<uint32_t>(neighbour));
      }
    }
  }
  return {begin, pixels.size() - begin, {left, top, right - left + 1, bottom - top + 1}};
}

/// Whether a piece runs around the whole picture and never leaves its edge.
bool is_frame_line(const Pieces& pieces, const Piece& piece) {
  const Ink& ink = pieces.ink();
  const auto spans = [](size_t length, size_t whole) { return 10 * length >= 9 * whole; };
  if (!spans(piece.bounds.width, ink.width) || !spans(piece.bounds.height, ink.height)) {
    return false;
  }
  const size_t margin = std::min(ink.width, ink.height) / kFrameLineShare;
  return std::ranges::all_of(pieces.pixels(piece), [&](uint32_t pixel) {
    const size_t x = pixel % ink.width, y = pixel / ink.width;
    return std::min({x, y, ink.width - 1 - x, ink.height - 1 - y}) < margin;
  });
}

}  // namespace

std::vector<Piece> find_pieces(const Ink& ink, std::vector<uint32_t>& pixels) {
  std::vector<bool> visited(ink.values.size());
  std::vector<Piece> pieces;
  for (size_t i = 0; i < ink.values.size(); ++i) {
    if (visited[i] || ink.values[i] <= kStrokeThreshold) continue;
    pieces.push_back(collect_piece(ink, i, visited, pixels));
  }
  return pieces;
}

void Pieces::erase(std::span<const uint8_t> marks) {
  size_t kept = 0;
  for (size_t i = 0; i < marks.size(); ++i) {
    if (marks[i]) {
      for (const uint32_t pixel : pixels(list_[i])) ink_->values[pixel] = 0.0f;
    } else {
      list_[kept++] = list_[i];
    }
  }
  list_.erase(list_.begin() + static_cast<std::ptrdiff_t>(kept), list_.end());
}

size_t Pieces::largest() const {
  size_t largest = 0;
  for (const Piece& piece : list_) largest = std::max(largest, piece.extent());
  return largest;
}

void erase_frame_lines(Pieces& pieces) {
  pieces.erase_if([&](const Piece& piece) { return is_frame_line(pieces, piece); });
}

void erase_specks(Pieces& pieces) {
  const size_t largest = pieces.largest();
  const size_t longer_side = std::max(pieces.ink().width, pieces.ink().height);
  const bool only_specks = largest < std::max(kMinExtent, longer_side / kMinExtentShare);
  pieces.erase_if([&](const Piece& piece) {
    return only_specks || piece.extent() * kSpeckExtentShare < largest;
  });
}

void keep_strokes(Ink& ink) {
  Pieces pieces(ink);
  erase_frame_lines(pieces);
  erase_specks(pieces);
}

std::optional<Box> ink_bounds(const Ink& ink) {
  size_t left = ink.width, right = 0, top = ink.height, bottom = 0;
  for (size_t y = 0; y < ink.height; ++y) {
    for (size_t x = 0; x < ink.width; ++x) {
      if (ink.at(x, y) <= kStrokeThreshold) continue;
      left = std::min(left, x);
      right = std::max(right, x + 1);
      top = std::min(top, y);
      bottom = std::max(bottom, y + 1);
    }
  }
  if (left >= right) return std::nullopt;
  return Box{left, top, right - left, bottom - top};
}

}  // namespace inkdigit
