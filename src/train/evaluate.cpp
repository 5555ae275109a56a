#include "train/evaluate.h"

#include <algorithm>
#include <span>
#include <stdexcept>
#include <string>

#include "train/loss.h"

namespace inkdigit {

Evaluation evaluate(Network& network, const Dataset& dataset) {
  constexpr size_t kPassSize = 64;  // pictures at a time: keeps memory small
  const Shape input_shape{dataset.height, dataset.width, 1};
  if (network.architecture().input != input_shape) {
    throw std::invalid_argument("dataset: the network takes pictures of " +
                                to_string(network.architecture().input) + ", these are " +
                                to_string(input_shape));
  }
  if (dataset.size() == 0) throw std::invalid_argument("dataset: expected pictures, got none");

  const size_t picture_size = dataset.height * dataset.width;
  Evaluation result;
  Tensor input, grad_logits;
  for (size_t begin = 0; begin < dataset.size(); begin += kPassSize) {
    const size_t size = std::min(kPassSize, dataset.size() - begin);
    input.resize({size, dataset.height, dataset.width, 1});
    std::transform(
        dataset.images.begin() + static_cast<std::ptrdiff_t>(begin * picture_size),
        dataset.images.begin() + static_cast<std::ptrdiff_t>((begin + size) * picture_size),
        input.data(), [](uint8_t ink) { return ink / 255.0f; });
    const Tensor& logits = network.forward(input);
    const std::span<const uint8_t> labels(dataset.labels.data() + begin, size);
    result.loss += softmax_cross_entropy(logits, labels, grad_logits) * static_cast<double>(size);
    const size_t classes = logits.dim(1);
    for (size_t n = 0; n < size; ++n) {
      const float* row = logits.data() + n * classes;
      if (std::max_element(row, row + classes) - row == labels[n]) ++result.correct;
    }
  }
  result.count = dataset.size();
  result.loss /= static_cast<double>(result.count);
  return result;
}

}  // namespace inkdigit
