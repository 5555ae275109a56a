#pragma once

#include "core/tensor.h"

namespace inkdigit {

/// One int8 layer: [N, H, W, C] → [N, H, W, C]. Not thread-safe. Layers copy the weights they are
/// made of; the pool is borrowed and must outlive them.
class QuantizedLayer {
 public:
  virtual ~QuantizedLayer() = default;
  /// Writes to `output`, which has its size already.
  virtual void run(const Int8Tensor& input, Int8Tensor& output) = 0;
};

}  // namespace inkdigit
