#pragma once

#include <cstdint>
#include <span>

namespace inkdigit {

/// How a camera was held (EXIF 2.32, tag 0112): 1 = upright … 8. 1 if the JPEG file does not say,
/// or says it in a way that is broken. The file is not trusted.
int exif_orientation(std::span<const uint8_t> jpeg);

}  // namespace inkdigit
