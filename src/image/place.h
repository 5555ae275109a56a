#pragma once

#include "image/frame.h"
#include "image/ink.h"

// The steps that give a cropped digit MNIST's size, strength and place. What the original data was
// made by is known from its reconstruction (Yadav and Bottou 2019, "Cold Case: the Lost MNIST
// Digits") and from measuring it.
namespace inkdigit {

/// MNIST's digits fill a box of this many pixels in height or width.
inline constexpr size_t kBoxSide = 20;

/// `bounds` of `ink`, with paper added evenly on two sides to make it a square.
Ink crop_square(const Ink& ink, const Box& bounds);

/// A square scaled to 20×20.
Ink scale_to_box(const Ink& square);

/// Makes ink stronger until a tenth of the inked pixels are at full strength, as they are in MNIST
/// (at least 247 of 255 in 99 % of its digits): thin lines fade when they are scaled down.
void strengthen(Ink& digit);

struct Point {
  double x;
  double y;
};

/// In pixels; the middle of the top left pixel is (0.5, 0.5). Some ink is expected.
Point centre_of_mass(const Ink& ink);

/// Moves 20×20 by whole pixels into 28×28 so that each coordinate of its centre of mass is above 14
/// and at most 15, as in every digit of MNIST: around the middle of the pixel in column and row 14.
/// Ink never leaves the frame.
Frame place_in_frame(const Ink& digit);

}  // namespace inkdigit
