#pragma once

#include "core/thread_pool.h"
#include "nn/weights_file.h"
#include "train/dataset.h"

namespace inkdigit {

/// The int8 weights file (see nn/quantized_network.h) of float32 `weights`, with their metadata.
/// Weights are rounded to 127 steps on either side of 0, which each output channel has of its own.
/// The range of a convolution's output is the one that loses least, as a mean square, on
/// `pictures`: it may cut off the rare largest values to have finer steps for all others.
/// WeightsError if the weights do not fit their network; std::invalid_argument if int8 cannot be
/// had for its layers, or there are no pictures of its size.
WeightsFile quantize(const WeightsFile& weights, const Dataset& pictures, const ThreadPool& pool);

}  // namespace inkdigit
