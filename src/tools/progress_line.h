#pragma once

#include <string>

#include "tools/stopwatch.h"

namespace inkdigit {

/// News of a run on standard error: one line, rewritten in place on a terminal, and a line now and
/// then where it goes to a file.
class ProgressLine {
 public:
  ProgressLine();
  void show(const std::string& text);
  /// A line that stays.
  void print(const std::string& text);

 private:
  const bool terminal_;
  const Stopwatch stopwatch_;
  double last_shown_ = 0.0;  // seconds
};

}  // namespace inkdigit
