#include "train/idx_file.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <span>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace inkdigit {

namespace {

namespace fs = std::filesystem;

// An IDX file is: two zero bytes, the type of its values (8: unsigned bytes), the number of axes,
// each axis's length as a big-endian 32-bit number, and the values.
constexpr uint8_t kUnsignedBytes = 8;
constexpr size_t kMagicBytes = 4;
constexpr size_t kLengthBytes = 4;

[[noreturn]] void refuse(const fs::path& path, const std::string& reason) {
  throw std::invalid_argument(path.string() + ": " + reason);
}

std::string plural(uint64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

void check_magic(const fs::path& path, std::span<const uint8_t> magic, size_t axes) {
  const std::string expected =
      axes == 3 ? "IDX images (first bytes 00 00 08 03)" : "IDX labels (first bytes 00 00 08 01)";
  if (magic.size() < kMagicBytes)
    refuse(path, "expected " + expected + ", got " + plural(magic.size(), "byte") + " in all");
  if (magic[0] == 0x1f && magic[1] == 0x8b) {
    refuse(path, "the file is compressed; decompress it first (gunzip) and name the result");
  }
  if (magic[0] != 0 || magic[1] != 0 || magic[2] != kUnsignedBytes || magic[3] != axes) {
    const bool other_kind = magic[0] == 0 && magic[1] == 0 && magic[2] == kUnsignedBytes &&
                            (magic[3] == 1 || magic[3] == 3);
    refuse(path, "expected " + expected + ", got " +
                     (other_kind ? std::string("IDX ") + (magic[3] == 1 ? "labels" : "images") +
                                       "; images and labels may be swapped"
                                 : "a file of another kind"));
  }
}

/// What an IDX file holds: the length of each axis and the values, row-major.
struct Idx {
  std::vector<size_t> lengths;
  std::vector<uint8_t> values;
};

/// Reads an IDX file of bytes with this many axes. Nothing is allocated before the lengths it
/// claims are found to agree with the size it has.
Idx read_idx(const fs::path& path, size_t axes) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) {
    const fs::path compressed = path.string() + ".gz";
    refuse(path, fs::exists(compressed, error)
                     ? "there is no such file, but a compressed one beside it; decompress that "
                       "(gunzip " +
                           compressed.string() + ")"
                     : "there is no such file");
  }
  if (fs::is_directory(status)) refuse(path, "expected an IDX file, got a folder");
  const uint64_t file_bytes = fs::file_size(path, error);
  std::ifstream file(path, std::ios::binary);
  if (error || !file) refuse(path, "the file cannot be opened; check that you may read it");

  const auto read = [&](uint8_t* target, uint64_t count) {
    file.read(reinterpret_cast<char*>(target), static_cast<std::streamsize>(count));
    if (static_cast<uint64_t>(file.gcount()) != count) refuse(path, "the file cannot be read");
  };

  std::array<uint8_t, kMagicBytes> magic{};
  const size_t magic_bytes = std::min<uint64_t>(file_bytes, kMagicBytes);
  read(magic.data(), magic_bytes);
  check_magic(path, std::span(magic).first(magic_bytes), axes);

  const uint64_t header_bytes = kMagicBytes + axes * kLengthBytes;
  if (file_bytes < header_bytes) {
    refuse(path, "the file is truncated: expected a header of " + plural(header_bytes, "byte") +
                     ", got " + plural(file_bytes, "byte") + " in all");
  }
  Idx idx;
  std::string claimed;
  uint64_t count = 1;
  bool fits = true;  // the product of the lengths is no more than the file can hold
  for (size_t axis = 0; axis < axes; ++axis) {
    std::array<uint8_t, kLengthBytes> bytes{};
    read(bytes.data(), bytes.size());
    const uint64_t length = uint64_t{bytes[0]} << 24 | uint64_t{bytes[1]} << 16 |
                            uint64_t{bytes[2]} << 8 | uint64_t{bytes[3]};
    claimed += (axis > 0 ? "×" : "") + std::to_string(length);
    if (length == 0) refuse(path, "the file is empty: its header says 0 along one axis");
    fits = fits && length <= file_bytes / count;
    if (fits) count *= length;
    idx.lengths.push_back(length);
  }
  const uint64_t value_bytes = file_bytes - header_bytes;
  if (!fits || count > value_bytes) {
    refuse(path, "the file is truncated: its header promises " + claimed + " bytes, but only " +
                     std::to_string(value_bytes) + " follow; fetch it again");
  }
  if (count < value_bytes) {
    refuse(path, "the file is too long: its header promises " + claimed + " bytes, but " +
                     std::to_string(value_bytes) + " follow; fetch it again");
  }
  idx.values.resize(count);
  read(idx.values.data(), count);
  return idx;
}

}  // namespace

Dataset read_images(const fs::path& images) {
  Idx idx = read_idx(images, 3);
  return {.height = idx.lengths[1], .width = idx.lengths[2], .images = std::move(idx.values)};
}

Dataset read_dataset(const fs::path& images, const fs::path& labels) {
  Dataset dataset = read_images(images);
  dataset.labels = read_idx(labels, 1).values;
  if (dataset.labels.size() != dataset.size()) {
    refuse(labels, "expected " + plural(dataset.size(), "label") + ", one for each image in " +
                       images.string() + ", got " + std::to_string(dataset.labels.size()));
  }
  const auto wrong = std::find_if(dataset.labels.begin(), dataset.labels.end(),
                                  [](uint8_t label) { return label > 9; });
  if (wrong != dataset.labels.end()) {
    refuse(labels, "expected labels from 0 to 9, got " + std::to_string(*wrong) + " at index " +
                       std::to_string(wrong - dataset.labels.begin()));
  }
  return dataset;
}

}  // namespace inkdigit
