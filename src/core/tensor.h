#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace inkdigit {

/// Lengths of the axes, outermost first: [N, H, W, C] for images, [N, units] for vectors.
using Shape = std::vector<size_t>;

/// Number of elements of a shape; 1 for the empty shape.
size_t element_count(const Shape& shape);

/// "[32, 24, 24, 64]", for error messages.
std::string to_string(const Shape& shape);

/// A dense float32 array in row-major order that owns its memory.
///
/// The buffer is aligned to 64 bytes and followed by kSlackBytes that may be read but mean nothing:
/// XNNPACK's kernels load whole vectors and so read past the end of what they are given.
class Tensor {
 public:
  static constexpr size_t kSlackBytes = 128;

  Tensor() = default;
  /// Zero-filled.
  explicit Tensor(Shape shape);
  /// Copies `values`; std::invalid_argument if their number does not fit the shape.
  Tensor(Shape shape, std::span<const float> values);

  Tensor(Tensor&&) noexcept = default;
  Tensor& operator=(Tensor&&) noexcept = default;
  Tensor(const Tensor&) = delete;  // copies are large: ask for them by clone()
  Tensor& operator=(const Tensor&) = delete;
  Tensor clone() const;

  /// Takes a new shape. The contents are unspecified afterwards; memory is only ever grown, so a
  /// tensor that is reused for batches of changing size allocates once.
  void resize(const Shape& shape);

  const Shape& shape() const { return shape_; }
  size_t dim(size_t axis) const { return shape_.at(axis); }
  size_t size() const { return size_; }
  float* data() { return buffer_.get(); }
  const float* data() const { return buffer_.get(); }
  std::span<float> values() { return {buffer_.get(), size_}; }
  std::span<const float> values() const { return {buffer_.get(), size_}; }
  void fill(float value);

 private:
  struct Free {
    void operator()(float* p) const;
  };
  Shape shape_;
  size_t size_ = 0;      // elements in use
  size_t capacity_ = 0;  // elements allocated, slack not counted
  std::unique_ptr<float[], Free> buffer_;
};

}  // namespace inkdigit
