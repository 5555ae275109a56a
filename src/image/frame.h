#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace inkdigit {

inline constexpr size_t kFrameSide = 28;
inline constexpr size_t kFrameSize = kFrameSide * kFrameSide;

/// The middle of a frame, along either axis, where pixel i is at i.
inline constexpr float kFrameCentre = (kFrameSide - 1) / 2.0f;

/// A digit as MNIST shows it: 28×28, row by row, 0 = paper (black), 255 = ink (white).
using Frame = std::array<uint8_t, kFrameSize>;

}  // namespace inkdigit
