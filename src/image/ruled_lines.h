#pragma once

#include "image/ink.h"

namespace inkdigit {

/// Takes away the lines of ruled and squared paper: thin, straight, across nearly the whole
/// picture, upright or level but for a slight tilt. Strokes that cross a line stay whole. A line
/// alone may be a stroke, so it goes only if other ink is there and the line reaches beyond it on
/// both sides. Small scans of one digit have no lines.
void remove_ruled_lines(Ink& ink);

}  // namespace inkdigit
