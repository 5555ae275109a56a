#pragma once

#include <limits>
#include <string>

#include "nn/weights_file.h"
#include "tools/train_arguments.h"

// The file that a phase of training (see training_phase.h) keeps its state in until it is done.
namespace inkdigit {

// The phases' names, in their order.
inline constexpr const char* kTeacherPhase = "teacher";
inline constexpr const char* kNetworkPhase = "network";
inline constexpr const char* kFinishingPhase = "finishing";

/// How far a phase has come, beside what its trainer knows.
struct PhaseProgress {
  double best_loss = std::numeric_limits<double>::infinity();  // held back, nats
  double accuracy = 0.0;                                       // of the best, 0…1
  double seconds = 0.0;                                        // spent so far
};

/// Beside the output: its name with ".checkpoint" behind it.
std::string checkpoint_path(const TrainArguments& arguments);

/// std::invalid_argument if the checkpoint of another training lies where this one's goes: hours of
/// work, which would be written over.
void check_no_other_checkpoint(const TrainArguments& arguments);

/// Adds to the state of trainer and average what else it takes to go on, and writes it there.
void write_checkpoint(WeightsFile state, const std::string& phase, const TrainArguments& arguments,
                      const PhaseProgress& progress);

/// Reads a checkpoint, and the options of its training into `arguments`. WeightsError, naming the
/// file, if it is none.
WeightsFile read_checkpoint(const std::string& path, TrainArguments& arguments);

/// Whether a checkpoint is that of the phase with this name.
bool is_checkpoint_of(const WeightsFile& checkpoint, const std::string& phase);

/// How far its phase has come. Only for what read_checkpoint() gave.
PhaseProgress read_progress(const WeightsFile& checkpoint);

}  // namespace inkdigit
