#pragma once

#include <cstddef>
#include <cstdint>

#include "core/thread_pool.h"
#include "train/dataset.h"

namespace inkdigit {

// Pictures, 28×28, of what pens might write, drawn with pens of many widths and framed as the page
// frames drawings. The same seed gives the same pictures whatever the number of threads.

/// `count` digits from draw_pen_digit; labels go 0…9 in turn.
Dataset make_pen_digits(size_t count, uint64_t seed, const ThreadPool& pool);

/// `count` scribbles from draw_pen_scribble; all labels are kNoClass.
Dataset make_pen_scribbles(size_t count, uint64_t seed, const ThreadPool& pool);

}  // namespace inkdigit
