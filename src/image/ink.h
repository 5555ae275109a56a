#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace inkdigit {

/// One number for each pixel, row by row from the top.
struct Plane {
  size_t width = 0;             // pixels
  size_t height = 0;            // pixels
  std::vector<float> values{};  // [height, width]

  Plane() = default;
  /// All 0.
  Plane(size_t width, size_t height) : width(width), height(height), values(width * height) {}

  float& at(size_t x, size_t y) { return values[y * width + x]; }
  float at(size_t x, size_t y) const { return values[y * width + x]; }
};

/// How much ink each pixel holds: 0 = paper, 1 = full ink.
using Ink = Plane;

/// Bytes, 0 = paper … 255 = full ink, as shares of full ink; `ink` has as many values.
void bytes_to_ink(std::span<const uint8_t> bytes, std::span<float> ink);

/// A rectangle of whole pixels.
struct Box {
  size_t left;
  size_t top;
  size_t width;
  size_t height;

  bool operator==(const Box&) const = default;
};

/// The smallest box that holds both.
Box around(const Box& a, const Box& b);

/// Whether `inner` lies within `outer` and touches none of its sides.
bool encloses(const Box& outer, const Box& inner);

/// How far two boxes reach into each other, in pixels; negative: how far they are apart.
double shared_width(const Box& a, const Box& b);
double shared_height(const Box& a, const Box& b);

/// What lies in `box`, which must lie in `plane` and have some pixels.
Plane crop(const Plane& plane, const Box& box);

/// The same with `margin` more pixels of `value`, by default paper, on all four sides.
Plane with_margin(const Plane& plane, size_t margin, float value = 0.0f);

/// Its columns as rows.
Plane transposed(const Plane& plane);

}  // namespace inkdigit
