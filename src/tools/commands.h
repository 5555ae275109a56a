#pragma once

#include <CLI/CLI.hpp>

// One function a command: it adds the command with its options to the app, and what to run.
namespace inkdigit {

void add_train_command(CLI::App& app);
void add_evaluate_command(CLI::App& app);
void add_classify_command(CLI::App& app);
void add_quantize_command(CLI::App& app);

}  // namespace inkdigit
