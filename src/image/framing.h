#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "image/ink.h"

namespace inkdigit {

inline constexpr size_t kFrameSide = 28;
inline constexpr size_t kFrameSize = kFrameSide * kFrameSide;

/// A digit as MNIST shows it: 28×28, row by row, 0 = paper (black), 255 = ink (white).
using Frame = std::array<uint8_t, kFrameSize>;

/// A picture as canvas ImageData holds it: 4 bytes (red, green, blue, alpha; not premultiplied) a
/// pixel, row by row from the top. Borrowed.
struct RgbaView {
  std::span<const uint8_t> pixels;
  size_t width;
  size_t height;
};

/// std::invalid_argument if a picture has no pixels, too many, or not as many as its sizes tell.
void check_picture(const RgbaView& picture);

/// The ink of a drawing or a picture of one digit, cut out along its ends. Ink and paper may be of
/// either polarity, and the paper may be transparent. Nothing for a picture with no more ink than
/// specks and noise. std::invalid_argument if the sizes do not fit.
std::optional<Ink> cut_out_digit(const RgbaView& picture);

/// The same for ink that was drawn or cut out of a picture: no lines of paper or forms are in it.
std::optional<Ink> cut_out_digit(Ink ink);

/// Frames ink that was cut out as MNIST's makers did (LeCun, Cortes, Burges: "The MNIST database"):
/// it is scaled into a 20×20 box with its proportions kept, and its centre of mass is moved to the
/// centre of 28×28. Strokes are brought to the width that MNIST's have.
Frame frame_cut_out(const Ink& digit);

/// Both steps at once.
std::optional<Frame> frame_digit(const RgbaView& picture);
std::optional<Frame> frame_ink(Ink ink);

}  // namespace inkdigit
