#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace inkdigit {

/// The Adler-32 checksum (RFC 1950, section 8.2) of all bytes added. It finds damage, not forgery.
class Adler32 {
 public:
  void add(std::span<const std::byte> bytes);
  uint32_t value() const { return sums_ << 16 | sum_; }

 private:
  uint32_t sum_ = 1;
  uint32_t sums_ = 0;
};

}  // namespace inkdigit
