#include "train/scanned_dataset.h"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include "core/random.h"
#include "image/framing.h"
#include "image/ink.h"
#include "image/resize.h"

namespace inkdigit {

namespace {
constexpr size_t kMinScanSide = 56, kMaxScanSide = 168;  // pixels
constexpr uint64_t kScanStream = 3;  // of random numbers, apart from those of pen pictures
}  // namespace

Dataset make_scans(const Dataset& digits, size_t count, uint64_t seed, const ThreadPool& pool) {
  if (digits.size() == 0 || digits.height != kFrameSide || digits.width != kFrameSide) {
    throw std::invalid_argument("digits: expected pictures of 28×28 pixels");
  }
  Dataset scans{.height = kFrameSide, .width = kFrameSide};
  scans.images.resize(count * kFrameSize);
  scans.labels.resize(count);
  pool.parallel_for(count, 64, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      Random random({seed, kScanStream, i});
      const size_t source = random.below(digits.size());
      const uint8_t* picture = &digits.images[source * kFrameSize];
      Ink ink(kFrameSide, kFrameSide);
      for (size_t p = 0; p < kFrameSize; ++p) {
        ink.at(p % kFrameSide, p / kFrameSide) = static_cast<float>(picture[p]) / 255.0f;
      }
      const size_t side = kMinScanSide + random.below(kMaxScanSide - kMinScanSide + 1);
      const std::optional<Frame> frame = frame_ink(resize(ink, side, side));
      uint8_t* target = &scans.images[i * kFrameSize];
      if (frame) {
        std::ranges::copy(*frame, target);
      } else {
        std::copy_n(picture, kFrameSize, target);
      }
      scans.labels[i] = digits.labels[source];
    }
  });
  return scans;
}

}  // namespace inkdigit
