#include <cstddef>
#include <cstdlib>

namespace {

constexpr size_t kHeaderBytes = 1 << 20;  // more than stb_image needs besides pixels

/// What stb_image may ask for at once. It unpacks all that a PNG file has, whatever size its header
/// tells: a small file could fill the memory.
thread_local size_t most_bytes_at_once = kHeaderBytes;

void* allocate(size_t bytes) { return bytes > most_bytes_at_once ? nullptr : std::malloc(bytes); }

void* reallocate(void* block, size_t bytes) {
  return bytes > most_bytes_at_once ? nullptr : std::realloc(block, bytes);
}

}  // namespace

#define STBI_MALLOC(bytes) allocate(bytes)
#define STBI_REALLOC(block, bytes) reallocate(block, bytes)
#define STBI_FREE(block) std::free(block)
#define STB_IMAGE_IMPLEMENTATION
#define STBI_ONLY_JPEG
#define STBI_ONLY_PNG
#define STBI_ONLY_PNM
#define STBI_NO_STDIO
#include <stb_image.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "tools/exif.h"
#include "tools/files.h"
#include "tools/image_file.h"
#include "tools/jpeg_segments.h"

namespace inkdigit {

namespace {

namespace fs = std::filesystem;

constexpr uint64_t kMaxFileBytes = 512
                                   << 20;  // more than 100 million pixels take even as plain PPM

[[noreturn]] void refuse(const fs::path& path, const std::string& reason) {
  throw std::invalid_argument(path.string() + ": " + reason);
}

bool starts_with(std::span<const uint8_t> bytes, std::string_view start) {
  return bytes.size() >= start.size() &&
         std::equal(start.begin(), start.end(), bytes.begin(),
                    [](char a, uint8_t b) { return uint8_t(a) == b; });
}

/// What is wrong with a JPEG file that stb_image would read: nullptr if nothing is.
const char* jpeg_fault(std::span<const uint8_t> jpeg) {
  // Each walks the whole picture, however little it holds. Progressive pictures have about ten.
  constexpr int kMostScans = 100;
  int scans = 0;
  JpegSegments segments(jpeg);
  while (const std::optional<JpegSegment> segment = segments.next()) {
    if (segment->marker == kStartOfScan && ++scans > kMostScans) {
      return "the JPEG picture has too many scans; save it anew";
    }
    if (segment->marker == kEndOfImage) return nullptr;
  }
  // What is missing of a truncated file would be filled with grey, and called a success.
  return "the JPEG picture is cut off or broken";
}

/// The value that means white in a binary PGM or PPM file, 0 if its header is broken. stb_image
/// takes samples as they are, whatever this says.
int pnm_white(std::span<const uint8_t> pnm) {
  size_t at = 2;  // behind "P5"
  int number = 0;
  for (int field = 0; field < 3; ++field) {  // width, height, white
    while (at < pnm.size() && (std::isspace(pnm[at]) || pnm[at] == '#')) {
      if (pnm[at] == '#') {
        while (at < pnm.size() && pnm[at] != '\n' && pnm[at] != '\r') ++at;
      } else {
        ++at;
      }
    }
    number = 0;
    for (; at < pnm.size() && std::isdigit(pnm[at]) && number < 100'000'000; ++at) {
      number = 10 * number + (pnm[at] - '0');
    }
  }
  return number;
}

/// The picture of this EXIF orientation upright: width and height change places where it was on its
/// side.
ImageFile make_upright(ImageFile stored, int orientation) {
  if (orientation == 1) return stored;
  const bool mirrored_across = orientation == 2 || orientation == 3 || orientation == 7 ||
                               orientation == 8;  // in the stored picture, right is left
  const bool mirrored_down = orientation == 3 || orientation == 4 || orientation == 6 ||
                             orientation == 7;  // and below is above
  const bool on_its_side = orientation >= 5;
  const size_t bytes = stored.view().pixels.size();
  ImageFile upright{decltype(stored.pixels)(static_cast<uint8_t*>(STBI_MALLOC(bytes))),
                    stored.width, stored.height};
  if (upright.pixels == nullptr) throw std::bad_alloc();
  if (on_its_side) std::swap(upright.width, upright.height);
  uint8_t* to = upright.pixels.get();
  for (size_t y = 0; y < upright.height; ++y) {
    for (size_t x = 0; x < upright.width; ++x) {
      size_t u = on_its_side ? y : x, v = on_its_side ? x : y;
      if (mirrored_across) u = stored.width - 1 - u;
      if (mirrored_down) v = stored.height - 1 - v;
      to = std::copy_n(&stored.pixels[(v * stored.width + u) * 4], 4, to);
    }
  }
  return upright;
}

}  // namespace

void check_pixel_count(const fs::path& path, uint64_t width, uint64_t height) {
  constexpr uint64_t kMost = 100'000'000;
  if (width * height <= kMost) return;
  refuse(path, "expected at most " + std::to_string(kMost) + " pixels, got " +
                   std::to_string(width) + "×" + std::to_string(height) +
                   "; make the picture smaller first");
}

void ImageFile::Free::operator()(uint8_t* pixels) const { stbi_image_free(pixels); }

ImageFile read_image_file(const fs::path& path) {
  std::error_code error;
  if (const auto size = fs::file_size(path, error); !error && size > kMaxFileBytes) {
    refuse(path, "expected at most 512 MiB, got " + std::to_string(size >> 20) + " MiB");
  }
  const std::vector<std::byte> file = read_file(path);
  const std::span bytes(reinterpret_cast<const uint8_t*>(file.data()), file.size());
  if (bytes.empty()) refuse(path, "the file is empty");
  if (starts_with(bytes, "P2")) {
    refuse(path, "this PGM file is written as text (P2); convert it to a binary one (P5)");
  }
  const bool jpeg = starts_with(bytes, "\xff\xd8");
  const bool known = jpeg || starts_with(bytes, "\x89PNG\r\n\x1a\n") || starts_with(bytes, "P5") ||
                     starts_with(bytes, "P6");
  if (!known) refuse(path, "expected a PNG, JPEG or PGM picture, got a file of another kind");
  if (const char* fault = jpeg ? jpeg_fault(bytes) : nullptr) refuse(path, fault);
  const int white = bytes[0] == 'P' ? pnm_white(bytes) : 255;
  if (white == 0) refuse(path, "the picture is broken (its header ends early)");
  if (white != 255) {
    refuse(path, "expected a PGM picture with the values 0 to 255; convert it to 8 bits");
  }

  const auto length = static_cast<int>(bytes.size());
  int width = 0, height = 0, channels = 0;
  const auto broken = [&path]() {
    refuse(path, std::string("the picture is broken (") + stbi_failure_reason() + ")");
  };
  most_bytes_at_once = kHeaderBytes;
  if (!stbi_info_from_memory(bytes.data(), length, &width, &height, &channels)) broken();
  if (width < 1 || height < 1) refuse(path, "the picture has no pixels");
  check_pixel_count(path, static_cast<uint64_t>(width), static_cast<uint64_t>(height));
  // Four channels of 16 bits, twice, as buffers grow by doubling.
  most_bytes_at_once = kHeaderBytes + 16 * static_cast<size_t>(width) * static_cast<size_t>(height);
  uint8_t* pixels = stbi_load_from_memory(bytes.data(), length, &width, &height, &channels, 4);
  if (pixels == nullptr) broken();
  ImageFile stored{decltype(ImageFile::pixels)(pixels), static_cast<size_t>(width),
                   static_cast<size_t>(height)};
  return make_upright(std::move(stored), jpeg ? exif_orientation(bytes) : 1);
}

bool is_idx_images(const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return false;  // opening a pipe would wait for a writer
  std::array<char, 4> magic{};
  std::ifstream file(path, std::ios::binary);
  return file.read(magic.data(), magic.size()) && magic == std::array<char, 4>{0, 0, 8, 3};
}

}  // namespace inkdigit
