#include "core/tensor.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <stdexcept>

namespace inkdigit {

size_t element_count(const Shape& shape) {
  // Shapes also come from files, and a size of 32 bits is soon passed.
  size_t count = 1;
  for (const size_t length : shape) {
    if (__builtin_mul_overflow(count, length, &count)) throw std::bad_alloc();
  }
  return count;
}

std::string to_string(const Shape& shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i) {
    if (i > 0) text += ", ";
    text += std::to_string(shape[i]);
  }
  return text + "]";
}

Shape with_batch(size_t batch_size, const Shape& shape) {
  Shape batched{batch_size};
  batched.insert(batched.end(), shape.begin(), shape.end());
  return batched;
}

template <typename Element>
void BasicTensor<Element>::Free::operator()(Element* p) const {
  std::free(p);
}

template <typename Element>
BasicTensor<Element>::BasicTensor(Shape shape) {
  resize(shape);
  fill(Element{});
}

template <typename Element>
BasicTensor<Element>::BasicTensor(Shape shape, std::span<const Element> values) {
  resize(shape);
  if (values.size() != size_) {
    throw std::invalid_argument("values: expected " + std::to_string(size_) + " for shape " +
                                to_string(shape_) + ", got " + std::to_string(values.size()));
  }
  std::copy(values.begin(), values.end(), data());
}

template <typename Element>
BasicTensor<Element> BasicTensor<Element>::clone() const {
  return BasicTensor(shape_, values());
}

template <typename Element>
void BasicTensor<Element>::resize(const Shape& shape) {
  const size_t size = element_count(shape);
  if (size > capacity_ || !buffer_) {
    constexpr size_t kMostElements = (SIZE_MAX - kSlackBytes - kAlignment) / sizeof(Element);
    if (size > kMostElements) throw std::bad_alloc();
    const size_t bytes = size * sizeof(Element) + kSlackBytes;
    const size_t rounded = (bytes + kAlignment - 1) / kAlignment * kAlignment;
    buffer_.reset(static_cast<Element*>(std::aligned_alloc(kAlignment, rounded)));
    if (!buffer_) {
      size_ = capacity_ = 0;
      shape_.assign(1, 0);
      throw std::bad_alloc();
    }
    capacity_ = size;
    // Kernels read the slack and drop what they computed from it; zeros keep that free of NaN
    // slow paths and of reports by memory checkers.
    std::memset(buffer_.get() + size, 0, rounded - size * sizeof(Element));
  }
  size_ = size;
  shape_ = shape;
}

template <typename Element>
void BasicTensor<Element>::fill(Element value) {
  std::fill_n(data(), size_, value);
}

template class BasicTensor<float>;
template class BasicTensor<int8_t>;

}  // namespace inkdigit
