#pragma once

#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <numbers>

namespace inkdigit {

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): a bijection that scrambles all 64 bits.
constexpr uint64_t mix_bits(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

/// A small seeded generator (SplitMix64). It is keyed by numbers, as in
/// Random({seed, epoch, index}): whoever knows the key can draw the same values again, so nothing
/// about randomness has to be stored to resume a run, and threads may draw in any order.
class Random {
 public:
  explicit constexpr Random(std::initializer_list<uint64_t> key) {
    for (const uint64_t part : key) state_ = mix_bits(state_ + kGolden + part);
  }

  constexpr uint64_t next() { return mix_bits(state_ += kGolden); }
  /// In [0, 1).
  constexpr double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  /// In [low, high).
  constexpr double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// In {0, …, bound - 1}; the bias of less than bound / 2^64 does not matter here.
  constexpr uint64_t below(uint64_t bound) { return next() % bound; }
  /// Standard normal, by the Box-Muller transform.
  double normal() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(2.0 * std::numbers::pi * uniform());
  }

 private:
  static constexpr uint64_t kGolden = 0x9e3779b97f4a7c15u;
  uint64_t state_ = 0;
};

}  // namespace inkdigit
