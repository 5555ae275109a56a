#include "image/broad_area.h"

#include <algorithm>
#include <cstddef>

#include "image/integral.h"
#include "image/strokes.h"

namespace inkdigit {

namespace {

// Of a square, to be taken for all ink.
constexpr double kFull = 0.95;

// Of a picture that is twice as wide as high, which is no digit cut out to its ends: there is less
// ink than that in a row of digits.
constexpr double kMostOfRow = 0.6;

}  // namespace

bool has_broad_area(const Ink& ink, double most) {
  const auto side =
      static_cast<size_t>(most * static_cast<double>(std::max(ink.width, ink.height)));
  const size_t width = std::min(ink.width, side);
  const size_t height = std::min(ink.height, side);
  if (width == 0 || height == 0) return false;
  Ink covered(ink.width, ink.height);
  std::ranges::transform(ink.values, covered.values.begin(),
                         [](float value) { return value > kStrokeThreshold ? 1.0f : 0.0f; });
  const Integral sums(covered);
  const double most_of_picture = kMostOfRow * static_cast<double>(ink.values.size());
  if (ink.width >= 2 * ink.height && sums.sum(0, 0, ink.width, ink.height) > most_of_picture) {
    return true;
  }
  const double full = kFull * static_cast<double>(width * height);
  for (size_t y = 0; y + height <= ink.height; ++y) {
    for (size_t x = 0; x + width <= ink.width; ++x) {
      if (sums.sum(x, y, x + width, y + height) >= full) return true;
    }
  }
  return false;
}

}  // namespace inkdigit
