#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "image/framing.h"

namespace inkdigit {

/// The middle of a frame, along either axis, where pixel i is at i.
inline constexpr float kFrameCentre = (kFrameSide - 1) / 2.0f;

/// Samples a frame between its pixels, by Catmull-Rom splines ("A class of local interpolating
/// splines", 1974): values in 0…1, paper (0) all around it. Strokes stay as sharp as they were,
/// where linear interpolation would blur them: a network that learns from such pictures reads real
/// ones better. The frame is copied, with a margin of paper, so that no sample needs to ask where
/// it ends.
class FrameSampler {
 public:
  explicit FrameSampler(std::span<const uint8_t, kFrameSize> frame) {
    for (size_t y = 0; y < kFrameSide; ++y) {
      bytes_to_ink(frame.subspan(y * kFrameSide, kFrameSide),
                   std::span(pixels_).subspan((y + kMargin) * kStride + kMargin, kFrameSide));
    }
  }

  float operator()(float x, float y) const {
    const Taps across(x), down(y);
    const float* row = &pixels_[down.first * kStride + across.first];
    float sum = 0.0f;
    for (const float weight : down.weights) {
      sum += weight * (across.weights[0] * row[0] + across.weights[1] * row[1] +
                       across.weights[2] * row[2] + across.weights[3] * row[3]);
      row += kStride;
    }
    return std::clamp(sum, 0.0f, 1.0f);  // splines overshoot at edges
  }

 private:
  static constexpr size_t kMargin = 3;  // as many pixels of paper as a sample reaches
  static constexpr size_t kStride = kFrameSide + 2 * kMargin + 1;

  /// The four pixels along an axis that a sample is made of.
  struct Taps {
    explicit Taps(float position) {
      position = std::clamp(position, -2.0f, kFrameSide + 1.0f) + kMargin;  // beyond, all is paper
      const float before = std::floor(position);
      const float t = position - before;
      first = static_cast<size_t>(before) - 1;
      weights = {((-0.5f * t + 1.0f) * t - 0.5f) * t, (1.5f * t - 2.5f) * t * t + 1.0f,
                 ((-1.5f * t + 2.0f) * t + 0.5f) * t, (0.5f * t - 0.5f) * t * t};
    }
    size_t first;  // with the margin
    std::array<float, 4> weights;
  };

  std::array<float, kStride * kStride> pixels_{};
};

}  // namespace inkdigit
