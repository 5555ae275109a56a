#include "nn/symbols.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

namespace inkdigit {

namespace {

/// Logit of a new symbol before it is trained: far below that of any digit that is read.
constexpr float kUntrainedLogit = -4.0f;

/// Characters of UTF-8 text: bytes that do not go on with another.
size_t character_count(const std::string& text) {
  return static_cast<size_t>(
      std::ranges::count_if(text, [](char byte) { return (byte & 0xc0) != 0x80; }));
}

void check_names(const std::vector<std::string>& names) {
  if (names.size() > kMostSymbols) {
    throw std::invalid_argument("symbols: at most " + std::to_string(kMostSymbols) +
                                " are possible, got " + std::to_string(names.size()));
  }
  for (size_t i = 0; i < names.size(); ++i) {
    const size_t length = character_count(names[i]);
    if (length < 1 || length > kMostSymbolCharacters) {
      throw std::invalid_argument("symbols: expected a name of 1 to " +
                                  std::to_string(kMostSymbolCharacters) + " characters, got " +
                                  std::to_string(length));
    }
    if (names[i].size() == 1 && names[i][0] >= '0' && names[i][0] <= '9') {
      throw std::invalid_argument("symbols: " + names[i] + " is a digit, no name of a symbol");
    }
    if (std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i), names[i]) !=
        names.begin() + static_cast<std::ptrdiff_t>(i)) {
      throw std::invalid_argument("symbols: there is already one named \"" + names[i] + "\"");
    }
  }
}

/// The same weights for a network whose last layer has the outputs `kept` of the old one and
/// `added` new ones behind them.
WeightsFile with_outputs(const Network& network, const std::vector<size_t>& kept, size_t added,
                         const std::vector<std::string>& names) {
  Architecture architecture = network.architecture();
  LayerSpec& last = architecture.layers.back();
  if (last.type != LayerType::kDense) {
    throw std::invalid_argument("symbols: the network must end in a dense layer");
  }
  WeightsFile file = network.save();
  last.units = kept.size() + added;
  for (const char* part : {".weight", ".bias"}) {
    Tensor& old = file.tensors.at(last.name + part);  // [outputs, …]
    Shape shape = old.shape();
    const size_t row = old.size() / shape[0];
    shape[0] = last.units;
    Tensor changed(shape);
    for (size_t output = 0; output < kept.size(); ++output) {
      std::copy_n(old.data() + kept[output] * row, row, changed.data() + output * row);
    }
    if (shape.size() == 1) {
      std::fill_n(changed.data() + kept.size(), added, kUntrainedLogit);
    }
    old = std::move(changed);
  }
  file.metadata[WeightsFile::kArchitectureKey] = to_json(architecture);
  file.metadata[WeightsFile::kSymbolsKey] = symbols_to_json(names);
  if (names.empty()) file.metadata.erase(WeightsFile::kSymbolsKey);
  return file;
}

std::vector<size_t> all_outputs(const Network& network) {
  std::vector<size_t> outputs(element_count(network.output_shape()));
  for (size_t i = 0; i < outputs.size(); ++i) outputs[i] = i;
  return outputs;
}

}  // namespace

std::string symbols_to_json(const std::vector<std::string>& names) {
  check_names(names);
  try {
    return nlohmann::json(names).dump();
  } catch (const nlohmann::json::type_error&) {
    throw std::invalid_argument("symbols: a name is no UTF-8 text");
  }
}

std::vector<std::string> symbols_from_json(std::string_view text) {
  const auto json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_array()) throw std::invalid_argument("symbols: expected an array of names");
  std::vector<std::string> names;
  for (const auto& name : json) {
    if (!name.is_string()) throw std::invalid_argument("symbols: expected an array of names");
    names.push_back(name.get<std::string>());
  }
  check_names(names);
  return names;
}

WeightsFile add_symbol(const Network& network, const std::string& name) {
  std::vector<std::string> names = network.symbols();
  names.push_back(name);
  return with_outputs(network, all_outputs(network), 1, names);
}

WeightsFile remove_symbol(const Network& network, const std::string& name) {
  std::vector<std::string> names = network.symbols();
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) {
    throw std::invalid_argument("symbols: there is none named \"" + name + "\"");
  }
  std::vector<size_t> kept = all_outputs(network);
  const auto behind = names.end() - found;  // symbols are the last outputs
  kept.erase(kept.end() - behind);
  names.erase(found);
  return with_outputs(network, kept, 0, names);
}

}  // namespace inkdigit
