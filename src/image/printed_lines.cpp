#include "image/printed_lines.h"

#include "image/box_lines.h"
#include "image/ruled_lines.h"

namespace inkdigit {

void remove_printed_lines(Ink& ink) {
  remove_ruled_lines(ink);
  remove_box_lines(ink);
}

}  // namespace inkdigit
