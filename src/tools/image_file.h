#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>

#include "image/picture.h"

namespace inkdigit {

/// std::invalid_argument, naming the file, if a picture in it has more pixels than are read:
/// 10,000×10,000, which take 400 MB.
void check_pixel_count(const std::filesystem::path& path, uint64_t width, uint64_t height);

/// A picture in the memory that stb_image allocated for it: a large one is not copied.
struct ImageFile {
  struct Free {
    void operator()(uint8_t* pixels) const;
  };
  std::unique_ptr<uint8_t[], Free> pixels;  // [height, width, 4]
  size_t width;                             // pixels
  size_t height;                            // pixels

  /// Borrowed; lives as long as this does.
  RgbaView view() const { return {{pixels.get(), width * height * 4}, width, height}; }
};

/// Reads a PNG, JPEG or binary PGM (or PPM, of 8 bits) file. The file is not trusted: its
/// size, and whether a JPEG is complete and plain enough, are checked before anything large is
/// allocated. std::invalid_argument names the file and what is wrong with it. A JPEG's EXIF
/// orientation is applied.
ImageFile read_image_file(const std::filesystem::path& path);

/// Whether the file begins as IDX images do (00 00 08 03); false if it cannot be read.
bool is_idx_images(const std::filesystem::path& path);

}  // namespace inkdigit
