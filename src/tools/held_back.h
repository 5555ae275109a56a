#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/thread_pool.h"
#include "train/dataset.h"

namespace inkdigit {

/// Takes MNIST's last `count` training pictures off: nothing learns from them, weights are chosen
/// by them. std::invalid_argument, naming `option`, if that leaves none on either side.
Dataset split_off_held_back(Dataset& mnist, size_t count, const char* option);

/// As many pen digits as are held back beside them, of a seed that is no run's own.
Dataset held_back_pen_digits(size_t count, const ThreadPool& pool);

struct NamedDataset {
  std::string name;
  Dataset dataset;
};

/// Everything that may be looked at while a recipe is sought, labels with it: both of the above,
/// as they are and as coarse scans have them.
std::vector<NamedDataset> held_back_datasets(Dataset mnist, size_t count, const ThreadPool& pool);

}  // namespace inkdigit
