#pragma once

#include "image/ink.h"

// What pictures of levels have in common, of which 0 = black … 1 = white.
namespace inkdigit {

/// Ink must differ from the paper by this share of the way from black to white, or of the light:
/// more than compression artefacts, less than yellow on white (0.07), the weakest of pure colours.
inline constexpr float kMinContrast = 0.06f;

/// One of 255 steps.
inline constexpr float kStep = 1.0f / 255.0f;

/// The median of 3×3 pixels, which takes noise away and keeps edges.
Plane median_3x3(const Plane& levels);

/// Standard deviation of what differs from pixel to pixel, which shading does not.
float pixel_noise(const Plane& levels);

}  // namespace inkdigit
