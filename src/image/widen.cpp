#include "image/widen.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "image/resize.h"

namespace inkdigit {

namespace {

// Of the height. Both were chosen on recorded pen strokes, as they are and narrowed.
constexpr double kUsualWidth = 0.6;
// A straight one must not become a blot.
constexpr double kMostWidening = 2.5;

}  // namespace

std::optional<Ink> widen(const Ink& digit) {
  const auto width = static_cast<double>(digit.width);
  const double usual = kUsualWidth * static_cast<double>(digit.height);
  const auto wider = static_cast<size_t>(std::lround(std::min(usual, kMostWidening * width)));
  if (wider <= digit.width) return std::nullopt;
  return resize(digit, wider, digit.height);
}

}  // namespace inkdigit
