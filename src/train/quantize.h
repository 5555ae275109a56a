#pragma once

#include "core/thread_pool.h"
#include "nn/weights_file.h"
#include "train/dataset.h"

namespace inkdigit {

/// Of 127, 63, 31, 15 and 7, which the answers hardly depend on, while the size does: the table is
/// in weights/README.md.
inline constexpr int kDenseSteps = 31;

/// On either side of 0 there are no more in int8: -128 is left out, so that they are symmetric.
inline constexpr int kMostSteps = 127;

/// The int8 weights file (see nn/quantized_network.h) of float32 `weights`, with their metadata.
/// Weights are rounded to steps that each output channel has of its own: kMostSteps on either side
/// of 0 in convolutions, `dense_steps` (1…kMostSteps) in the dense layer, which has most of the
/// weights: fewer steps make the file smaller when it is compressed. The range of a convolution's
/// output is the one that loses least, as a mean square, on `pictures`: it may cut off the rare
/// largest values to have finer steps for all others. WeightsError if the weights do not fit their
/// network; std::invalid_argument if int8 cannot be had for its layers, or there are no pictures of
/// its size.
WeightsFile quantize(const WeightsFile& weights, const Dataset& pictures, const ThreadPool& pool,
                     int dense_steps = kDenseSteps);

}  // namespace inkdigit
