#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "classification.h"
#include "image/segment.h"

namespace inkdigit {

/// What the network makes of one digit's ink.
using ReadSegment = std::function<Classification(const Segment&)>;

/// The digits that stand in a picture, in reading order: rows from top to bottom, each from left to
/// right. Where digits touch, or a digit is broken, `read` is asked what it takes for digits.
/// So that pages of text are answered in a second or two, only the first sixty or so digits
/// that touch are cut apart; what may be several after that is one that is unsure.
std::vector<std::pair<Segment, Classification>> read_number(Ink ink, const ReadSegment& read);

}  // namespace inkdigit
