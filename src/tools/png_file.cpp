#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STBI_WRITE_NO_STDIO
#include "tools/png_file.h"

#include <stb_image_write.h>

#include <new>
#include <vector>

#include "tools/files.h"

namespace inkdigit {

void write_grey_png(const std::filesystem::path& path, std::span<const uint8_t> pixels,
                    size_t width, size_t height) {
  std::vector<std::byte> bytes;
  const auto append = [](void* context, void* data, int size) {
    const auto* begin = static_cast<const std::byte*>(data);
    auto& target = *static_cast<std::vector<std::byte>*>(context);
    target.insert(target.end(), begin, begin + size);
  };
  if (!stbi_write_png_to_func(append, &bytes, static_cast<int>(width), static_cast<int>(height), 1,
                              pixels.data(), static_cast<int>(width))) {
    throw std::bad_alloc();  // its only failure
  }
  write_file(path, bytes);
}

}  // namespace inkdigit
