#include "train/pen.h"

#include <algorithm>
#include <cmath>

namespace inkdigit {

namespace {

/// Squared distance of (x, y) to the segment from a to b.
double squared_distance(double x, double y, const PenPoint& a, const PenPoint& b) {
  const double dx = b.x - a.x, dy = b.y - a.y;
  const double length2 = dx * dx + dy * dy;
  const double along =
      length2 > 0.0 ? std::clamp(((x - a.x) * dx + (y - a.y) * dy) / length2, 0.0, 1.0) : 0.0;
  const double ex = x - a.x - along * dx, ey = y - a.y - along * dy;
  return ex * ex + ey * ey;
}

void draw_segment(Ink& ink, const PenPoint& a, const PenPoint& b, double radius) {
  const double reach = radius + 1.0;
  const auto clip = [](double value, size_t length) {
    return static_cast<size_t>(std::clamp(value, 0.0, static_cast<double>(length)));
  };
  const size_t left = clip(std::min(a.x, b.x) - reach, ink.width);
  const size_t right = clip(std::max(a.x, b.x) + reach + 1.0, ink.width);
  const size_t top = clip(std::min(a.y, b.y) - reach, ink.height);
  const size_t bottom = clip(std::max(a.y, b.y) + reach + 1.0, ink.height);
  for (size_t y = top; y < bottom; ++y) {
    for (size_t x = left; x < right; ++x) {
      const double distance = std::sqrt(
          squared_distance(static_cast<double>(x) + 0.5, static_cast<double>(y) + 0.5, a, b));
      // The share of a pixel that the line covers, as if its edge ran along the pixel's side.
      const auto cover = static_cast<float>(std::clamp(radius + 0.5 - distance, 0.0, 1.0));
      ink.at(x, y) = std::max(ink.at(x, y), cover);
    }
  }
}

}  // namespace

Ink draw_strokes(const std::vector<PenStroke>& strokes, size_t side, double width) {
  Ink ink(side, side);
  for (const PenStroke& stroke : strokes) {
    for (size_t i = 0; i < stroke.size(); ++i) {
      if (i > 0 || stroke.size() == 1)
        draw_segment(ink, stroke[i > 0 ? i - 1 : 0], stroke[i], width / 2);
    }
  }
  return ink;
}

}  // namespace inkdigit
