#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/thread_pool.h"
#include "nn/conv2d_algorithm.h"
#include "nn/layer.h"

namespace inkdigit {

/// Convolution over square kernels, stride 1, no padding ("valid"), with an optional ReLU behind
/// it: [N, H, W, input_channels] → [N, H - kernel + 1, W - kernel + 1, output_channels]. Weights
/// are "<name>.weight" [output_channels, kernel, kernel, input_channels] and "<name>.bias".
class Conv2d final : public Layer {
 public:
  /// `pool` is borrowed and must outlive the layer.
  Conv2d(const std::string& name, size_t input_channels, size_t output_channels, size_t kernel,
         bool relu, const ThreadPool& pool);

  void forward(const Tensor& input, Tensor& output, const Pass& pass) override;
  void backward(const Tensor& input, const Tensor& output, Tensor& grad_output,
                Tensor* grad_input) override;
  std::vector<Parameter*> parameters() override { return {&weights_, &bias_}; }

 private:
  size_t output_channels_;
  bool relu_;
  const ThreadPool* pool_;
  Parameter weights_;
  Parameter bias_;
  std::unique_ptr<Conv2dAlgorithm> algorithm_;  // keeps a packed copy of both
  std::optional<uint64_t> packed_version_;      // sum of both parameters' versions
};

}  // namespace inkdigit
