#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace inkdigit {

inline constexpr uint8_t kStartOfScan = 0xda, kEndOfImage = 0xd9;

/// A marker and what belongs to it (ITU-T T.81, annex B).
struct JpegSegment {
  uint8_t marker;
  std::span<const uint8_t> content{};  // borrowed; none of kEndOfImage
};

/// Walks over a JPEG file, which is borrowed and not trusted, from segment to segment; over coded
/// data, too.
class JpegSegments {
 public:
  explicit JpegSegments(std::span<const uint8_t> jpeg) : jpeg_(jpeg) {}

  /// Nothing where the file ends, or goes on in a way that is broken.
  std::optional<JpegSegment> next() {
    while (at_ + 1 < jpeg_.size() && (jpeg_[at_] != 0xff || means_nothing(jpeg_[at_ + 1]))) ++at_;
    if (at_ + 1 >= jpeg_.size()) return std::nullopt;
    const uint8_t marker = jpeg_[at_ + 1];
    at_ += 2;
    if (marker == kEndOfImage) return JpegSegment{marker};
    if (at_ + 2 > jpeg_.size()) return std::nullopt;
    const size_t length = size_t{jpeg_[at_]} << 8 | jpeg_[at_ + 1];  // its own two bytes included
    if (length < 2 || length > jpeg_.size() - at_) return std::nullopt;
    const JpegSegment segment{marker, jpeg_.subspan(at_ + 2, length - 2)};
    at_ += length;
    return segment;
  }

 private:
  /// What may stand behind FF without beginning a segment: FF again, as padding; 0 in coded data,
  /// for a byte FF; and the markers TEM and RSTn, which stand alone.
  static bool means_nothing(uint8_t byte) {
    return byte == 0xff || byte <= 0x01 || (byte >= 0xd0 && byte <= 0xd7);
  }

  std::span<const uint8_t> jpeg_;
  size_t at_ = 2;  // behind the start-of-image marker
};

}  // namespace inkdigit
