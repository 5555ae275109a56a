#include "core/adler32.h"

#include <algorithm>

namespace inkdigit {

namespace {

constexpr uint32_t kModulus = 65521;      // the largest prime number below 2^16
constexpr size_t kLongestStretch = 5552;  // bytes whose sums still fit into 32 bits

}  // namespace

void Adler32::add(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const size_t length = std::min(bytes.size(), kLongestStretch);
    for (const std::byte byte : bytes.first(length)) {
      sum_ += std::to_integer<uint32_t>(byte);
      sums_ += sum_;
    }
    sum_ %= kModulus;
    sums_ %= kModulus;
    bytes = bytes.subspan(length);
  }
}

}  // namespace inkdigit
