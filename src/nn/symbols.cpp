#include "nn/symbols.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <utility>

#include "core/json.h"

namespace inkdigit {

namespace {

/// By how much a new symbol's logit is behind its twin's before it is trained, nats: enough not to
/// be read, little enough to be learnt in a few steps.
constexpr float kBehindTwin = 1.0f;

/// Characters of UTF-8 text: bytes that do not go on with another.
size_t character_count(const std::string& text) {
  return static_cast<size_t>(
      std::ranges::count_if(text, [](char byte) { return (byte & 0xc0) != 0x80; }));
}

/// Whether a name has characters that are not to be seen, some of which JavaScript drops.
bool has_hidden_characters(const std::string& name) {
  const auto is_control = [](char byte) { return (byte >= 0 && byte < ' ') || byte == 0x7f; };
  return std::ranges::any_of(name, is_control) || name.find("\ufeff") != std::string::npos;
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
    if (has_hidden_characters(names[i])) {
      throw std::invalid_argument("symbols: a name holds control characters");
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

/// The same weights for a network whose last layer has these of the old outputs, in this order.
WeightsFile with_outputs(const Network& network, const std::vector<size_t>& outputs,
                         const std::vector<std::string>& names) {
  Architecture architecture = network.architecture();
  LayerSpec& last = architecture.layers.back();
  if (last.type != LayerType::kDense) {
    throw std::invalid_argument("symbols: the network must end in a dense layer");
  }
  WeightsFile file = network.save();
  last.units = outputs.size();
  for (const char* part : {".weight", ".bias"}) {
    Tensor& old = file.tensors.at(last.name + part);  // [outputs, …]
    Shape shape = old.shape();
    shape[0] = outputs.size();
    Tensor changed(shape);
    for (size_t i = 0; i < outputs.size(); ++i) {
      std::ranges::copy(old.row(outputs[i]), changed.row(i).data());
    }
    old = std::move(changed);
  }
  file.metadata[WeightsFile::kArchitectureKey] = to_json(architecture);
  if (names.empty()) {
    file.metadata.erase(WeightsFile::kSymbolsKey);
  } else {
    file.metadata[WeightsFile::kSymbolsKey] = symbols_to_json(names);
  }
  return file;
}

std::vector<size_t> all_outputs(const Network& network) {
  std::vector<size_t> outputs(element_count(network.output_shape()));
  std::iota(outputs.begin(), outputs.end(), size_t{0});
  return outputs;
}

}  // namespace

std::string symbols_to_json(const std::vector<std::string>& names) {
  check_names(names);
  try {
    return nlohmann::ordered_json(names).dump();
  } catch (const nlohmann::ordered_json::type_error&) {
    throw std::invalid_argument("symbols: a name is no UTF-8 text");
  }
}

std::vector<std::string> symbols_from_json(std::string_view text) {
  const std::optional<Json> json = Json::parse(text);
  const auto wrong = [] { return std::invalid_argument("symbols: expected an array of names"); };
  if (!json || !json->is_array()) throw wrong();
  std::vector<std::string> names;
  for (size_t i = 0; i < json->size(); ++i) {
    std::optional<std::string> name = (*json)[i].text();
    if (!name) throw wrong();
    names.push_back(std::move(*name));
  }
  check_names(names);
  return names;
}

WeightsFile add_symbol(const Network& network, const std::string& name, size_t like) {
  std::vector<std::string> names = network.symbols();
  names.push_back(name);
  std::vector<size_t> outputs = all_outputs(network);
  if (like >= outputs.size()) {
    throw std::invalid_argument("like: expected an output below " + std::to_string(outputs.size()) +
                                ", got " + std::to_string(like));
  }
  outputs.push_back(like);
  WeightsFile file = with_outputs(network, outputs, names);
  Tensor& bias = file.tensors.at(network.architecture().layers.back().name + ".bias");
  bias.values().back() -= kBehindTwin;
  return file;
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
  return with_outputs(network, kept, names);
}

}  // namespace inkdigit
