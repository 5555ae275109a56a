#pragma once

#include "tools/commands.h"
#include "tools/train_arguments.h"

namespace inkdigit {

/// The options of `inkdigit train`, which fill `arguments` (borrowed) when they are parsed. Those
/// that decide the result are told to files by for_each_option() in train_arguments.cpp, too.
void add_train_options(CLI::App& command, TrainArguments& arguments);

/// CLI::ExcludesError if an option that `--resume` would override was given beside it. (Excludes of
/// CLI11's own would be listed in the help of each option.)
void check_beside_resume(const CLI::App& command);

}  // namespace inkdigit
