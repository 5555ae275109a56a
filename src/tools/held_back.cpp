#include "tools/held_back.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <stdexcept>

#include "core/random.h"
#include "image/frame.h"
#include "image/ink.h"
#include "train/coarse_scan.h"
#include "train/pen_dataset.h"

namespace inkdigit {

namespace {

constexpr uint64_t kHeldBackSeed = ~uint64_t{0};

Dataset scanned_coarsely(Dataset dataset, const ThreadPool& pool) {
  pool.parallel_for(dataset.size(), 64, [&](size_t first, size_t last) {
    std::array<float, kFrameSize> ink;
    for (size_t n = first; n < last; ++n) {
      const std::span<uint8_t> picture =
          std::span(dataset.images).subspan(n * kFrameSize, kFrameSize);
      bytes_to_ink(picture, ink);
      Random random({kHeldBackSeed, n});
      scan_coarsely(ink, random);
      for (size_t i = 0; i < kFrameSize; ++i) {
        picture[i] = static_cast<uint8_t>(std::lround(255.0f * ink[i]));
      }
    }
  });
  return dataset;
}

}  // namespace

Dataset split_off_held_back(Dataset& mnist, size_t count, const char* option) {
  if (count == 0 || count >= mnist.size()) {
    throw std::invalid_argument(std::string(option) + ": expected 1 to " +
                                std::to_string(mnist.size() - 1) + ", got " +
                                std::to_string(count));
  }
  return split_off(mnist, mnist.size() - count);
}

Dataset held_back_pen_digits(size_t count, const ThreadPool& pool) {
  return make_pen_digits(count, kHeldBackSeed, pool);
}

std::vector<NamedDataset> held_back_datasets(Dataset mnist, size_t count, const ThreadPool& pool) {
  const Dataset held_back = split_off_held_back(mnist, count, "--held-back");
  const Dataset pen_digits = held_back_pen_digits(count, pool);
  return {{"MNIST", held_back},
          {"pen digits", pen_digits},
          {"coarse MNIST", scanned_coarsely(held_back, pool)},
          {"coarse pen digits", scanned_coarsely(pen_digits, pool)}};
}

}  // namespace inkdigit
