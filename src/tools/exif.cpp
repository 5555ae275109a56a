#include "tools/exif.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include "tools/jpeg_segments.h"

namespace inkdigit {

namespace {

constexpr uint16_t kOrientationTag = 0x0112;
constexpr uint16_t kShortType = 3;
constexpr size_t kEntrySize = 12;  // bytes of an entry of an image file directory

/// Bytes of a TIFF structure, in the order that its header tells. What lies outside reads as 0.
class Tiff {
 public:
  explicit Tiff(std::span<const uint8_t> bytes)
      : bytes_(bytes), little_endian_(at(0) == 'I' && at(1) == 'I') {}

  bool is_valid() const {
    return (little_endian_ || (at(0) == 'M' && at(1) == 'M')) && read16(2) == 42;
  }

  uint16_t read16(size_t offset) const {
    const unsigned first = at(offset), second = at(offset + 1);
    return static_cast<uint16_t>(little_endian_ ? second << 8 | first : first << 8 | second);
  }

  uint32_t read32(size_t offset) const {
    const uint32_t first = read16(offset), second = read16(offset + 2);
    return little_endian_ ? second << 16 | first : first << 16 | second;
  }

 private:
  unsigned at(size_t offset) const { return offset < bytes_.size() ? bytes_[offset] : 0; }

  std::span<const uint8_t> bytes_;
  bool little_endian_;
};

int orientation_in(const Tiff& tiff) {
  if (!tiff.is_valid()) return 1;
  const size_t directory = tiff.read32(4);
  const size_t count = tiff.read16(directory);
  for (size_t i = 0; i < count; ++i) {
    const size_t entry = directory + 2 + i * kEntrySize;
    if (tiff.read16(entry) != kOrientationTag || tiff.read16(entry + 2) != kShortType) continue;
    const int orientation = tiff.read16(entry + 8);
    return orientation >= 1 && orientation <= 8 ? orientation : 1;
  }
  return 1;
}

}  // namespace

int exif_orientation(std::span<const uint8_t> jpeg) {
  constexpr uint8_t kExifSegment = 0xe1;
  constexpr std::array<uint8_t, 6> kExif{'E', 'x', 'i', 'f', 0, 0};
  JpegSegments segments(jpeg);
  while (const std::optional<JpegSegment> segment = segments.next()) {
    if (segment->marker == kStartOfScan || segment->marker == kEndOfImage) break;
    const std::span<const uint8_t> content = segment->content;
    if (segment->marker == kExifSegment && content.size() > kExif.size() &&
        std::equal(kExif.begin(), kExif.end(), content.begin())) {
      return orientation_in(Tiff(content.subspan(kExif.size())));
    }
  }
  return 1;
}

}  // namespace inkdigit
