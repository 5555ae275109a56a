#pragma once

#include <cstddef>
#include <string_view>

namespace inkdigit {

/// Whether arrays and objects of a JSON text lie deeper in each other than any that we write, which
/// have three levels. Parsers copy and write values by recursion, which would overflow the stack.
inline bool is_too_deep(std::string_view json) {
  constexpr size_t kMaxDepth = 16;
  size_t depth = 0;
  bool in_text = false;
  for (size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '"') in_text = !in_text;
    if (in_text) {
      if (c == '\\') ++i;
    } else if (c == '[' || c == '{') {
      if (++depth > kMaxDepth) return true;
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return false;
}

}  // namespace inkdigit
