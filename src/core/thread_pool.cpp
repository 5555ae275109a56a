#include "core/thread_pool.h"

#include <pthreadpool.h>

#include <stdexcept>

namespace inkdigit {

void ThreadPool::Destroy::operator()(pthreadpool* pool) const { pthreadpool_destroy(pool); }

ThreadPool::ThreadPool(size_t threads) : threads_(threads) {
  if (threads == 0) throw std::invalid_argument("threads: expected at least 1, got 0");
  if (threads > 1) {
    pool_.reset(pthreadpool_create(threads));  // null in a build without threads
    threads_ = pool_ ? pthreadpool_get_threads_count(pool_.get()) : 1;
  }
}

void ThreadPool::run(size_t count, size_t grain, void* callable, Task task) const {
  if (count == 0) return;
  // Idle workers spin for a while after each job; yielding lets others have the core meanwhile.
  pthreadpool_parallelize_1d_tile_1d(pool_.get(), task, callable, count, grain,
                                     PTHREADPOOL_FLAG_YIELD_WORKERS);
}

}  // namespace inkdigit
