#include "train/evaluate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "image/ink.h"
#include "nn/logits.h"
#include "train/loss.h"

namespace inkdigit {

void for_each_batch(const Dataset& dataset, const Shape& input,
                    const std::function<void(size_t first, const Tensor& pictures)>& take) {
  constexpr size_t kPassSize = 64;  // pictures at a time: keeps memory small
  check_dataset(dataset, input);
  const std::span<const uint8_t> images(dataset.images);
  Tensor pictures;
  for (size_t begin = 0; begin < dataset.size(); begin += kPassSize) {
    const size_t size = std::min(kPassSize, dataset.size() - begin);
    pictures.resize({size, dataset.height, dataset.width, 1});
    bytes_to_ink(images.subspan(begin * dataset.picture_size(), pictures.size()),
                 pictures.values());
    take(begin, pictures);
  }
}

Tensor all_logits(Model& model, const Dataset& dataset) {
  const size_t classes = element_count(model.output_shape());
  Tensor logits({dataset.size(), classes});
  for_each_batch(dataset, model.architecture().input, [&](size_t first, const Tensor& pictures) {
    std::ranges::copy(model.infer(pictures).values(), logits.row(first).data());
  });
  return logits;
}

Evaluation evaluate(Model& model, const Dataset& dataset) {
  const Tensor logits = all_logits(model, dataset);
  const size_t classes = logits.dim(1);
  Evaluation result{.count = dataset.size()};
  Tensor grad_logits;
  result.loss = softmax_cross_entropy(logits, dataset.labels, grad_logits);
  result.confusion.assign(classes, std::vector<size_t>(classes));

  constexpr size_t kBins = 15;
  std::array<double, kBins> confidence_sum{}, right_sum{};
  for (size_t n = 0; n < dataset.size(); ++n) {
    if (dataset.labels[n] == kNoClass) {
      throw std::invalid_argument("dataset: picture " + std::to_string(n) + " is of no class");
    }
    const std::span<const float> row = logits.row(n);
    const size_t taken_for = most_probable(row);
    const bool right = taken_for == dataset.labels[n];
    ++result.confusion[dataset.labels[n]][taken_for];
    if (right) {
      ++result.correct;
    } else {
      result.misread.push_back(n);
    }
    const double confidence = std::exp(row[taken_for] - energy(row));
    // The last one has 1, too, and what diverged weights give, which is no number.
    const size_t bin = confidence < 1.0 ? static_cast<size_t>(kBins * confidence) : kBins - 1;
    confidence_sum[bin] += confidence;
    right_sum[bin] += right ? 1.0 : 0.0;
  }
  for (size_t bin = 0; bin < kBins; ++bin) {
    result.calibration_error +=
        std::abs(confidence_sum[bin] - right_sum[bin]) / static_cast<double>(result.count);
  }
  return result;
}

}  // namespace inkdigit
