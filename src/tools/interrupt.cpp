#include "tools/interrupt.h"

namespace inkdigit {

namespace {

volatile std::sig_atomic_t asked_by = 0;

}  // namespace

InterruptGuard::InterruptGuard(int signal)
    : signal_(signal), previous_(std::signal(signal, [](int by) { asked_by = by; })) {
  if (previous_ == SIG_IGN) std::signal(signal, SIG_IGN);
}

InterruptGuard::~InterruptGuard() { std::signal(signal_, previous_); }

int InterruptGuard::asked() { return asked_by; }

}  // namespace inkdigit
