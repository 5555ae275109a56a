#pragma once

#include <algorithm>
#include <cstddef>

#include "core/thread_pool.h"
#include "image/framing.h"
#include "train/dataset.h"

namespace inkdigit {

/// `count` frames with their labels, made on all threads: `draw(i)` gives the i-th as a pair of
/// Frame and uint8_t, and must depend on nothing but i.
template <typename Draw>
Dataset make_frames(size_t count, const ThreadPool& pool, Draw&& draw) {
  Dataset dataset{.height = kFrameSide, .width = kFrameSide};
  dataset.images.resize(count * kFrameSize);
  dataset.labels.resize(count);
  pool.parallel_for(count, 64, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      const auto [frame, label] = draw(i);
      std::ranges::copy(frame, &dataset.images[i * kFrameSize]);
      dataset.labels[i] = label;
    }
  });
  return dataset;
}

}  // namespace inkdigit
