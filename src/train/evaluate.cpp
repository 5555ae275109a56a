#include "train/evaluate.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "train/loss.h"

namespace inkdigit {

Tensor all_logits(Network& network, const Dataset& dataset) {
  constexpr size_t kPassSize = 64;  // pictures at a time: keeps memory small
  const Shape input_shape{dataset.height, dataset.width, 1};
  if (network.architecture().input != input_shape) {
    throw std::invalid_argument("dataset: the network takes pictures of " +
                                to_string(network.architecture().input) + ", these are " +
                                to_string(input_shape));
  }
  if (dataset.size() == 0) throw std::invalid_argument("dataset: expected pictures, got none");

  const size_t picture_size = dataset.height * dataset.width;
  const size_t classes = element_count(network.output_shape());
  Tensor input, logits({dataset.size(), classes});
  for (size_t begin = 0; begin < dataset.size(); begin += kPassSize) {
    const size_t size = std::min(kPassSize, dataset.size() - begin);
    input.resize({size, dataset.height, dataset.width, 1});
    std::transform(
        dataset.images.begin() + static_cast<std::ptrdiff_t>(begin * picture_size),
        dataset.images.begin() + static_cast<std::ptrdiff_t>((begin + size) * picture_size),
        input.data(), [](uint8_t ink) { return ink / 255.0f; });
    std::ranges::copy(network.forward(input).values(), logits.data() + begin * classes);
  }
  return logits;
}

Evaluation evaluate(Network& network, const Dataset& dataset) {
  const Tensor logits = all_logits(network, dataset);
  const size_t classes = logits.dim(1);
  Evaluation result{.count = dataset.size()};
  Tensor grad_logits;
  result.loss = softmax_cross_entropy(logits, dataset.labels, grad_logits);
  for (size_t n = 0; n < dataset.size(); ++n) {
    const float* row = logits.data() + n * classes;
    if (std::max_element(row, row + classes) - row == dataset.labels[n]) ++result.correct;
  }
  return result;
}

}  // namespace inkdigit
