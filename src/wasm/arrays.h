#pragma once

#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <ranges>
#include <span>
#include <vector>

#include "core/errors.h"
#include "core/tensor.h"

// JavaScript's typed arrays and C++'s memory. Both ways copy once, in bulk: JavaScript must keep no
// view of the module's memory, which moves when it grows and may be shared between threads (then
// postMessage, TextDecoder and ImageData refuse it).
namespace inkdigit {

/// Replaces `target` by a copy of a typed array; `target` keeps its memory from call to call.
template <typename Element>
void copy_in(const emscripten::val& typed_array, std::vector<Element>& target) {
  target.resize(typed_array["length"].as<size_t>());
  // The view is made after the allocation, which may have moved the memory.
  emscripten::val(emscripten::typed_memory_view(target.size(), target.data()))
      .call<void>("set", typed_array);
}

/// The same for a tensor of `shape`, which has as many elements.
inline void copy_in(const emscripten::val& typed_array, const Shape& shape, Tensor& target) {
  target.resize(shape);
  emscripten::val(emscripten::typed_memory_view(target.size(), target.data()))
      .call<void>("set", typed_array);
}

/// A copy of a typed array, which a std::vector would fill with zeros first.
template <typename Element>
class ArrayCopy {
 public:
  explicit ArrayCopy(const emscripten::val& typed_array)
      : size_(typed_array["length"].as<size_t>()),
        elements_(std::make_unique_for_overwrite<Element[]>(size_)) {
    emscripten::val(emscripten::typed_memory_view(size_, elements_.get()))
        .call<void>("set", typed_array);
  }
  std::span<const Element> values() const { return {elements_.get(), size_}; }

 private:
  size_t size_;
  std::unique_ptr<Element[]> elements_;
};

/// A new typed array of JavaScript's own, named by its constructor such as "Float32Array".
emscripten::val copy_out(const char* constructor,
                         const std::ranges::contiguous_range auto& values) {
  return emscripten::val::global(constructor)
      .new_(emscripten::val(
          emscripten::typed_memory_view(std::ranges::size(values), std::ranges::data(values))));
}

/// A field that is a whole number of 0 or more, as JavaScript has it. std::invalid_argument, naming
/// it, if it is none.
inline uint64_t whole_number_field(const emscripten::val& object, const char* name) {
  const double value = object[name].as<double>();
  check_range(name, value, value >= 0 && value < 0x1p64 && value == std::floor(value),
              "a whole number of 0 or more");
  return static_cast<uint64_t>(value);
}

/// A field of an object of options, if it has one.
template <typename Number>
void read_field(const emscripten::val& object, const char* name, Number& field) {
  const emscripten::val value = object[name];
  if (!value.isUndefined()) field = value.as<Number>();
}

}  // namespace inkdigit
