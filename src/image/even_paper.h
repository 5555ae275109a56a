#pragma once

#include <optional>

#include "image/ink.h"

namespace inkdigit {

/// Paper of one level.
struct EvenPaper {
  float level;  // 0…1
  float noise;  // standard deviation
};

/// The paper of a picture that shows ink of one level on paper of another, wherever that lies: a
/// digit that was cut out to its very ends covers much of the border, and strokes of a broad pen
/// are as broad as shadows. Nothing if light and shadow, a table or a dark edge may be in it.
/// `levels` are luminances, 0 = black … 1 = white.
std::optional<EvenPaper> paper_of_two_levels(const Plane& levels);

/// The paper of a small scan that was cut out so closely that its border shows more ink than paper,
/// or neither: the lightest level if its corners and most of it are light, else the darkest.
EvenPaper paper_of_close_cut(const Plane& levels);

}  // namespace inkdigit
