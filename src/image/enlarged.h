#pragma once

#include <optional>

#include "image/ink.h"
#include "image/picture.h"

namespace inkdigit {

/// Small pictures are often shown enlarged by repeating their pixels. The edges of those squares
/// are no strokes, so the picture is made small again, one pixel for each square: exactly, wherever
/// the squares begin. Nothing if `picture` is not made of squares, or of too few to tell.
std::optional<RgbaPicture> undo_enlargement(const RgbaView& picture);

/// The same for a picture that was enlarged smoothly, so far that its strokes' edges are as soft as
/// shadows: it has no detail, so that a small one says as much. `levels` are its luminances.
/// Nothing if there is detail, or a camera's noise.
std::optional<RgbaPicture> undo_smooth_enlargement(const RgbaView& picture, const Plane& levels);

}  // namespace inkdigit
