#include "tools/image_file.h"

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STBI_WRITE_NO_STDIO
#include <stb_image_write.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

#include "drawing.h"
#include "temporary_folder.h"
#include "tools/exif.h"

namespace inkdigit {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using testing::TemporaryFolder;
using Bytes = std::vector<uint8_t>;

constexpr int kWidth = 40;
constexpr int kHeight = 24;

void append(void* context, void* data, int size) {
  const auto* bytes = static_cast<const uint8_t*>(data);
  static_cast<Bytes*>(context)->insert(static_cast<Bytes*>(context)->end(), bytes, bytes + size);
}

// A smooth gradient, so that JPEG keeps it: red to the right, green downwards, opacity to the
// right.
Bytes gradient(int channels) {
  Bytes pixels;
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      const uint8_t rgba[] = {uint8_t(6 * x), uint8_t(10 * y), 77, uint8_t(255 - x)};
      pixels.insert(pixels.end(), rgba, rgba + channels);
    }
  }
  return pixels;
}

Bytes png() {
  Bytes bytes;
  stbi_write_png_to_func(append, &bytes, kWidth, kHeight, 4, gradient(4).data(), 0);
  return bytes;
}

Bytes jpeg() {
  Bytes bytes;
  stbi_write_jpg_to_func(append, &bytes, kWidth, kHeight, 3, gradient(3).data(), 95);
  return bytes;
}

Bytes text(const std::string& string) { return Bytes(string.begin(), string.end()); }

