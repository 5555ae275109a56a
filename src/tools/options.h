#pragma once

#include <CLI/CLI.hpp>
#include <cstddef>
#include <string>

// Options that several commands have.
namespace inkdigit {

/// Without it `weights` stays empty: see weights_path.
void add_weights_option(CLI::App& command, std::string& weights);

/// Without it `threads` is one a core.
void add_threads_option(CLI::App& command, size_t& threads);

}  // namespace inkdigit
