#include "image/place.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "image/resize.h"

namespace inkdigit {

namespace {

constexpr size_t kFullInkShare = 10;  // one tenth

/// Where along one axis of the frame the box begins. Ink is in [first, last] of the box.
ptrdiff_t offset_in_frame(double centre, size_t first, size_t last) {
  const auto offset = static_cast<ptrdiff_t>(std::floor(kFrameSide / 2 + 1 - centre));
  return std::clamp(offset, -static_cast<ptrdiff_t>(first),
                    static_cast<ptrdiff_t>(kFrameSide - 1 - last));
}

}  // namespace

Ink crop_square(const Ink& ink, const Box& bounds) {
  const size_t side = std::max(bounds.width, bounds.height);
  const size_t left = (side - bounds.width) / 2;
  const size_t top = (side - bounds.height) / 2;
  Ink square(side, side);
  for (size_t y = 0; y < bounds.height; ++y) {
    const float* row = &ink.values[(bounds.top + y) * ink.width + bounds.left];
    std::copy_n(row, bounds.width, &square.at(left, top + y));
  }
  return square;
}

Ink scale_to_box(const Ink& square) { return resize(square, kBoxSide, kBoxSide); }

void strengthen(Ink& digit) {
  std::vector<float> inked;
  for (const float value : digit.values) {
    if (value > 0.5f / 255) inked.push_back(value);
  }
  if (inked.empty()) return;
  const auto full = inked.begin() + static_cast<ptrdiff_t>(inked.size() / kFullInkShare);
  std::nth_element(inked.begin(), full, inked.end(), std::greater<>());
  for (float& value : digit.values) value = std::min(1.0f, value / *full);
}

Point centre_of_mass(const Ink& ink) {
  double mass = 0.0, x_moment = 0.0, y_moment = 0.0;
  for (size_t y = 0; y < ink.height; ++y) {
    for (size_t x = 0; x < ink.width; ++x) {
      const double value = ink.at(x, y);
      mass += value;
      x_moment += value * (static_cast<double>(x) + 0.5);
      y_moment += value * (static_cast<double>(y) + 0.5);
    }
  }
  return {x_moment / mass, y_moment / mass};
}

Frame place_in_frame(const Ink& digit) {
  std::array<uint8_t, kBoxSide * kBoxSide> levels{};
  size_t left = kBoxSide - 1, right = 0, top = kBoxSide - 1, bottom = 0;
  for (size_t y = 0; y < kBoxSide; ++y) {
    for (size_t x = 0; x < kBoxSide; ++x) {
      const auto level = static_cast<uint8_t>(std::lround(255.0f * digit.at(x, y)));
      levels[y * kBoxSide + x] = level;
      if (level == 0) continue;
      left = std::min(left, x);
      right = std::max(right, x);
      top = std::min(top, y);
      bottom = std::max(bottom, y);
    }
  }
  const Point centre = centre_of_mass(digit);
  const ptrdiff_t x_offset = offset_in_frame(centre.x, left, right);
  const ptrdiff_t y_offset = offset_in_frame(centre.y, top, bottom);
  Frame frame{};
  for (size_t y = top; y <= bottom; ++y) {
    for (size_t x = left; x <= right; ++x) {
      const size_t u = static_cast<size_t>(static_cast<ptrdiff_t>(x) + x_offset);
      const size_t v = static_cast<size_t>(static_cast<ptrdiff_t>(y) + y_offset);
      frame[v * kFrameSide + u] = levels[y * kBoxSide + x];
    }
  }
  return frame;
}

}  // namespace inkdigit
