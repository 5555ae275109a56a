#include "image/levels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "image/statistics.h"

namespace inkdigit {

Plane median_3x3(const Plane& levels) {
  Plane result(levels.width, levels.height);
  std::array<float, 9> window;
  for (size_t y = 0; y < levels.height; ++y) {
    const size_t rows[] = {y - (y > 0), y, std::min(y + 1, levels.height - 1)};
    for (size_t x = 0; x < levels.width; ++x) {
      const size_t columns[] = {x - (x > 0), x, std::min(x + 1, levels.width - 1)};
      size_t n = 0;
      for (const size_t v : rows) {
        for (const size_t u : columns) window[n++] = levels.at(u, v);
      }
      std::nth_element(window.begin(), window.begin() + 4, window.end());
      result.at(x, y) = window[4];
    }
  }
  return result;
}

float pixel_noise(const Plane& levels) {
  const Plane smooth = median_3x3(levels);
  std::vector<float> deviations(levels.values.size());
  for (size_t i = 0; i < deviations.size(); ++i) {
    deviations[i] = std::abs(levels.values[i] - smooth.values[i]);
  }
  return kDeviationPerMedian * median(std::move(deviations));
}

}  // namespace inkdigit
