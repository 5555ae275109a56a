#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace inkdigit {

/// Labelled pictures of one size, 8 bits a pixel, 0 = paper, 255 = ink.
struct Dataset {
  size_t height = 0;              // pixels
  size_t width = 0;               // pixels
  std::vector<uint8_t> images{};  // [N, height, width]
  std::vector<uint8_t> labels{};  // [N], 0…9, or kNoClass (see loss.h)

  size_t size() const { return labels.size(); }
};

/// Puts the pictures of `more` behind those of `dataset`, which must be of the same size.
void append(Dataset& dataset, const Dataset& more);

/// Cuts `dataset` at `first`, at most its size: pictures before it stay, the others are returned.
Dataset split_off(Dataset& dataset, size_t first);

/// Reads a pair of IDX files (format: "The MNIST database", LeCun, Cortes, Burges). Files are not
/// trusted: magic numbers, counts and lengths are checked. std::invalid_argument names the file and
/// what is wrong with it.
Dataset read_dataset(const std::filesystem::path& images, const std::filesystem::path& labels);

/// Reads IDX images alone; `labels` stays empty. Same errors.
Dataset read_images(const std::filesystem::path& images);

}  // namespace inkdigit
