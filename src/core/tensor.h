#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace inkdigit {

/// Lengths of the axes, outermost first: [N, H, W, C] for images, [N, units] for vectors.
using Shape = std::vector<size_t>;

/// Number of elements of a shape; 1 for the empty shape. std::bad_alloc if it is no size_t.
size_t element_count(const Shape& shape);

/// "[32, 24, 24, 64]", for error messages.
std::string to_string(const Shape& shape);

/// [batch_size, …shape].
Shape with_batch(size_t batch_size, const Shape& shape);

/// A dense array in row-major order that owns its memory; of float32 (Tensor) or int8 (Int8Tensor).
///
/// The buffer is aligned to kAlignment bytes and followed by kSlackBytes that may be read but mean
/// nothing: XNNPACK's kernels load whole vectors and so read past the end of what they are given.
template <typename Element>
class BasicTensor {
 public:
  static constexpr size_t kAlignment = 64;  // a cache line, and the widest vector (AVX-512)
  static constexpr size_t kSlackBytes = 128;

  BasicTensor() = default;
  /// Zero-filled.
  explicit BasicTensor(Shape shape);
  /// Copies `values`; std::invalid_argument if their number does not fit the shape.
  BasicTensor(Shape shape, std::span<const Element> values);

  BasicTensor(BasicTensor&&) noexcept = default;
  BasicTensor& operator=(BasicTensor&&) noexcept = default;
  BasicTensor(const BasicTensor&) = delete;  // copies are large: ask for them by clone()
  BasicTensor& operator=(const BasicTensor&) = delete;
  BasicTensor clone() const;

  /// Takes a new shape. The contents are unspecified afterwards; memory is only ever grown, so a
  /// tensor that is reused for batches of changing size allocates once. std::bad_alloc if there is
  /// not so much.
  void resize(const Shape& shape);

  const Shape& shape() const { return shape_; }
  size_t dim(size_t axis) const { return shape_.at(axis); }
  size_t size() const { return size_; }
  Element* data() { return buffer_.get(); }
  const Element* data() const { return buffer_.get(); }
  std::span<Element> values() { return {buffer_.get(), size_}; }
  std::span<const Element> values() const { return {buffer_.get(), size_}; }
  void fill(Element value);

  /// Elements of one part of the first axis, such as an image of a batch; 0 if there is none.
  size_t row_size() const { return size_ / (dim(0) > 0 ? dim(0) : 1); }
  /// The part `n` of the first axis.
  std::span<Element> row(size_t n) { return values().subspan(n * row_size(), row_size()); }
  std::span<const Element> row(size_t n) const {
    return values().subspan(n * row_size(), row_size());
  }

 private:
  struct Free {
    void operator()(Element* p) const;
  };
  Shape shape_;
  size_t size_ = 0;      // elements in use
  size_t capacity_ = 0;  // elements allocated, slack not counted
  std::unique_ptr<Element[], Free> buffer_;
};

using Tensor = BasicTensor<float>;
using Int8Tensor = BasicTensor<int8_t>;

}  // namespace inkdigit
