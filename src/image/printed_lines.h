#pragma once

#include "image/ink.h"

namespace inkdigit {

/// Takes away the straight lines that were there before the digits: of ruled and squared paper, of
/// boxes and tables in forms.
void remove_printed_lines(Ink& ink);

}  // namespace inkdigit
