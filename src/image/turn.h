#pragma once

#include <span>

#include "image/frame.h"

namespace inkdigit {

/// The frame turned clockwise about its centre, by the angle of at most 90 degrees that has this
/// sine: values in 0…1, sampled bilinearly. (Angles would take the trigonometry of the C library,
/// 4 kB to download.)
void turn(const Frame& frame, float sine, std::span<float, kFrameSize> turned);

}  // namespace inkdigit
