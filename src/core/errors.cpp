#include "core/errors.h"

#include <cstdio>

namespace inkdigit {

std::string excerpt(std::string_view text) {
  size_t length = 40;  // bytes
  if (text.size() <= length) return std::string(text);
  while (length > 0 && (text[length] & 0xc0) == 0x80) --length;  // in the middle of a character
  return std::string(text.substr(0, length)) + "…";
}

std::string in_quotes(std::string_view text) { return '"' + excerpt(text) + '"'; }

void check_range(const char* name, double value, bool in_range, const char* range) {
  if (in_range) return;
  char number[32];
  std::snprintf(number, sizeof number, "%.9g", value);
  throw std::invalid_argument(std::string(name) + ": expected " + range + ", got " + number);
}

}  // namespace inkdigit
