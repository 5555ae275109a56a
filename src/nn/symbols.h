#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "nn/network.h"
#include "nn/weights_file.h"

// A user's own symbols: classes behind the ten digits, with a name each. The network is the same
// but for its last layer, which has an output more for each; the names travel in the weights file.
namespace inkdigit {

inline constexpr size_t kMostSymbols = 16;
inline constexpr size_t kMostSymbolCharacters = 20;

/// Names as a JSON array of texts, and back. Files are not trusted: there are at most kMostSymbols
/// names, each of 1 to kMostSymbolCharacters characters, no two the same, and none a digit.
/// std::invalid_argument says what is wrong.
std::string symbols_to_json(const std::vector<std::string>& names);
std::vector<std::string> symbols_from_json(std::string_view json);

/// The network's weights with one output more, behind the others. It begins as a twin, always a
/// little behind, of the output `like`, that of the class that the symbol was taken for: training
/// then has only these two to tell apart. std::invalid_argument if the name cannot be taken, the
/// last layer is not dense, or there is no such output.
WeightsFile add_symbol(const Network& network, const std::string& name, size_t like);

/// The network's weights without that symbol's output; the others' are as they were.
/// std::invalid_argument if there is no such symbol.
WeightsFile remove_symbol(const Network& network, const std::string& name);

}  // namespace inkdigit
