#pragma once

#include <vector>

#include "image/ink.h"

namespace inkdigit {

/// One digit's ink, cut out of a picture's.
struct Segment {
  Box box;  // pixels of the picture's ink
  Ink ink;  // [box.height, box.width]: of this digit alone
};

/// The digits of a picture in reading order: rows from top to bottom, each from left to right.
/// Pieces that stand above each other, or overlap as a broken stroke or the bar of a five do,
/// become one; specks, dots and dashes beside digits are left out. Digits that touch stay
/// together. Empty for a blank picture, and for one of more than 500 pieces.
std::vector<Segment> segment_digits(Ink ink);

/// Both pieces as one digit.
Segment join(const Segment& left, const Segment& right);

}  // namespace inkdigit
