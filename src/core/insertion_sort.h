#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace inkdigit {

/// Sorts a few values and keeps the order of equal ones. The library's way is a hundred times the
/// code, which pages have to wait for.
template <typename Value, typename Key>
void insertion_sort(std::vector<Value>& values, Key key) {
  for (size_t i = 1; i < values.size(); ++i) {
    for (size_t j = i; j > 0 && key(values[j]) < key(values[j - 1]); --j) {
      std::swap(values[j], values[j - 1]);
    }
  }
}

}  // namespace inkdigit
