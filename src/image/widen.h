#pragma once

#include <optional>

#include "image/ink.h"

namespace inkdigit {

/// A digit that is narrow for its height, made as wide as most are, though at most two and a half
/// times as wide as it was; nothing for one that is wide enough. `digit` is cut out along its ends.
std::optional<Ink> widen(const Ink& digit);

}  // namespace inkdigit
