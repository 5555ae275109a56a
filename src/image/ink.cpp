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

Ink crop(const Ink& ink, const Box& box) {
  Ink part(box.width, box.height);
  for (size_t y = 0; y < box.height; ++y) {
    std::copy_n(&ink.values[(box.top + y) * ink.width + box.left], box.width,
                &part.values[y * box.width]);
  }
  return part;
}

Ink with_margin(const Ink& ink, size_t margin, float value) {
  Ink wide(ink.width + 2 * margin, ink.height + 2 * margin);
  std::ranges::fill(wide.values, value);
  for (size_t y = 0; y < ink.height; ++y) {
    std::copy_n(&ink.values[y * ink.width], ink.width, &wide.at(margin, y + margin));
  }
  return wide;
}

Ink transposed(const Ink& ink) {
  Ink result(ink.height, ink.width);
  for (size_t y = 0; y < ink.height; ++y) {
    for (size_t x = 0; x < ink.width; ++x) result.at(y, x) = ink.at(x, y);
  }
  return result;
}

}  // namespace inkdigit
