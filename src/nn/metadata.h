#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/errors.h"
#include "nn/architecture.h"
#include "nn/weights_file.h"

namespace inkdigit {

/// The error of what stands under `key` of a weights file's metadata.
WeightsError metadata_error(const std::string& key, const std::string& reason);

/// The whole number under `key`. WeightsError if there is none.
uint64_t read_count(const WeightsFile& file, const std::string& key);

/// What a weights file's metadata say: the layer list (absent: the default architecture), the
/// energy threshold, and the symbols of a network of `outputs` classes. WeightsError if it is not
/// one.
Architecture read_architecture(const WeightsFile& file);
std::optional<double> read_energy_threshold(const WeightsFile& file);
std::vector<std::string> read_symbols(const WeightsFile& file, size_t outputs);

}  // namespace inkdigit
