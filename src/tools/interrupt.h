#pragma once

#include <csignal>

namespace inkdigit {

/// Thrown where work breaks off because a signal asked for it.
struct Interrupted {
  int signal;
};

/// While it lives, `signal` asks the work to stop instead of killing it; unless the tool was
/// started with that signal ignored. One guard a signal at a time.
class InterruptGuard {
 public:
  explicit InterruptGuard(int signal);
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  /// The signal that asked last, 0 if none has.
  static int asked();

 private:
  int signal_;
  void (*previous_)(int);
};

}  // namespace inkdigit
