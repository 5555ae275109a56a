#include "tools/options.h"

#include <algorithm>
#include <thread>

namespace inkdigit {

void add_weights_option(CLI::App& command, std::string& weights) {
  command.add_option("--weights", weights, "Weights file (default: the project's)");
}

void add_threads_option(CLI::App& command, size_t& threads) {
  threads = std::max(1u, std::thread::hardware_concurrency());
  command.add_option("--threads", threads, "Threads (default: one a core)")
      ->check(CLI::Range(1, 256));
}

}  // namespace inkdigit
