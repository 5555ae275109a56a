#pragma once

#include <filesystem>

#include "train/dataset.h"

namespace inkdigit {

/// Reads a pair of IDX files (format: "The MNIST database", LeCun, Cortes, Burges). Files are not
/// trusted: magic numbers, counts and lengths are checked. std::invalid_argument names the file and
/// what is wrong with it.
Dataset read_dataset(const std::filesystem::path& images, const std::filesystem::path& labels);

/// Reads IDX images alone; `labels` stays empty. Same errors.
Dataset read_images(const std::filesystem::path& images);

}  // namespace inkdigit
