#pragma once

#include <cstddef>

#include "image/ink.h"

namespace inkdigit {

/// Of more pieces are screens of dots and textures, not numbers; comparing them would take long.
inline constexpr size_t kMostPieces = 500;

/// What a picture is taken to show.
enum class Content { kDigit, kNumber };

/// Keeps what is written, and takes away what lies around it in forms, photographs and pictures of
/// a screen, as far as there is other ink: boxes, tables and frames; what the picture's edge cuts
/// off (a table, a finger, a margin); what is far fainter than the writing (remains of lines,
/// dust); of one digit, bits that lie far off; lines below it, or below a number. And specks. What
/// may be part of a digit stays: then the reading is unsure, instead of wrong.
void keep_writing(Ink& ink, Content content);

}  // namespace inkdigit
