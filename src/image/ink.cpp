#include "image/ink.h"

#include <algorithm>

namespace inkdigit {

namespace {

double shared(size_t begin1, size_t length1, size_t begin2, size_t length2) {
  return static_cast<double>(std::min(begin1 + length1, begin2 + length2)) -
         static_cast<double>(std::max(begin1, begin2));
}

}  // namespace

void bytes_to_ink(std::span<const uint8_t> bytes, std::span<float> ink) {
  std::ranges::transform(bytes, ink.begin(), [](uint8_t byte) { return byte / 255.0f; });
}

double shared_width(const Box& a, const Box& b) { return shared(a.left, a.width, b.left, b.width); }

double shared_height(const Box& a, const Box& b) {
  return shared(a.top, a.height, b.top, b.height);
}

bool encloses(const Box& outer, const Box& inner) {
  return inner.left > outer.left && inner.top > outer.top &&
         inner.left + inner.width < outer.left + outer.width &&
         inner.top + inner.height < outer.top + outer.height;
}

Box around(const Box& a, const Box& b) {
  const size_t left = std::min(a.left, b.left), top = std::min(a.top, b.top);
  return {left, top, std::max(a.left + a.width, b.left + b.width) - left,
          std::max(a.top + a.height, b.top + b.height) - top};
}

Plane crop(const Plane& plane, const Box& box) {
  Plane part(box.width, box.height);
  for (size_t y = 0; y < box.height; ++y) {
    std::copy_n(&plane.values[(box.top + y) * plane.width + box.left], box.width,
                &part.values[y * box.width]);
  }
  return part;
}

Plane with_margin(const Plane& plane, size_t margin, float value) {
  Plane wide(plane.width + 2 * margin, plane.height + 2 * margin);
  std::ranges::fill(wide.values, value);
  for (size_t y = 0; y < plane.height; ++y) {
    std::copy_n(&plane.values[y * plane.width], plane.width, &wide.at(margin, y + margin));
  }
  return wide;
}

Plane transposed(const Plane& plane) {
  Plane result(plane.height, plane.width);
  for (size_t y = 0; y < plane.height; ++y) {
    for (size_t x = 0; x < plane.width; ++x) result.at(y, x) = plane.at(x, y);
  }
  return result;
}

}  // namespace inkdigit
