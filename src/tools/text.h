#pragma once

#include <algorithm>
#include <cstdio>
#include <string>

namespace inkdigit {

/// As printf, up to 255 characters.
template <typename... Values>
std::string format(const char* pattern, Values... values) {
  char text[256];
  std::snprintf(text, sizeof text, pattern, values...);
  return text;
}

/// "1:02:03"
inline std::string clock_time(double seconds) {
  const auto whole = static_cast<long>(std::max(0.0, seconds) + 0.5);
  return format("%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
}

}  // namespace inkdigit
