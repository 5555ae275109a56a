#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "image/frame.h"
#include "image/ink.h"

namespace inkdigit {

/// A copy of a frame, values in 0…1, with so much paper (0) around it that a sample made of
/// `taps` × `taps` pixels (an even number) need not ask where the frame ends.
template <size_t taps>
class FrameOnPaper {
  static constexpr size_t kReach = taps / 2;  // so far from the frame, all is paper
  static constexpr size_t kMargin = taps - 1;

 public:
  static constexpr size_t kStride = kFrameSide + 2 * kMargin + 1;

  /// The pixels around a point, and where it lies between the two in their middle, in 0…1.
  struct Place {
    const float* pixels;  // `taps` rows of as many, a stride apart
    float right, down;
  };

  explicit FrameOnPaper(std::span<const uint8_t, kFrameSize> frame) {
    for (size_t y = 0; y < kFrameSide; ++y) {
      bytes_to_ink(frame.subspan(y * kFrameSide, kFrameSide),
                   std::span(pixels_).subspan((y + kMargin) * kStride + kMargin, kFrameSide));
    }
  }

  Place around(float x, float y) const {
    constexpr auto kFirst = -static_cast<float>(kReach);
    constexpr auto kLast = static_cast<float>(kFrameSide - 1 + kReach);
    constexpr auto kShift = static_cast<float>(kMargin - (kReach - 1));
    x = std::clamp(x, kFirst, kLast) + kShift;
    y = std::clamp(y, kFirst, kLast) + kShift;
    const auto column = static_cast<int>(x), row = static_cast<int>(y);
    return {.pixels = pixels_.data() + (row * static_cast<int>(kStride) + column),
            .right = x - static_cast<float>(column),
            .down = y - static_cast<float>(row)};
  }

 private:
  std::array<float, kStride * kStride> pixels_{};
};

/// Samples a frame between its pixels, bilinearly.
class LinearSampler {
 public:
  explicit LinearSampler(std::span<const uint8_t, kFrameSize> frame) : frame_(frame) {}

  float operator()(float x, float y) const {
    const auto [upper_row, right, down] = frame_.around(x, y);
    const float* lower_row = upper_row + frame_.kStride;
    const float upper = upper_row[0] + right * (upper_row[1] - upper_row[0]);
    const float lower = lower_row[0] + right * (lower_row[1] - lower_row[0]);
    return upper + down * (lower - upper);
  }

 private:
  FrameOnPaper<2> frame_;
};

/// Samples a frame between its pixels by Catmull-Rom splines (Keys 1981, a = -1/2), which keep
/// edges sharper than straight lines do; what they overshoot by is cut off.
class SplineSampler {
 public:
  explicit SplineSampler(std::span<const uint8_t, kFrameSize> frame) : frame_(frame) {}

  float operator()(float x, float y) const {
    const auto [pixels, right, down] = frame_.around(x, y);
    const Weights columns = weights(right), rows = weights(down);
    float sum = 0.0f;
    for (size_t i = 0; i < kTaps; ++i) {
      const float* row = pixels + i * frame_.kStride;
      sum += rows[i] * (columns[0] * row[0] + columns[1] * row[1] + columns[2] * row[2] +
                        columns[3] * row[3]);
    }
    return std::clamp(sum, 0.0f, 1.0f);
  }

 private:
  static constexpr size_t kTaps = 4;
  using Weights = std::array<float, kTaps>;

  static Weights weights(float t) {
    return {((-0.5f * t + 1.0f) * t - 0.5f) * t, (1.5f * t - 2.5f) * t * t + 1.0f,
            ((-1.5f * t + 2.0f) * t + 0.5f) * t, (0.5f * t - 0.5f) * t * t};
  }

  FrameOnPaper<kTaps> frame_;
};

}  // namespace inkdigit
