#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace inkdigit {

/// A picture as canvas ImageData holds it: 4 bytes (red, green, blue, alpha; not premultiplied) a
/// pixel, row by row from the top. Borrowed.
struct RgbaView {
  std::span<const uint8_t> pixels;
  size_t width;
  size_t height;
};

/// A picture that owns its pixels, as RgbaView describes them.
struct RgbaPicture {
  std::vector<uint8_t> pixels;
  size_t width;
  size_t height;

  /// Borrowed; lives as long as this does.
  RgbaView view() const { return {pixels, width, height}; }
};

/// std::invalid_argument if a picture has no pixels, too many, or not as many as its sizes tell.
void check_picture(const RgbaView& picture);

}  // namespace inkdigit
