#pragma once

namespace inkdigit {

/// Counts the objects that JavaScript holds, so that tests can see that dispose() frees them all.
class Counted {
 public:
  static int live() { return live_; }

 protected:
  Counted() { ++live_; }
  ~Counted() { --live_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  inline static int live_ = 0;
};

}  // namespace inkdigit
