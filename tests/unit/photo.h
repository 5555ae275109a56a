#pragma once

#include <algorithm>
#include <cmath>
#include <functional>

#include "core/random.h"
#include "drawing.h"

// Photographs of paper for tests: light, noise and ruled lines on a drawn picture.
namespace inkdigit::testing {

/// The light that falls on a point, 0…1; x and y are 0…1 across the picture.
using Light = std::function<double(double x, double y)>;

/// `picture` under `light`, with the noise of a camera (`noise` is its standard deviation, of 255).
inline Picture photographed(Picture picture, const Light& light, double noise, uint64_t seed) {
  Random random({seed});
  for (size_t y = 0; y < picture.height; ++y) {
    for (size_t x = 0; x < picture.width; ++x) {
      const double here = light((double(x) + 0.5) / double(picture.width),
                                (double(y) + 0.5) / double(picture.height));
      const double grain = noise * random.normal();
      for (size_t c = 0; c < 3; ++c) {
        uint8_t& level = picture.at(x, y)[c];
        level = static_cast<uint8_t>(std::lround(std::clamp(here * level + grain, 0.0, 255.0)));
      }
    }
  }
  return picture;
}

inline double vignette(double x, double y) {
  return 1.0 - 0.9 * ((x - 0.5) * (x - 0.5) + (y - 0.5) * (y - 0.5));
}

/// A shadow whose edge runs across the digit; `softness` is the width of its edge, 0…1.
inline Light shadow(double depth, double softness) {
  return [depth, softness](double x, double y) {
    const double beyond = (x + 0.35 * y - 0.65) / std::max(softness, 1e-6) + 0.5;
    return 1.0 - depth * std::clamp(beyond, 0.0, 1.0);
  };
}

}  // namespace inkdigit::testing
