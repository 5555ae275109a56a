#pragma once

#include "image/ink.h"
#include "image/picture.h"

namespace inkdigit {

/// Pictures are read at no more than this many pixels a side, which leaves a digit that fills a
/// tenth of the picture more than two pixels to each of the 20×20 box. It bounds memory and time.
inline constexpr size_t kWorkingSide = 512;

/// RGBA → ink, at most `working_side` pixels a side. Ink is what differs from the paper, in the one
/// direction (darker or lighter; on transparent paper more or less opaque) that differs more; full
/// ink becomes 1. Where the border does not show what the paper is like, since ink reaches it or it
/// is lit unevenly, the whole picture tells (even_paper.h), or what is around each pixel
/// (shaded_paper.h). Pictures that were enlarged are read as they were (enlarged.h). All 0 if
/// nothing stands out from the paper's noise.
Ink to_ink(const RgbaView& picture, size_t working_side = kWorkingSide);

}  // namespace inkdigit
