#include "core/thread_pool.h"

#include <pthreadpool.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <stdexcept>

namespace inkdigit {

namespace {

/// Nothing may be thrown through the pool, which is C, nor out of a thread of its own.
struct Job {
  void* callable;
  void (*task)(void* callable, size_t begin, size_t length);
  std::atomic<bool> failed = false;
  std::exception_ptr error = nullptr;

  static void run(void* context, size_t begin, size_t length) {
    Job& job = *static_cast<Job*>(context);
    if (job.failed) return;
    try {
      job.task(job.callable, begin, length);
    } catch (...) {
      if (!job.failed.exchange(true)) job.error = std::current_exception();
    }
  }
};

}  // namespace

void ThreadPool::Destroy::operator()(pthreadpool* pool) const { pthreadpool_destroy(pool); }

ThreadPool::ThreadPool(size_t threads) : threads_(threads) {
  if (threads == 0) throw std::invalid_argument("threads: expected at least 1, got 0");
  if (threads > 1) {
    pool_.reset(pthreadpool_create(threads));  // null in a build without threads
    threads_ = pool_ ? pthreadpool_get_threads_count(pool_.get()) : 1;
  }
}

void ThreadPool::run(size_t count, size_t grain, void* callable, Task task) const {
  if (!pool_) {
    for (size_t begin = 0; begin < count; begin += grain) {
      task(callable, begin, std::min(grain, count - begin));
    }
    return;
  }
  Job job{.callable = callable, .task = task};
  // Idle workers spin for a while after each job; yielding lets others have the core meanwhile.
  pthreadpool_parallelize_1d_tile_1d(pool_.get(), &Job::run, &job, count, grain,
                                     PTHREADPOOL_FLAG_YIELD_WORKERS);
  if (job.error) std::rethrow_exception(job.error);
}

}  // namespace inkdigit
