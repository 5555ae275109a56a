#include "train/coarse_scan.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "image/framing.h"
#include "image/ink.h"
#include "image/place.h"
#include "image/resize.h"
#include "image/strokes.h"

namespace inkdigit {

namespace {

constexpr size_t kCoarsest = 8;  // pixels of the digit's longer side
constexpr size_t kFinest = 16;

}  // namespace

void scan_coarsely(std::span<float> picture, Random& random) {
  const size_t side = kCoarsest + random.below(kFinest - kCoarsest + 1);
  Ink ink(kFrameSide, kFrameSide);
  std::ranges::copy(picture, ink.values.begin());
  const std::optional<Box> bounds = ink_bounds(ink);
  if (!bounds) return;
  const std::optional<Frame> frame = frame_ink(resize(crop_square(ink, *bounds), side, side));
  if (frame) bytes_to_ink(*frame, picture);
}

}  // namespace inkdigit
