#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "image/frame.h"

namespace inkdigit {

inline constexpr size_t kDigits = 10;

enum class State {
  kBlank,   // no ink at all
  kDigit,   // a digit, or a symbol, read with confidence
  kUnsure,  // ink, but like no digit or symbol, or like two
};
/// "blank", "digit" or "unsure".
std::string_view to_string(State state);

struct Classification {
  State state = State::kBlank;
  int digit = -1;           // the most probable class if it is a digit; -1 if not, or blank
  std::string label;        // "0"…"9", or the name of a symbol; empty when blank
  float confidence = 0.0f;  // the most probable class's probability; 0 when blank
  std::vector<float> probabilities;  // of the ten digits, then the symbols; all 0 when blank
  double energy = 0.0;  // of the logits (see nn/logits.h): how much like any class; 0 when blank
  Frame frame{};        // what the network saw (at first); all paper when blank
};

}  // namespace inkdigit
