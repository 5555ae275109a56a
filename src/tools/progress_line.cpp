#include "tools/progress_line.h"

#include <unistd.h>

#include <cstdio>

namespace inkdigit {

ProgressLine::ProgressLine() : terminal_(isatty(STDERR_FILENO) != 0) {}

void ProgressLine::show(const std::string& text) {
  const double seconds = stopwatch_.seconds();
  if (seconds - last_shown_ < (terminal_ ? 0.2 : 30.0)) return;
  last_shown_ = seconds;
  std::fprintf(stderr, terminal_ ? "\r\033[K%s" : "%s\n", text.c_str());
  std::fflush(stderr);
}

void ProgressLine::print(const std::string& text) {
  std::fprintf(stderr, terminal_ ? "\r\033[K%s\n" : "%s\n", text.c_str());
}

}  // namespace inkdigit
