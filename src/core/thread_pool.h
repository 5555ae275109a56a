#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>

struct pthreadpool;  // XNNPACK's own pool, so that one set of workers serves operators and loops

namespace inkdigit {

/// Values, float32, of a simple loop that a thread takes at a time: 64 KiB, well inside L2.
inline constexpr size_t kElementGrain = 16384;

/// A fixed set of threads. Work handed to it blocks the caller, who takes part in it.
/// Not thread-safe: one owner uses a pool at a time.
class ThreadPool {
 public:
  /// `threads` counts the caller: 1 starts no worker at all. std::invalid_argument for 0.
  /// Where no worker can be had, as in WebAssembly built without threads, the caller works alone.
  explicit ThreadPool(size_t threads);

  /// How many threads there really are.
  size_t threads() const { return threads_; }
  /// Borrowed; null for one thread, which XNNPACK takes as "run on the calling thread".
  pthreadpool* handle() const { return pool_.get(); }

  /// Calls `body(begin, end)` for consecutive ranges that cover [0, count). Ranges are multiples of
  /// `grain` long (the last may be shorter), so results do not depend on the number of threads as
  /// long as the body treats every grain by itself. The first of what bodies throw is thrown when
  /// all that had begun are done; ranges that had not are left out.
  template <typename Body>
  void parallel_for(size_t count, size_t grain, Body&& body) const {
    using Callable = std::remove_reference_t<Body>;
    run(count, grain, const_cast<void*>(static_cast<const void*>(&body)),
        [](void* callable, size_t begin, size_t length) {
          (*static_cast<Callable*>(callable))(begin, begin + length);
        });
  }

 private:
  using Task = void (*)(void* callable, size_t begin, size_t length);
  void run(size_t count, size_t grain, void* callable, Task task) const;

  struct Destroy {
    void operator()(pthreadpool* pool) const;
  };
  size_t threads_;
  std::unique_ptr<pthreadpool, Destroy> pool_;
};

}  // namespace inkdigit
