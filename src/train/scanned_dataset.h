#pragma once

#include <cstddef>
#include <cstdint>

#include "core/thread_pool.h"
#include "train/dataset.h"

namespace inkdigit {

/// `count` pictures of `digits` (28×28), drawn at random, as a scan of each would be framed: blown
/// up to a size of its own, and framed as the page frames pictures. MNIST's own framing was made
/// from sharper scans by other steps, and looks a little different. Pictures without ink are passed
/// over as they are. The same seed gives the same pictures whatever the number of threads.
/// std::invalid_argument if there is nothing to draw from, or it is of another size.
Dataset make_scans(const Dataset& digits, size_t count, uint64_t seed, const ThreadPool& pool);

}  // namespace inkdigit
