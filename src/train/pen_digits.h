#pragma once

#include <cstdint>
#include <vector>

#include "core/random.h"
#include "train/pen.h"

namespace inkdigit {

/// A digit as some hand might write it with a pen: one list of points for each time the pen is
/// down. The skeletons are ours, drawn after the ways in which digits are taught and written around
/// the world (crossed sevens, ones with an upstroke or a foot, slashed zeros, open and closed
/// fours…); sizes, slant, proportions, corners, overlaps and tremble are drawn at random. The unit
/// is about the digit's height; x points right, y down. std::invalid_argument unless `digit` is
/// 0…9.
std::vector<PenStroke> draw_pen_digit(int digit, Random& random);

}  // namespace inkdigit
