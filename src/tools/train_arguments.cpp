#include "tools/train_arguments.h"

#include <cmath>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "core/errors.h"

namespace inkdigit {

using Json = nlohmann::ordered_json;

namespace {

constexpr double kFinishingWarmup = 0.1;       // epochs: the weights are good already
constexpr uint64_t kFinishingSeedOffset = 10;  // other pictures than before

/// Hands over each option that tells where a file lies on this machine, by its name in files.
template <typename Arguments, typename Visit>
void for_each_path(Arguments& a, Visit&& visit) {
  visit("data", a.data);
  visit("layers", a.layers);
  visit("initial", a.initial);
  visit("output", a.output);
  visit("teacher", a.teacher);
}

/// Hands over each option that decides the result, in the same way.
template <typename Arguments, typename Visit>
void for_each_option(Arguments& a, Visit&& visit) {
  for_each_path(a, visit);
  visit("validation", a.validation);
  visit("mnist_times", a.mnist_times);
  visit("pen_digits", a.pen_digits);
  visit("scribbles", a.scribbles);
  visit("dropout", a.dropout);
  visit("teacher_share", a.teacher_share);
  visit("teacher_temperature", a.teacher_temperature);
  visit("teacher_epochs", a.teacher_epochs);
  visit("average_decay", a.average_decay);
  visit("unsure_share", a.unsure_share);
  visit("optimizer", a.optimizer);
  visit("weight_decay", a.weight_decay);
  visit("epochs", a.run.epochs);
  visit("batch_size", a.run.batch_size);
  visit("learning_rate", a.run.learning_rate);
  visit("warmup_epochs", a.run.warmup_epochs);
  visit("seed", a.run.seed);
  visit("rotation", a.run.augment.rotation);
  visit("scale", a.run.augment.scale);
  visit("shear", a.run.augment.shear);
  visit("shift", a.run.augment.shift);
  visit("elastic_strength", a.run.augment.elastic_strength);
  visit("elastic_smoothness", a.run.augment.elastic_smoothness);
  visit("occlusion", a.run.augment.occlusion);
  visit("coarse_share", a.run.coarse_share);
  visit("finishing_epochs", a.finishing_epochs);
  visit("finishing_learning_rate", a.finishing_learning_rate);
  visit("finishing_coarse_share", a.finishing_coarse_share);
}

/// As files, which are JSON, need texts to be.
bool is_utf8(const std::string& text) {
  try {
    (void)Json(text).dump();
    return true;
  } catch (const Json::type_error&) {
    return false;
  }
}

}  // namespace

RunOptions finishing_run(const TrainArguments& arguments) {
  RunOptions run = arguments.run;
  run.epochs = arguments.finishing_epochs;
  run.learning_rate = arguments.finishing_learning_rate;
  run.warmup_epochs = kFinishingWarmup;
  run.coarse_share = arguments.finishing_coarse_share;
  run.seed += kFinishingSeedOffset;
  return run;
}

void check_paths(const TrainArguments& arguments) {
  for_each_path(arguments, [](const char* name, const std::string& path) {
    if (is_utf8(path)) return;
    throw std::invalid_argument(std::string("--") + name +
                                ": expected a name in UTF-8; give it another one");
  });
}

void check_finite(const TrainArguments& arguments) {
  for_each_option(arguments, [](const char* name, const auto& value) {
    if constexpr (std::is_same_v<decltype(value), const double&>) {
      check_range(name, value, std::isfinite(value), "a number");
    }
  });
}

Json to_json(const TrainArguments& arguments) {
  Json json;
  for_each_option(arguments, [&](const char* name, const auto& value) { json[name] = value; });
  return json;
}

Json recipe(const TrainArguments& arguments) {
  Json json = to_json(arguments);
  for_each_path(arguments, [&](const char* name, const std::string&) { json.erase(name); });
  return json;
}

TrainArguments with_absolute_paths(TrainArguments arguments) {
  for_each_path(arguments, [](const char*, std::string& path) {
    if (path.empty()) return;
    const std::string absolute = std::filesystem::absolute(path).string();
    if (is_utf8(absolute)) path = absolute;
  });
  return arguments;
}

void from_json(const Json& json, TrainArguments& arguments) {
  for_each_option(arguments, [&](const char* name, auto& value) {
    const Json& stored = json.at(name);
    // All whole numbers are counts; a negative one, or a part of one, would become a huge one.
    if (std::is_integral_v<std::remove_reference_t<decltype(value)>> &&
        !stored.is_number_unsigned()) {
      throw std::invalid_argument(std::string(name) +
                                  ": expected a whole number of 0 or more, got " + stored.dump());
    }
    stored.get_to(value);
  });
}

}  // namespace inkdigit
