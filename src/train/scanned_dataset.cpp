#include "train/scanned_dataset.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "core/random.h"
#include "image/framing.h"
#include "image/ink.h"
#include "image/resize.h"
#include "train/frame_dataset.h"

namespace inkdigit {

namespace {
constexpr size_t kMinScanSide = 56, kMaxScanSide = 168;  // pixels
constexpr uint64_t kScanStream = 3;  // of random numbers, apart from those of pen pictures
}  // namespace

Dataset make_scans(const Dataset& digits, size_t count, uint64_t seed, const ThreadPool& pool) {
  if (digits.size() == 0 || digits.height != kFrameSide || digits.width != kFrameSide) {
    throw std::invalid_argument("digits: expected pictures of 28×28 pixels");
  }
  return make_frames(count, pool, [&](size_t i) {
    Random random({seed, kScanStream, i});
    const size_t source = random.below(digits.size());
    Frame original;
    std::copy_n(&digits.images[source * kFrameSize], kFrameSize, original.begin());
    Ink ink(kFrameSide, kFrameSide);
    std::ranges::transform(original, ink.values.begin(),
                           [](uint8_t value) { return static_cast<float>(value) / 255.0f; });
    const size_t side = kMinScanSide + random.below(kMaxScanSide - kMinScanSide + 1);
    return std::pair{frame_ink(resize(ink, side, side)).value_or(original), digits.labels[source]};
  });
}

}  // namespace inkdigit