Bytes joined(Bytes first, const Bytes& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

Bytes cut(Bytes bytes, size_t size) {
  bytes.resize(size);
  return bytes;
}

void check_refused(const std::string& name, const Bytes& bytes, const std::string& why) {
  INFO(name << " of " << bytes.size() << " bytes, expecting: " << why);
  const TemporaryFolder folder;
  const auto path = folder.write(name, bytes);
  CHECK_THROWS_MATCHES(read_image_file(path), std::invalid_argument,
                       MessageMatches(ContainsSubstring(name) && ContainsSubstring(why)));
}

TEST_CASE("a PNG file gives its pixels, opacity included", "[image_file]") {
  const TemporaryFolder folder;
  const ImageFile image = read_image_file(folder.write("a.png", png()));
  CHECK(image.width == kWidth);
  CHECK(image.height == kHeight);
  const RgbaView view = image.view();
  CHECK(view.width == kWidth);
  CHECK(view.height == kHeight);
  const Bytes expected = gradient(4);
  CHECK(std::equal(view.pixels.begin(), view.pixels.end(), expected.begin(), expected.end()));
}

TEST_CASE("a JPEG file gives its pixels, opaque", "[image_file]") {
  const TemporaryFolder folder;
  const ImageFile image = read_image_file(folder.write("a.jpg", jpeg()));
  const RgbaView view = image.view();
  const Bytes expected = gradient(3);
  REQUIRE(view.pixels.size() == kWidth * kHeight * 4);
  int most = 0;
  for (size_t i = 0; i < kWidth * kHeight; ++i) {
    for (size_t c = 0; c < 3; ++c) {
      most = std::max(most, std::abs(view.pixels[i * 4 + c] - expected[i * 3 + c]));
    }
    REQUIRE(view.pixels[i * 4 + 3] == 255);
  }
  CHECK(most <= 12);
}

/// The EXIF segment that a camera writes: one entry, little-endian ("II") or big-endian ("MM").
Bytes exif(uint8_t orientation, bool little_endian) {
  const Bytes tiff = little_endian
                         ? Bytes{'I', 'I', 42, 0, 8, 0,           0, 0, 1, 0, 0x12, 0x01, 3,
                                 0,   1,   0,  0, 0, orientation, 0, 0, 0, 0, 0,    0,    0}
                         : Bytes{'M', 'M', 0, 42, 0, 0, 0,           8, 0, 1, 0x01, 0x12, 0,
                                 3,   0,   0, 0,  1, 0, orientation, 0, 0, 0, 0,    0,    0};
  return joined({0xff, 0xe1, 0, static_cast<uint8_t>(8 + tiff.size()), 'E', 'x', 'i', 'f', 0, 0},
                tiff);
}

Bytes with_exif(Bytes file, const Bytes& segment) {
  file.insert(file.begin() + 2, segment.begin(), segment.end());
  return file;
}

TEST_CASE("a JPEG file is turned as its EXIF orientation says", "[image_file]") {
  // Where the stored top left corner belongs, and the corner to its right (EXIF 2.32, 4.6.4).
  struct Case {
    uint8_t orientation;
    bool top, left;    // of the stored first pixel
    bool on_its_side;  // stored rows are upright columns
  };
  const auto [orientation, top, left, on_its_side] =
      GENERATE(Case{1, true, true, false}, Case{2, true, false, false},
               Case{3, false, false, false}, Case{4, false, true, false}, Case{5, true, true, true},
               Case{6, true, false, true}, Case{7, false, false, true}, Case{8, false, true, true});
  const bool little_endian = GENERATE(true, false);
  INFO("orientation " << int(orientation) << (little_endian ? " II" : " MM"));
  const TemporaryFolder folder;
  const ImageFile stored = read_image_file(folder.write("a.jpg", jpeg()));
  const ImageFile turned =
      read_image_file(folder.write("b.jpg", with_exif(jpeg(), exif(orientation, little_endian))));
  REQUIRE(turned.width == size_t(on_its_side ? kHeight : kWidth));
  REQUIRE(turned.height == size_t(on_its_side ? kWidth : kHeight));
  size_t different = 0;
  for (size_t y = 0; y < kHeight; ++y) {
    for (size_t x = 0; x < kWidth; ++x) {
      size_t u = on_its_side ? y : x, v = on_its_side ? x : y;
      if (!left) u = turned.width - 1 - u;
      if (!top) v = turned.height - 1 - v;
      different += !std::equal(&stored.view().pixels[(y * kWidth + x) * 4],
                               &stored.view().pixels[(y * kWidth + x) * 4] + 4,
                               &turned.view().pixels[(v * turned.width + u) * 4]);
    }
  }
  CHECK(different == 0);
}

TEST_CASE("broken EXIF data leaves a picture as it is stored", "[image_file]") {
  const Bytes whole = joined({0xff, 0xd8}, exif(6, true));
  CHECK(exif_orientation(whole) == 6);
  CHECK(exif_orientation({}) == 1);
  const Bytes stray = joined({0xff, 0xd8, 0x00, 0xff}, exif(6, true));  // decoders skip it, too
  CHECK(exif_orientation(stray) == 6);
  for (size_t size = 0; size < whole.size(); ++size) {
    const std::vector<uint8_t> part = cut(whole, size);  // its own memory, for the sanitizer
    CHECK(exif_orientation(part) == 1);
  }
  for (size_t i = 2; i < whole.size(); ++i) {
    for (const uint8_t value : {0x00, 0x7f, 0x80, 0xff}) {
      Bytes damaged = whole;
      damaged[i] = value;
      const int orientation = exif_orientation(damaged);
      CHECK(orientation >= 1);
      CHECK(orientation <= 8);
    }
  }
  CHECK(exif_orientation(with_exif(jpeg(), exif(0, true))) == 1);
  CHECK(exif_orientation(with_exif(jpeg(), exif(9, false))) == 1);
}

TEST_CASE("a PGM file gives its greys", "[image_file]") {
  const TemporaryFolder folder;
  const ImageFile narrow = read_image_file(
      folder.write("a.pgm", joined(text("P5\n# a remark\n3 1\n255\n"), {0, 9, 255})));
  CHECK(narrow.width == 3);
  CHECK(narrow.height == 1);
  const RgbaView view = narrow.view();
  CHECK(Bytes(view.pixels.begin(), view.pixels.end()) ==
        Bytes{0, 0, 0, 255, 9, 9, 9, 255, 255, 255, 255, 255});
}

TEST_CASE("what is no picture is refused by name and reason", "[image_file]") {
  check_refused("a.png", {}, "empty");
  check_refused("a.png", text("<!doctype html>"), "another kind");
  check_refused("a.gif", text("GIF89a......"), "another kind");
  check_refused("a.pgm", text("P2\n1 1\n255\n7\n"), "P5");
  check_refused("a.pgm", text("P5\n3"), "its header ends early");
  check_refused("a.pgm", joined(text("P5 2 1 65535\n"), {0x80, 0, 0xff, 0xff}), "8 bits");
  check_refused("a.pgm", joined(text("P5 2 1 15\n"), {15, 0}), "8 bits");
  check_refused("a.pgm", text("P5\n0 7\n255\n"), "");
  const TemporaryFolder folder;
  CHECK_THROWS_MATCHES(read_image_file(folder.path() / "nowhere.png"), std::invalid_argument,
                       MessageMatches(ContainsSubstring("nowhere.png")));
  CHECK_THROWS_AS(read_image_file(folder.path()), std::invalid_argument);
}

TEST_CASE("a file cut off anywhere is refused", "[image_file]") {
  for (const size_t percent : {10, 40, 70, 95}) {
    check_refused("a.png", cut(png(), png().size() * percent / 100), "broken");
  }
  for (const size_t percent : {10, 40, 70, 95}) {
    check_refused("a.jpg", cut(jpeg(), jpeg().size() * percent / 100), "cut off");
  }
  check_refused("a.jpg", cut(jpeg(), jpeg().size() - 1), "cut off");
  check_refused("a.pgm", joined(text("P5 3 2 255\n"), {0, 9, 255, 1, 2}), "broken");
}

TEST_CASE("a digit saved as JPEG is framed as it was drawn, even when much compressed",
          "[image_file]") {
  const int quality = GENERATE(90, 50, 20);
  testing::Picture picture(280, 280, testing::kWhite);
  draw(picture, testing::placed(testing::digit_shape(3), 60, 40, 180), 14, testing::kBlack);
  Bytes bytes;
  stbi_write_jpg_to_func(append, &bytes, 280, 280, 4, picture.pixels.data(), quality);
  const TemporaryFolder folder;
  const ImageFile image = read_image_file(folder.write("a.jpg", bytes));
  const auto drawn = frame_digit(picture.view()), saved = frame_digit(image.view());
  REQUIRE(saved.has_value());
  CHECK(testing::mean_difference(*saved, *drawn) < 4);
}

TEST_CASE("bytes behind a complete JPEG do no harm", "[image_file]") {
  const TemporaryFolder folder;
  const ImageFile image =
      read_image_file(folder.write("a.jpg", joined(jpeg(), text("a telephone's own notes"))));
  CHECK(image.width == kWidth);
}

TEST_CASE("a picture that claims to be huge is refused before it takes memory", "[image_file]") {
  check_refused("a.pgm", text("P5 10001 10000 255\n"), "10001×10000");
  check_refused("a.pgm", text("P5 2000000000 2000000000 255\n"), "");
  Bytes bomb = png();
  const uint8_t size[] = {0, 0, 0x4e, 0x20, 0, 0, 0x17, 0x70};  // where the header has it
  std::copy_n(size, 8, bomb.begin() + 16);
  check_refused("a.png", bomb, "20000×6000");
}

TEST_CASE("a damaged picture is refused or read, never anything worse", "[image_file]") {
  const TemporaryFolder folder;
  size_t refused = 0;
  for (const Bytes& whole : {png(), jpeg()}) {
    for (size_t i = 8; i < whole.size(); i += 3) {
      Bytes damaged = whole;
      damaged[i] ^= 0x55;
      try {
        const ImageFile image = read_image_file(folder.write("damaged", damaged));
        CHECK(image.view().pixels.size() == image.width * image.height * 4);
      } catch (const std::invalid_argument&) {
        ++refused;
      }
    }
  }
  CHECK(refused > 0);
}

TEST_CASE("IDX images are told apart by their first bytes", "[image_file]") {
  const TemporaryFolder folder;
  CHECK(is_idx_images(folder.write("images", Bytes{0, 0, 8, 3, 0, 0, 0, 1})));
  CHECK_FALSE(is_idx_images(folder.write("labels", Bytes{0, 0, 8, 1, 0, 0, 0, 1})));
  CHECK_FALSE(is_idx_images(folder.write("short", Bytes{0, 0, 8})));
  CHECK_FALSE(is_idx_images(folder.write("a.png", png())));
  CHECK_FALSE(is_idx_images(folder.path() / "nowhere"));
  CHECK_FALSE(is_idx_images(folder.path()));
}

}  // namespace
}  // namespace inkdigit
