#include "train/pen_dataset.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "core/random.h"
#include "image/framing.h"
#include "train/loss.h"
#include "train/pen.h"
#include "train/pen_digits.h"
#include "train/pen_scribbles.h"

namespace inkdigit {

namespace {

// The page draws with a line of 18 on a digit of 200 pixels. Half of that is as good for the
// framing, and much faster.
constexpr double kDigitSide = 100.0;  // pixels
constexpr size_t kPictureSide = 140;  // pixels
constexpr double kMinPenWidth = 6.0, kMaxPenWidth = 15.0;

/// Scales strokes to kDigitSide and moves them to the middle of the picture.
void place(std::vector<PenStroke>& strokes) {
  constexpr double kFar = std::numeric_limits<double>::infinity();
  double left = kFar, top = kFar, right = -kFar, bottom = -kFar;
  for (const PenStroke& stroke : strokes) {
    for (const PenPoint& point : stroke) {
      left = std::min(left, point.x);
      right = std::max(right, point.x);
      top = std::min(top, point.y);
      bottom = std::max(bottom, point.y);
    }
  }
  const double scale = kDigitSide / std::max(right - left, bottom - top);
  for (PenStroke& stroke : strokes) {
    for (PenPoint& point : stroke) {
      point.x = (point.x - (left + right) / 2) * scale + kPictureSide / 2.0;
      point.y = (point.y - (top + bottom) / 2) * scale + kPictureSide / 2.0;
    }
  }
}

/// `draw(index, random)` gives the strokes of a picture and its label.
template <typename Draw>
Dataset make_pen_pictures(size_t count, uint64_t seed, const ThreadPool& pool, Draw&& draw) {
  Dataset dataset{.height = kFrameSide, .width = kFrameSide};
  dataset.images.resize(count * kFrameSize);
  dataset.labels.resize(count);
  pool.parallel_for(count, 64, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      Random random({seed, i});
      auto [strokes, label] = draw(i, random);
      place(strokes);
      const double width = random.uniform(kMinPenWidth, kMaxPenWidth);
      const Frame frame = frame_ink(draw_strokes(strokes, kPictureSide, width)).value();
      std::ranges::copy(frame, &dataset.images[i * kFrameSize]);
      dataset.labels[i] = label;
    }
  });
  return dataset;
}

}  // namespace

Dataset make_pen_digits(size_t count, uint64_t seed, const ThreadPool& pool) {
  return make_pen_pictures(count, seed, pool, [](size_t index, Random& random) {
    const auto digit = static_cast<uint8_t>(index % 10);
    return std::pair{draw_pen_digit(digit, random), digit};
  });
}

Dataset make_pen_scribbles(size_t count, uint64_t seed, const ThreadPool& pool) {
  return make_pen_pictures(count, seed, pool, [](size_t, Random& random) {
    return std::pair{draw_pen_scribble(random), kNoClass};
  });
}

}  // namespace inkdigit
