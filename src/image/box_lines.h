#pragma once

#include "image/ink.h"

namespace inkdigit {

/// Takes away the straight lines of boxes that are printed around digits, in a row or a table, so
/// that what was written across them stays. Boxes in which nothing else is stay, too: a digit may
/// be as square.
void remove_box_lines(Ink& ink);

}  // namespace inkdigit
