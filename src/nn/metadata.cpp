#include "nn/metadata.h"

#include <cmath>
#include <stdexcept>

#include "core/json.h"
#include "nn/symbols.h"

namespace inkdigit {

std::optional<double> read_energy_threshold(const WeightsFile& file) {
  const auto found = file.metadata.find(WeightsFile::kEnergyThresholdKey);
  if (found == file.metadata.end()) return std::nullopt;
  const std::optional<Json> json = Json::parse(found->second);
  const std::optional<double> threshold = json ? json->number() : std::nullopt;
  if (!threshold || !std::isfinite(*threshold)) {
    throw WeightsError(std::string("metadata \"") + WeightsFile::kEnergyThresholdKey +
                       "\": expected a number, got \"" + found->second + "\"");
  }
  return threshold;
}

Architecture read_architecture(const WeightsFile& file) {
  const auto found = file.metadata.find(WeightsFile::kArchitectureKey);
  if (found == file.metadata.end()) return default_architecture();
  try {
    return architecture_from_json(found->second);
  } catch (const std::invalid_argument& error) {
    throw WeightsError(std::string("metadata \"") + WeightsFile::kArchitectureKey +
                       "\": " + error.what());
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
    throw WeightsError(std::string("metadata \"") + WeightsFile::kSymbolsKey +
                       "\": " + error.what());
  }
}

}  // namespace inkdigit
