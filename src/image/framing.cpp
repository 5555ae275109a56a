#include "image/framing.h"

#include <utility>

#include "image/place.h"
#include "image/printed_lines.h"
#include "image/stroke_width.h"
#include "image/strokes.h"
#include "image/to_ink.h"
#include "image/writing.h"

namespace inkdigit {

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
