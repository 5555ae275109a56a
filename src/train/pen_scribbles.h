#pragma once

#include <vector>

#include "core/random.h"
#include "train/pen.h"

namespace inkdigit {

/// Something written with a pen that is no digit: invented letters of two to four strokes, digits
/// in a mirror, two digits over each other, tangles, zigzags, spirals and signs. For a network
/// to learn what it cannot read (Hendrycks, Mazeika, Dietterich 2019, "Deep Anomaly Detection with
/// Outlier Exposure"). Units as in draw_pen_digit.
std::vector<PenStroke> draw_pen_scribble(Random& random);

}  // namespace inkdigit
