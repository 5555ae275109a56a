#pragma once

#include <cstdint>
#include <span>

#include "image/frame.h"

namespace inkdigit {

/// How far a training picture may be changed. Every range is symmetric about "unchanged" and drawn
/// uniformly, but for occlusion, which is a share; all zeros leaves pictures as they are.
struct AugmentOptions {
  double rotation = 0.0;            // degrees
  double scale = 0.0;               // share, each axis by itself: 0.1 is 0.9…1.1
  double shear = 0.0;               // horizontal shift per pixel of height
  double shift = 0.0;               // pixels
  double elastic_strength = 0.0;    // pixels, root mean square of the displacement's length
  double elastic_smoothness = 4.0;  // pixels, standard deviation of the Gaussian that smooths it
  double occlusion = 0.0;           // share of the pictures that a patch of paper hides a part of

  bool operator==(const AugmentOptions&) const = default;
};

/// std::invalid_argument, naming it, for an option out of range.
void check_augment(const AugmentOptions& options);

/// Draws one changed copy of `source` (28×28, 0…255) into `target` (28×28, 0…1): an affine and an
/// elastic displacement (Simard, Steinkraus, Platt 2003), sampled by splines in one go (which
/// leaves it as sharp as it was), and perhaps a patch of paper on it (Zhong et al. 2017, "Random
/// erasing"). The same key gives the same picture. What comes from outside the source is paper. The
/// options must be within their ranges: check_augment() is called once before, not for each
/// picture.
void augment(std::span<const uint8_t, kFrameSize> source, std::span<float, kFrameSize> target,
             const AugmentOptions& options, uint64_t key);

}  // namespace inkdigit
