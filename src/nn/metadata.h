#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "nn/architecture.h"
#include "nn/weights_file.h"

namespace inkdigit {

/// What a weights file's metadata say: the layer list (absent: the default architecture), the
/// energy threshold, and the symbols of a network of `outputs` classes. WeightsError if it is not
/// one.
Architecture read_architecture(const WeightsFile& file);
std::optional<double> read_energy_threshold(const WeightsFile& file);
std::vector<std::string> read_symbols(const WeightsFile& file, size_t outputs);

}  // namespace inkdigit
