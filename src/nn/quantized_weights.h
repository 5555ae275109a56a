#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/tensor.h"
#include "nn/architecture.h"
#include "nn/weights_file.h"
#include "nn/xnn_operator.h"

// What a file of int8 weights holds for each layer (see quantized_network.h). All throw
// WeightsError, naming the tensor, for what is missing or beyond what the arithmetic bears.
namespace inkdigit {

/// The tensor `name`, [2]: the smallest and the largest number that a convolution puts out.
Quantization read_range(const WeightsFile& file, const std::string& name);

/// The tensor `name`, [outputs], borrowed: scales below `largest`.
const Tensor& read_scales(const WeightsFile& file, const std::string& name, size_t outputs,
                          float largest);

/// A convolution's part of the file, which it borrows from.
struct QuantizedConv2dWeights {
  Conv2dShape shape;
  const int8_t* kernel;       // [O, K, K, I]
  const float* scales;        // [O]
  std::vector<int32_t> bias;  // [O], in steps of input · kernel
};

/// `channels`: of its input. `relu`: one follows.
QuantizedConv2dWeights read_convolution(const WeightsFile& file, const LayerSpec& spec,
                                        size_t channels, bool relu, Quantization input,
                                        Quantization output);

}  // namespace inkdigit
