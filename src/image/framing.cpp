#include "image/framing.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include "image/place.h"
#include "image/printed_lines.h"
#include "image/stroke_width.h"
#include "image/strokes.h"
#include "image/to_ink.h"
#include "image/writing.h"

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

std::optional<Ink> cut_out_digit(const RgbaView& picture) {
  check_picture(picture);
  Ink ink = to_ink(picture);
  remove_printed_lines(ink);
  return cut_out_digit(std::move(ink));
}

std::optional<Ink> cut_out_digit(Ink ink) {
  keep_writing(ink, Content::kDigit);
  const std::optional<Box> bounds = ink_bounds(ink);
  if (!bounds) return std::nullopt;
  return crop(ink, *bounds);
}

Frame frame_cut_out(const Ink& digit) {
  const Box whole{.left = 0, .top = 0, .width = digit.width, .height = digit.height};
  Ink scaled = scale_to_box(normalise_stroke_width(crop_square(digit, whole)));
  strengthen(scaled);
  return place_in_frame(scaled);
}

std::optional<Frame> frame_digit(const RgbaView& picture) {
  const std::optional<Ink> digit = cut_out_digit(picture);
  return digit ? std::optional(frame_cut_out(*digit)) : std::nullopt;
}

std::optional<Frame> frame_ink(Ink ink) {
  const std::optional<Ink> digit = cut_out_digit(std::move(ink));
  return digit ? std::optional(frame_cut_out(*digit)) : std::nullopt;
}

}  // namespace inkdigit
