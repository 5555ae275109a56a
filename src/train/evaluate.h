#pragma once

#include <cstddef>
#include <vector>

#include "core/tensor.h"
#include "nn/network.h"
#include "train/dataset.h"

namespace inkdigit {

/// How a network does on labelled pictures.
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

/// What `network` makes of every picture: [N, classes]. Errors as below.
Tensor all_logits(Network& network, const Dataset& dataset);

/// Runs `network` over a dataset whose pictures are framed as its input is (28×28).
/// std::invalid_argument if their size does not fit, there are none, or one is of no class.
Evaluation evaluate(Network& network, const Dataset& dataset);

}  // namespace inkdigit
