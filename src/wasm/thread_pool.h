#pragma once

#include <cstddef>
#include <memory>

#include "core/thread_pool.h"

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

struct JsThreadPool : Counted {
  explicit JsThreadPool(size_t threads) : pool(threads) {}
  ThreadPool pool;
};
using SharedPool = std::shared_ptr<JsThreadPool>;

inline SharedPool make_thread_pool(size_t threads) {
  return std::make_shared<JsThreadPool>(threads);
}

}  // namespace inkdigit
