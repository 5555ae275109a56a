#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "core/tensor.h"
#include "nn/model.h"
#include "train/dataset.h"

namespace inkdigit {

/// How a model does on labelled pictures.
struct Evaluation {
  size_t count = 0;
  size_t correct = 0;  // pictures whose largest logit is that of their label
  double loss = 0.0;   // mean cross-entropy, nats
  // Expected calibration error: by how much confidence (the largest probability) and the share that
  // is right differ, over 15 bins of confidence (Guo, Pleiss, Sun, Weinberger 2017).
  double calibration_error = 0.0;
  std::vector<std::vector<size_t>> confusion{};  // [label][what it was taken for], pictures
  std::vector<size_t> misread{};                 // indices of pictures

  double accuracy() const {
    return count == 0 ? 0.0 : static_cast<double>(correct) / static_cast<double>(count);
  }
};

/// A dataset, a few pictures at a time: `take` is handed the index of the first of them and the
/// pictures themselves, [n, H, W, 1] in 0…1 (borrowed, for the call). std::invalid_argument if
/// their size is not that of `input`, or there are none.
void for_each_batch(const Dataset& dataset, const Shape& input,
                    const std::function<void(size_t first, const Tensor& pictures)>& take);

/// What `model` makes of every picture: [N, classes]. Errors as below.
Tensor all_logits(Model& model, const Dataset& dataset);

/// Runs `model` over a dataset whose pictures are framed as its input is (28×28).
/// std::invalid_argument if their size does not fit, there are none, or one is of no class.
Evaluation evaluate(Model& model, const Dataset& dataset);

}  // namespace inkdigit
