#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

namespace inkdigit {

/// Writes a grey picture, [height, width], 8 bits a pixel, as PNG. Errors as of write_file.
void write_grey_png(const std::filesystem::path& path, std::span<const uint8_t> pixels,
                    size_t width, size_t height);

}  // namespace inkdigit
