#pragma once

#include "image/ink.h"

namespace inkdigit {

/// Strokes are brought into this range, in pixels of the 20×20 box, around MNIST's median of 2.4
/// (half of its digits lie in 2.0…2.8). A network that learnt from it reads hairlines badly, and
/// even worse the thick strokes of what was drawn small.
inline constexpr double kMinStrokeWidth = 2.2;
inline constexpr double kMaxStrokeWidth = 2.6;

/// Mean width of the strokes, in pixels of `ink`: twice the area of a long shape divided by the
/// length of its outline, which is the total variation of its ink. Some ink is expected.
double stroke_width(const Ink& ink);

/// Moves the outlines of strokes outwards by `radius` pixels, or inwards if it is negative. Ink
/// becomes all or nothing but for its edge. The result is larger by a margin on each side.
Ink offset_outline(const Ink& ink, double radius);

/// `square` with its strokes thickened or thinned so that they are within the range above when the
/// result, a square too, is scaled to the box. What is within the range is returned as it is.
Ink normalise_stroke_width(const Ink& square);

}  // namespace inkdigit
