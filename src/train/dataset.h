#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/tensor.h"

namespace inkdigit {

/// Pictures of one size, most of them with labels, 8 bits a pixel, 0 = paper, 255 = ink.
struct Dataset {
  size_t height = 0;              // pixels
  size_t width = 0;               // pixels
  std::vector<uint8_t> images{};  // [N, height, width]
  std::vector<uint8_t> labels{};  // [N], 0…9, or kNoClass (see loss.h); or none at all

  size_t picture_size() const { return height * width; }  // pixels
  size_t size() const { return images.empty() ? 0 : images.size() / picture_size(); }
  std::span<const uint8_t> picture(size_t n) const {
    return std::span(images).subspan(n * picture_size(), picture_size());
  }
};

/// std::invalid_argument if there are no pictures, or a network with this input cannot take them.
void check_dataset(const Dataset& dataset, const Shape& input);

/// Puts the pictures of `more` behind those of `dataset`; std::invalid_argument if they are of
/// another size.
void append(Dataset& dataset, const Dataset& more);

/// Cuts `dataset` at `first`, at most its size: pictures before it stay, the others are returned.
Dataset split_off(Dataset& dataset, size_t first);

/// Drops all pictures but the first `count`, if there are more.
void keep_first(Dataset& dataset, size_t count);

}  // namespace inkdigit
