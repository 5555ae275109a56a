#pragma once

#include <optional>

#include "image/frame.h"
#include "image/ink.h"
#include "image/picture.h"

namespace inkdigit {

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

/// Both steps at once; nothing and errors as from the first.
std::optional<Frame> frame_digit(const RgbaView& picture);
std::optional<Frame> frame_ink(Ink ink);

}  // namespace inkdigit
