#include "image/strokes.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

namespace inkdigit {

namespace {

constexpr size_t kFrameLineShare = 25;  // of the picture's shorter side: 1/25
constexpr double kCornerReach = 0.3;    // of half the sides; a circle keeps 0.414 from its corners
constexpr size_t kMinExtent = 3;        // pixels
constexpr size_t kMinExtentShare = 50;  // of the picture's longer side: 1/50
constexpr size_t kHighShare = 4;        // of its shorter side, a quarter: high for a strip
constexpr double kSpeckExtentShare = 20;  // of the largest piece: 1/20

constexpr auto is_ink = [](float value) { return value > kStrokeThreshold; };

/// Appends the pixels of the piece that holds `start` to `pixels` and takes them out of
/// `left_over`.
Piece collect_piece(const Ink& ink, uint32_t start, std::vector<uint8_t>& left_over,
                    std::vector<uint32_t>& pixels) {
  const size_t begin = pixels.size();
  const auto width = static_cast<uint32_t>(ink.width), height = static_cast<uint32_t>(ink.height);
  pixels.push_back(start);
  left_over[start] = 0;
  uint32_t left = width, right = 0, top = height, bottom = 0;
  for (size_t next = begin; next < pixels.size(); ++next) {  // the list is the queue, too
    const uint32_t y = pixels[next] / width;
    const uint32_t x = pixels[next] - y * width;
    left = std::min(left, x);
    right = std::max(right, x);
    top = std::min(top, y);
    bottom = std::max(bottom, y);
    for (uint32_t v = y - (y > 0); v <= std::min(y + 1, height - 1); ++v) {
      for (uint32_t u = x - (x > 0); u <= std::min(x + 1, width - 1); ++u) {
        const uint32_t neighbour = v * width + u;
        if (!left_over[neighbour]) continue;
        left_over[neighbour] = 0;
        pixels.push_back(neighbour);
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
  std::vector<uint8_t> left_over(ink.values.size());  // ink that belongs to no piece yet
  std::ranges::transform(ink.values, left_over.begin(), is_ink);
  std::vector<Piece> pieces;
  for (auto start = left_over.begin();
       (start = std::find(start, left_over.end(), 1)) != left_over.end();) {
    const auto pixel = static_cast<uint32_t>(start - left_over.begin());
    pieces.push_back(collect_piece(ink, pixel, left_over, pixels));
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

int Pieces::touched_edges(const Piece& piece) const {
  const Box& box = piece.bounds;
  return (box.left <= kSoftEdge) + (box.left + box.width + kSoftEdge >= ink_->width) +
         (box.top <= kSoftEdge) + (box.top + box.height + kSoftEdge >= ink_->height);
}

int corners(const Pieces& pieces, const Piece& piece) {
  const Box& box = piece.bounds;
  unsigned near = 0;  // a bit for each corner
  for (const uint32_t pixel : pieces.pixels(piece)) {
    // In half sides, from the middle.
    const double x = (2.0 * (pixel % pieces.ink().width - box.left) + 1.0) / box.width - 1.0;
    const double y = (2.0 * (pixel / pieces.ink().width - box.top) + 1.0) / box.height - 1.0;
    const double dx = 1.0 - std::abs(x), dy = 1.0 - std::abs(y);
    if (dx * dx + dy * dy < kCornerReach * kCornerReach) near |= 1U << ((x > 0.0) + 2 * (y > 0.0));
  }
  return std::popcount(near);
}

void erase_frame_lines(Pieces& pieces) {
  pieces.erase_if([&](const Piece& piece) { return is_frame_line(pieces, piece); });
}

void erase_specks(Pieces& pieces) {
  const double largest = pieces.largest();
  const auto [shorter_side, longer_side] = std::minmax(pieces.ink().width, pieces.ink().height);
  const size_t least =
      std::max(kMinExtent, std::min(longer_side / kMinExtentShare, shorter_side / kHighShare));
  const bool only_specks = largest < static_cast<double>(least);
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
    const auto row = std::span(ink.values).subspan(y * ink.width, ink.width);
    const auto first = std::ranges::find_if(row, is_ink);
    if (first == row.end()) continue;
    const auto last = std::find_if(row.rbegin(), row.rend(), is_ink);
    left = std::min(left, static_cast<size_t>(first - row.begin()));
    right = std::max(right, static_cast<size_t>(row.rend() - last));
    top = std::min(top, y);
    bottom = y + 1;
  }
  if (left >= right) return std::nullopt;
  return Box{left, top, right - left, bottom - top};
}

}  // namespace inkdigit
