#include "core/adler32.h"

#include <algorithm>
#include <cstring>

namespace inkdigit {

namespace {

constexpr uint64_t kModulus = 65521;  // the largest prime number below 2^16

// Bytes are added up in lanes: lessons write and read megabytes of weights, and are waited for.
constexpr size_t kLanes = 16;
constexpr size_t kLongestStretch = 4096 * kLanes;  // bytes whose sums still fit into 32 bits
typedef uint8_t Bytes __attribute__((vector_size(kLanes)));
typedef uint32_t Sums __attribute__((vector_size(kLanes * sizeof(uint32_t))));

}  // namespace

void Adler32::add(std::span<const std::byte> bytes) {
  while (bytes.size() >= kLanes) {
    const size_t blocks = std::min(bytes.size(), kLongestStretch) / kLanes;
    Sums sum{}, sums{};
    for (size_t block = 0; block < blocks; ++block) {
      Bytes next;
      std::memcpy(&next, &bytes[block * kLanes], kLanes);
      sums += sum;
      sum += __builtin_convertvector(next, Sums);
    }
    // A byte counts once in sum_, and in sums_ once more than there are bytes behind it.
    uint64_t total = 0, totals = 0;
    for (size_t lane = 0; lane < kLanes; ++lane) {
      total += sum[lane];
      totals += kLanes * uint64_t{sums[lane]} + (kLanes - lane) * uint64_t{sum[lane]};
    }
    const size_t length = blocks * kLanes;
    sums_ = static_cast<uint32_t>((sums_ + length * uint64_t{sum_} + totals) % kModulus);
    sum_ = static_cast<uint32_t>((sum_ + total) % kModulus);
    bytes = bytes.subspan(length);
  }
  for (const std::byte byte : bytes) {
    sum_ = static_cast<uint32_t>((sum_ + std::to_integer<uint64_t>(byte)) % kModulus);
    sums_ = static_cast<uint32_t>((sums_ + uint64_t{sum_}) % kModulus);
  }
}

}  // namespace inkdigit
