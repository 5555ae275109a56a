#pragma once

#include "image/strokes.h"

namespace inkdigit {

/// Takes away boxes and tables, and what surrounds the paper, if something is written in them. A
/// zero around a stroke is none.
void erase_enclosures(Pieces& pieces);

}  // namespace inkdigit
