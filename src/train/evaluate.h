#pragma once

#include <cstddef>

#include "core/tensor.h"
#include "nn/network.h"
#include "train/dataset.h"

namespace inkdigit {

/// How a network does on labelled pictures.
struct Evaluation {
  size_t count = 0;
  size_t correct = 0;  // pictures whose largest logit is that of their label
  double loss = 0.0;   // mean cross-entropy, nats

  double accuracy() const {
    return count == 0 ? 0.0 : static_cast<double>(correct) / static_cast<double>(count);
  }
};

/// What `network` makes of every picture: [N, classes]. Errors as below.
Tensor all_logits(Network& network, const Dataset& dataset);

/// Runs `network` over a dataset whose pictures are framed as its input is (28×28).
/// std::invalid_argument if their size does not fit or there are none.
Evaluation evaluate(Network& network, const Dataset& dataset);

}  // namespace inkdigit
