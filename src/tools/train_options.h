#pragma once

#include "tools/commands.h"
#include "tools/train_arguments.h"

namespace inkdigit {

/// The options of `inkdigit train`, which fill `arguments` (borrowed) when they are parsed. Those
/// that decide the result are told to files by for_each_option() in train_arguments.cpp, too.
void add_train_options(CLI::App& command, TrainArguments& arguments);

}  // namespace inkdigit
