#pragma once

#include <cstddef>

#include "image/ink.h"

// Photographs: paper whose light changes from place to place. `levels` are luminances,
// 0 = black … 1 = white.
namespace inkdigit {

/// Ink by how much it differs from the light that the paper around it returns; full ink is 1, and
/// anything stronger. It may be darker or lighter than the paper: it is what there is less of. All
/// 0 if nothing stands out from the noise.
Ink ink_on_shaded_paper(const Plane& levels);

}  // namespace inkdigit
