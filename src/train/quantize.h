#pragma once

#include "core/thread_pool.h"
#include "nn/weights_file.h"
#include "train/dataset.h"

namespace inkdigit {

/// Measured on the shipped weights, 5,000 held-back MNIST digits and as many pen digits, the file
/// brotli-compressed: 127 steps are 1.00 MB, 63 0.85, 31 0.70, 15 0.55, 7 (4 bits) 0.39; the
/// answers are those of float32 for at least 99.98 % of the pictures down to 31, and 99.90 % at 7;
/// accuracy is the same within 2 pictures of 5,000 for all.
constexpr int kDenseSteps = 31;

/// The int8 weights file (see nn/quantized_network.h) of float32 `weights`, with their metadata.
/// Weights are rounded to steps that each output channel has of its own: 127 on either side of 0 in
/// convolutions, `dense_steps` (1…127) in the dense layer, which has most of the weights: fewer
/// steps make the file smaller when it is compressed. The range of a convolution's output is the
/// one that loses least, as a mean square, on `pictures`: it may cut off the rare largest values to
/// have finer steps for all others. WeightsError if the weights do not fit their network;
/// std::invalid_argument if int8 cannot be had for its layers, or there are no pictures of its
/// size.
WeightsFile quantize(const WeightsFile& weights, const Dataset& pictures, const ThreadPool& pool,
                     int dense_steps = kDenseSteps);

}  // namespace inkdigit
