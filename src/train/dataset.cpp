#include "train/dataset.h"

#include <algorithm>
#include <cstddef>
#include <stdexcept>

namespace inkdigit {

void check_dataset(const Dataset& dataset, const Shape& input) {
  if (dataset.size() == 0) throw std::invalid_argument("dataset: expected pictures, got none");
  const Shape picture{dataset.height, dataset.width, 1};
  if (picture == input) return;
  throw std::invalid_argument("dataset: the network takes pictures of " + to_string(input) +
                              ", these are " + to_string(picture));
}

void append(Dataset& dataset, const Dataset& more) {
  if (dataset.height != more.height || dataset.width != more.width) {
    throw std::invalid_argument("more: its pictures differ in size from the dataset's");
  }
  dataset.images.insert(dataset.images.end(), more.images.begin(), more.images.end());
  dataset.labels.insert(dataset.labels.end(), more.labels.begin(), more.labels.end());
}

Dataset split_off(Dataset& dataset, size_t first) {
  const size_t pixels = first * dataset.picture_size();
  Dataset rest{.height = dataset.height, .width = dataset.width};
  rest.images.assign(dataset.images.begin() + static_cast<std::ptrdiff_t>(pixels),
                     dataset.images.end());
  rest.labels.assign(dataset.labels.begin() + static_cast<std::ptrdiff_t>(first),
                     dataset.labels.end());
  keep_first(dataset, first);
  return rest;
}

void keep_first(Dataset& dataset, size_t count) {
  if (count >= dataset.size()) return;
  dataset.images.resize(count * dataset.picture_size());
  dataset.labels.resize(std::min(count, dataset.labels.size()));  // there may be none
}

}  // namespace inkdigit
