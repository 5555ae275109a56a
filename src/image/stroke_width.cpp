#include "image/stroke_width.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <vector>

#include "image/place.h"
#include "image/resize.h"
#include "image/strokes.h"

namespace inkdigit {

namespace {

// Outlines are moved at this many pixels to each of the box.
constexpr size_t kDetail = 8;
constexpr size_t kDetailSide = kDetail * kBoxSide;

// From here on a pixel is inside the outline. Below a half, because a line thinner than a pixel may
// share itself out between two.
constexpr float kInside = 0.4f;

/// Distance in pixels of each pixel to the nearest one where `inside(pixel)`, exact up to `reach`:
/// a Euclidean distance transform, columns before rows.
template <typename Inside>
std::vector<float> distances(const Ink& ink, size_t reach, Inside&& inside) {
  constexpr float kFar = 1e4f;
  // Within columns first: down, then up.
  std::vector<float> column(ink.values.size());
  std::ranges::transform(ink.values, column.begin(),
                         [&](float value) { return inside(value) ? 0.0f : kFar; });
  for (size_t i = ink.width; i < column.size(); ++i) {
    column[i] = std::min(column[i], column[i - ink.width] + 1.0f);
  }
  for (size_t i = column.size() - ink.width; i-- > 0;) {
    column[i] = std::min(column[i], column[i + ink.width] + 1.0f);
  }
  // The nearest pixel in each column of a row is known now; the nearest of them remains to be
  // found. All pixels of a row look equally far to one side at once.
  for (float& value : column) value *= value;
  std::vector<float> nearest = column;  // squared
  for (size_t y = 0; y < ink.height; ++y) {
    const float* row = &column[y * ink.width];
    float* result = &nearest[y * ink.width];
    for (size_t far = 1; far <= std::min(reach, ink.width - 1); ++far) {
      const auto across = static_cast<float>(far * far);
      for (size_t x = far; x < ink.width; ++x) {
        result[x] = std::min(result[x], across + row[x - far]);
      }
      for (size_t x = 0; x + far < ink.width; ++x) {
        result[x] = std::min(result[x], across + row[x + far]);
      }
    }
  }
  for (float& value : nearest) value = std::sqrt(value);
  return nearest;
}

}  // namespace

double stroke_width(const Ink& ink) {
  const Ink wide = with_margin(ink, 1);
  double area = 0.0, outline = 0.0;
  for (size_t y = 0; y + 1 < wide.height; ++y) {
    const float* row = &wide.values[y * wide.width];
    const float* below = row + wide.width;
    for (size_t x = 0; x + 1 < wide.width; ++x) {
      area += row[x];
      const double across = row[x + 1] - row[x], down = below[x] - row[x];
      if (across != 0.0 || down != 0.0) outline += std::sqrt(across * across + down * down);
    }
  }
  return 2.0 * area / outline;
}

Ink offset_outline(const Ink& ink, double radius) {
  const auto amount = static_cast<float>(std::abs(radius));
  const auto margin = static_cast<size_t>(std::ceil(amount)) + 1;
  Ink wide = with_margin(ink, margin);
  const bool grows = radius > 0.0;
  const std::vector<float> distance =
      distances(wide, margin, [grows](float value) { return (value >= kInside) == grows; });
  // The outline lies half a pixel from the middle of the nearest pixel on its other side.
  for (size_t i = 0; i < wide.values.size(); ++i) {
    const float reached = std::clamp(amount + 1.0f - distance[i], 0.0f, 1.0f);
    wide.values[i] = grows ? reached : 1.0f - reached;
  }
  return wide;
}

Ink normalise_stroke_width(const Ink& square) {
  Ink detailed = resize(square, kDetailSide, kDetailSide);
  strengthen(detailed);
  const double width = stroke_width(detailed) / kDetail;
  const double wanted = std::clamp(width, kMinStrokeWidth, kMaxStrokeWidth);
  if (width == wanted) return square;
  // Outlines that move by r make the digit 20 + 2r wide, which is then scaled to 20:
  // wanted = (width + 2r) · 20 / (20 + 2r).
  const double radius = (wanted - width) / (2.0 - 2.0 * wanted / kBoxSide);
  const Ink moved = offset_outline(detailed, radius * kDetail);
  const std::optional<Box> bounds = ink_bounds(moved);
  return bounds ? crop_square(moved, *bounds) : square;  // nothing is left of a blot's outline
}

}  // namespace inkdigit
