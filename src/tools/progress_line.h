#pragma once

#include <chrono>
#include <cstdio>
#include <string>

namespace inkdigit {

class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

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

/// As printf, up to 255 characters.
template <typename... Values>
std::string format(const char* pattern, Values... values) {
  char text[256];
  std::snprintf(text, sizeof text, pattern, values...);
  return text;
}

/// "1:02:03"
std::string clock_time(double seconds);

}  // namespace inkdigit
