#include "image/resize.h"

#include <cstddef>
#include <new>

// stb copies coefficients in words of 8 bytes that may lie at any 4. All targets can do that, but
// the sanitizer of undefined behaviour counts it as an error.
#ifdef __clang__
#pragma clang attribute push(__attribute__((no_sanitize("alignment"))), apply_to = function)
#endif
#define STB_IMAGE_RESIZE_IMPLEMENTATION
#define STBIR__HEADER_FILENAME "image/stb_resize_parts.h"
#include <stb_image_resize2.h>
#ifdef __clang__
#pragma clang attribute pop
#endif

namespace inkdigit {

std::vector<uint8_t> shrink(const RgbaView& picture, size_t width, size_t height) {
  std::vector<uint8_t> pixels(width * height * 4);
  if (!stbir_resize(picture.pixels.data(), static_cast<int>(picture.width),
                    static_cast<int>(picture.height), 0, pixels.data(), static_cast<int>(width),
                    static_cast<int>(height), 0, STBIR_RGBA, STBIR_TYPE_UINT8, STBIR_EDGE_CLAMP,
                    STBIR_FILTER_BOX)) {
    throw std::bad_alloc();
  }
  return pixels;
}

Plane resize(const Plane& plane, size_t width, size_t height) {
  const bool enlarges = width > plane.width || height > plane.height;
  Plane result(width, height);
  if (!stbir_resize(plane.values.data(), static_cast<int>(plane.width),
                    static_cast<int>(plane.height), 0, result.values.data(),
                    static_cast<int>(width), static_cast<int>(height), 0, STBIR_1CHANNEL,
                    STBIR_TYPE_FLOAT, STBIR_EDGE_CLAMP,
                    enlarges ? STBIR_FILTER_TRIANGLE : STBIR_FILTER_BOX)) {
    throw std::bad_alloc();
  }
  return result;
}

}  // namespace inkdigit
