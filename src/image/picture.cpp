#include "image/picture.h"

#include <stdexcept>
#include <string>

namespace inkdigit {

namespace {

// stb_image_resize works out scales in float, which holds whole numbers up to here.
constexpr size_t kMaxSide = size_t{1} << 24;

}  // namespace

void check_picture(const RgbaView& picture) {
  const std::string sizes = std::to_string(picture.width) + "×" + std::to_string(picture.height);
  if (picture.width == 0 || picture.height == 0 || picture.width > kMaxSide ||
      picture.height > kMaxSide) {
    throw std::invalid_argument("picture: expected 1 to " + std::to_string(kMaxSide) +
                                " pixels a side, got " + sizes);
  }
  const uint64_t bytes = uint64_t{picture.width} * picture.height * 4;
  if (picture.pixels.size() != bytes) {
    throw std::invalid_argument("picture: expected " + std::to_string(bytes) + " bytes for " +
                                sizes + " pixels of RGBA, got " +
                                std::to_string(picture.pixels.size()));
  }
}

}  // namespace inkdigit
