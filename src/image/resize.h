#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "image/ink.h"
#include "image/picture.h"

// Resampling, by stb_image_resize2 (public domain). Each target pixel is the mean of the area it
// covers, as MNIST's makers did it (Yadav and Bottou 2019, "Cold Case: the Lost MNIST Digits").
namespace inkdigit {

/// `length` in a picture whose longer side is made `to` pixels instead of `from`: the nearest whole
/// number, 1 at least.
constexpr size_t scaled_length(size_t length, size_t from, size_t to) {
  return static_cast<size_t>(std::max<uint64_t>(1, (uint64_t{length} * to + from / 2) / from));
}

/// `picture` made `width`×`height` pixels small; colours are weighted by their alpha.
/// Returns [height, width, 4]. std::bad_alloc if memory is short.
std::vector<uint8_t> shrink(const RgbaView& picture, size_t width, size_t height);

/// `plane` made `width`×`height` pixels. Where that enlarges it, values are interpolated linearly.
/// std::bad_alloc if memory is short.
Plane resize(const Plane& plane, size_t width, size_t height);

}  // namespace inkdigit
