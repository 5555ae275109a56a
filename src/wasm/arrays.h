#pragma once

#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <cstddef>
#include <ranges>
#include <vector>

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

template <typename Element>
std::vector<Element> copy_in(const emscripten::val& typed_array) {
  std::vector<Element> values;
  copy_in(typed_array, values);
  return values;
}

/// A new typed array of JavaScript's own, named by its constructor such as "Float32Array".
emscripten::val copy_out(const char* constructor,
                         const std::ranges::contiguous_range auto& values) {
  return emscripten::val::global(constructor)
      .new_(emscripten::val(
          emscripten::typed_memory_view(std::ranges::size(values), std::ranges::data(values))));
}

}  // namespace inkdigit
