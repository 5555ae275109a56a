#include "classification.h"

namespace inkdigit {

std::string_view to_string(State state) {
  switch (state) {
    case State::kBlank:
      return "blank";
    case State::kDigit:
      return "digit";
    case State::kUnsure:
      return "unsure";
  }
  return "";
}

}  // namespace inkdigit
