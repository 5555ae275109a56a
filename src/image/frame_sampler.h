#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "image/framing.h"

namespace inkdigit {

/// The middle of a frame, along either axis, where pixel i is at i.
inline constexpr float kFrameCentre = (kFrameSide - 1) / 2.0f;

/// Samples a frame between its pixels, bilinearly: values in 0…1, paper (0) all around it. The
/// frame is copied, with a margin of paper, so that no sample needs to ask where it ends.
class FrameSampler {
 public:
  explicit FrameSampler(std::span<const uint8_t, kFrameSize> frame) {
    for (size_t y = 0; y < kFrameSide; ++y) {
      bytes_to_ink(frame.subspan(y * kFrameSide, kFrameSide),
                   std::span(pixels_).subspan((y + kMargin) * kStride + kMargin, kFrameSide));
    }
  }

  float operator()(float x, float y) const {
    constexpr float kLast = kFrameSide + kMargin - 1;  // from here on all is paper
    x = std::clamp(x, -1.0f, kLast) + kMargin;
    y = std::clamp(y, -1.0f, kLast) + kMargin;
    const auto column = static_cast<int>(x), row = static_cast<int>(y);
    const float right = x - static_cast<float>(column), down = y - static_cast<float>(row);
    const float* pixel = &pixels_[static_cast<size_t>(row) * kStride + static_cast<size_t>(column)];
    const float upper = pixel[0] + right * (pixel[1] - pixel[0]);
    const float lower = pixel[kStride] + right * (pixel[kStride + 1] - pixel[kStride]);
    return upper + down * (lower - upper);
  }

 private:
  static constexpr size_t kMargin = 1;
  static constexpr size_t kStride = kFrameSide + 2 * kMargin + 1;
  std::array<float, kStride * kStride> pixels_{};
};

}  // namespace inkdigit
