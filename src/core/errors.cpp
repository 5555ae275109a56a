#include "core/errors.h"

#include <string>

namespace inkdigit {

void check_range(const char* name, double value, bool in_range, const char* range) {
  if (in_range) return;
  throw std::invalid_argument(std::string(name) + ": expected " + range + ", got " +
                              std::to_string(value));
}

}  // namespace inkdigit
