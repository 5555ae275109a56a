#include "tools/checkpoint.h"

#include <exception>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/errors.h"
#include "tools/files.h"
#include "tools/text.h"

namespace inkdigit {

namespace {

constexpr const char* kPhaseKey = "train.phase";  // metadata
constexpr const char* kArgumentsKey = "train.arguments";
constexpr const char* kBestKey = "train.best_held_back_loss";
constexpr const char* kAccuracyKey = "train.best_validation_accuracy";
constexpr const char* kSecondsKey = "train.seconds";

double number(const WeightsFile& checkpoint, const char* key) {
  const double value = std::stod(checkpoint.metadata.at(key));
  check_range(key, value, value >= 0.0, "0 or more");
  return value;
}

}  // namespace

std::string checkpoint_path(const TrainArguments& arguments) {
  return arguments.output + ".checkpoint";
}

void check_no_other_checkpoint(const TrainArguments& arguments) {
  const std::string path = checkpoint_path(arguments);
  if (!std::filesystem::exists(path)) return;
  if (!arguments.resume.empty() && std::filesystem::equivalent(path, arguments.resume)) return;
  throw std::invalid_argument(path + ": a training that was interrupted; go on with it (--resume " +
                              path + "), remove that file, or choose another --output");
}

void write_checkpoint(WeightsFile state, const std::string& phase, const TrainArguments& arguments,
                      const PhaseProgress& progress) {
  state.metadata[kPhaseKey] = phase;
  state.metadata[kArgumentsKey] = to_json(with_absolute_paths(arguments)).dump();
  state.metadata[kBestKey] = format("%.17g", progress.best_loss);
  state.metadata[kAccuracyKey] = format("%.17g", progress.accuracy);
  state.metadata[kSecondsKey] = format("%.1f", progress.seconds);
  write_file(checkpoint_path(arguments), write_weights(state));
}

WeightsFile read_checkpoint(const std::string& path, TrainArguments& arguments) {
  WeightsFile checkpoint = read_weights_file(path);
  const auto stored = checkpoint.metadata.find(kArgumentsKey);
  if (stored == checkpoint.metadata.end()) {
    throw WeightsError(
        path + ": holds weights, but no training run to go on with; train from them by --initial");
  }
  try {
    from_json(nlohmann::ordered_json::parse(stored->second), arguments);
    const std::string& phase = checkpoint.metadata.at(kPhaseKey);
    if (phase != kTeacherPhase && phase != kNetworkPhase && phase != kFinishingPhase) {
      throw std::invalid_argument("there is no phase \"" + phase + "\"");
    }
    read_progress(checkpoint);
  } catch (const std::exception& error) {
    throw WeightsError(path + ": its training run is damaged, or of another version of inkdigit (" +
                       error.what() + "); train anew, or from its weights (--initial)");
  }
  return checkpoint;
}

bool is_checkpoint_of(const WeightsFile& checkpoint, const std::string& phase) {
  return checkpoint.metadata.at(kPhaseKey) == phase;
}

PhaseProgress read_progress(const WeightsFile& checkpoint) {
  return {.best_loss = number(checkpoint, kBestKey),  // infinite until the first epoch is over
          .accuracy = number(checkpoint, kAccuracyKey),
          .seconds = number(checkpoint, kSecondsKey)};
}

}  // namespace inkdigit
