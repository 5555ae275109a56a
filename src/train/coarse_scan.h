#pragma once

#include <span>

#include "core/random.h"

namespace inkdigit {

/// What becomes of a digit when it is scanned coarsely, 8 to 16 pixels high, as in older
/// collections, and then framed like any picture: its loops fill and its strokes run together.
/// `picture` is 28×28, 0…1, and is changed in place; without ink it stays as it is.
void scan_coarsely(std::span<float> picture, Random& random);

}  // namespace inkdigit
