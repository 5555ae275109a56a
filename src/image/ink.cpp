#include "image/ink.h"

#include <algorithm>

namespace inkdigit {

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

}  // namespace inkdigit
