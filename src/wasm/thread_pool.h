#pragma once

#include <cstddef>
#include <memory>

#include "core/thread_pool.h"
#include "wasm/counted.h"

namespace inkdigit {

struct JsThreadPool : Counted {
  explicit JsThreadPool(size_t threads) : pool(threads) {}
  ThreadPool pool;
};
using SharedPool = std::shared_ptr<JsThreadPool>;

inline SharedPool make_thread_pool(size_t threads) {
  return std::make_shared<JsThreadPool>(threads);
}

}  // namespace inkdigit
