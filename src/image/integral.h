#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "image/ink.h"

namespace inkdigit {

/// Sums of a picture's values over rectangles, each in four steps ("summed-area tables", Crow
/// 1984).
class Integral {
 public:
  explicit Integral(const Plane& values)
      : stride_(values.width + 1), height_(values.height), sums_(stride_ * (values.height + 1)) {
    for (size_t y = 0; y < values.height; ++y) {
      double row = 0.0;
      for (size_t x = 0; x < values.width; ++x) {
        row += values.at(x, y);
        sums_[(y + 1) * stride_ + x + 1] = sums_[y * stride_ + x + 1] + row;
      }
    }
  }

  /// Over the pixels from (left, top) to just before (right, bottom).
  double sum(size_t left, size_t top, size_t right, size_t bottom) const {
    return sums_[bottom * stride_ + right] - sums_[top * stride_ + right] -
           sums_[bottom * stride_ + left] + sums_[top * stride_ + left];
  }

  struct Window {
    double sum;
    double pixels;  // how many there are
    double mean() const { return sum / pixels; }
  };

  /// Over the pixels of the picture that are at most `reach` from (x, y) along either axis.
  Window around(size_t x, size_t y, size_t reach) const {
    const size_t left = x - std::min(x, reach), right = std::min(stride_ - 1, x + reach + 1);
    const size_t top = y - std::min(y, reach), bottom = std::min(height_, y + reach + 1);
    return {sum(left, top, right, bottom), static_cast<double>((right - left) * (bottom - top))};
  }

 private:
  size_t stride_;
  size_t height_;
  std::vector<double> sums_;
};

}  // namespace inkdigit
