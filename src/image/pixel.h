#pragma once

#include <cstddef>
#include <cstdint>

namespace inkdigit {

/// Of one pixel, 0 = black … 1 = white. Weights of Rec. ITU-R BT.709, applied to the encoded
/// values: browsers blend a line's edge in them, so they are what is proportional to ink.
inline float luminance(const uint8_t* rgba) {
  return (0.2126f * rgba[0] + 0.7152f * rgba[1] + 0.0722f * rgba[2]) / 255.0f;
}

/// Of one pixel, 0 = transparent … 1 = opaque.
inline float opacity(const uint8_t* rgba) { return static_cast<float>(rgba[3]) / 255.0f; }

/// Where an index lies from 0 to 1.
inline float position(size_t index, size_t length) {
  return length == 1 ? 0.0f : static_cast<float>(index) / static_cast<float>(length - 1);
}

}  // namespace inkdigit
