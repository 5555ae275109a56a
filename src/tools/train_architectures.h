#pragma once

#include <optional>

#include "nn/architecture.h"
#include "nn/weights_file.h"
#include "tools/train_arguments.h"

namespace inkdigit {

/// The layers to train: those of `initial`, of the file that `arguments` names, or the default
/// ones. WeightsError if `initial` tells of none; std::invalid_argument, naming the file, for one
/// that cannot be read.
Architecture network_architecture(const TrainArguments& arguments,
                                  const std::optional<WeightsFile>& initial);

/// std::invalid_argument if it is no network for MNIST's pictures.
void check_for_mnist(const Architecture& architecture);

/// Deeper than the default network, and better on MNIST: it reads nothing else, and nothing but
/// the training ever runs it.
Architecture teacher_architecture();

}  // namespace inkdigit
