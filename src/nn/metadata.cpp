#include "nn/metadata.h"

#include <cmath>
#include <stdexcept>

#include "core/json.h"
#include "nn/symbols.h"

namespace inkdigit {

WeightsError metadata_error(const std::string& key, const std::string& reason) {
  return WeightsError("metadata \"" + key + "\": " + reason);
}

uint64_t read_count(const WeightsFile& file, const std::string& key) {
  const auto found = file.metadata.find(key);
  if (found == file.metadata.end()) throw metadata_error(key, "is missing");
  const std::optional<Json> json = Json::parse(found->second);
  const std::optional<uint64_t> count = json ? json->whole_number() : std::nullopt;
  if (!count) {
    throw metadata_error(key, "expected a whole number, got " + in_quotes(found->second));
  }
  return *count;
}

std::optional<double> read_energy_threshold(const WeightsFile& file) {
  const auto found = file.metadata.find(WeightsFile::kEnergyThresholdKey);
  if (found == file.metadata.end()) return std::nullopt;
  const std::optional<Json> json = Json::parse(found->second);
  const std::optional<double> threshold = json ? json->number() : std::nullopt;
  if (!threshold || !std::isfinite(*threshold)) {
    throw metadata_error(WeightsFile::kEnergyThresholdKey,
                         "expected a number, got " + in_quotes(found->second));
  }
  return threshold;
}

Architecture read_architecture(const WeightsFile& file) {
  const auto found = file.metadata.find(WeightsFile::kArchitectureKey);
  if (found == file.metadata.end()) return default_architecture();
  try {
    return architecture_from_json(found->second);
  } catch (const std::invalid_argument& error) {
    throw metadata_error(WeightsFile::kArchitectureKey, error.what());
  }
}

std::vector<std::string> read_symbols(const WeightsFile& file, size_t outputs) {
  const auto found = file.metadata.find(WeightsFile::kSymbolsKey);
  if (found == file.metadata.end()) return {};
  try {
    std::vector<std::string> names = symbols_from_json(found->second);
    if (names.size() < outputs) return names;
    throw std::invalid_argument("symbols: " + std::to_string(names.size()) + " names for " +
                                std::to_string(outputs) + " outputs");
  } catch (const std::invalid_argument& error) {
    throw metadata_error(WeightsFile::kSymbolsKey, error.what());
  }
}

}  // namespace inkdigit
