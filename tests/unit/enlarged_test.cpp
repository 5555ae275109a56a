#include "image/enlarged.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <cstddef>
#include <optional>

#include "drawing.h"

namespace inkdigit {
namespace {

using namespace testing;

/// A seven on a picture of 24×20 pixels, with soft edges.
Picture small_digit() {
  Picture picture(24, 20, kWhite);
  draw(picture, placed(digit_shape(7), 6, 3, 14), 2.5, kBlack);
  return picture;
}

/// Each pixel as a square of `times`, less `left` and `top` pixels that are cut off.
Picture enlarged(const Picture& small, size_t times, size_t left = 0, size_t top = 0) {
  Picture large(small.width * times - left, small.height * times - top, kWhite);
  for (size_t y = 0; y < large.height; ++y) {
    for (size_t x = 0; x < large.width; ++x) {
      const auto* from = &small.pixels[((y + top) / times * small.width + (x + left) / times) * 4];
      std::copy_n(from, 4, large.at(x, y));
    }
  }
  return large;
}

TEST_CASE("An enlarged picture is made small again, exactly") {
  const Picture small = small_digit();
  const size_t times = GENERATE(2u, 3u, 7u, 14u);
  const std::optional<RgbaPicture> undone = undo_enlargement(enlarged(small, times).view());
  REQUIRE(undone.has_value());
  CHECK(undone->width == small.width);
  CHECK(undone->height == small.height);
  CHECK(undone->pixels == small.pixels);
}

TEST_CASE("Squares may begin anywhere") {
  const Picture small = small_digit();
  const size_t left = GENERATE(range(0u, 5u)), top = GENERATE(range(0u, 5u));
  const std::optional<RgbaPicture> undone = undo_enlargement(enlarged(small, 5, left, top).view());
  REQUIRE(undone.has_value());
  CHECK(undone->pixels == small.pixels);
}

TEST_CASE("What is drawn pixel by pixel is left as it is") {
  CHECK_FALSE(undo_enlargement(small_digit().view()).has_value());
  CHECK_FALSE(undo_enlargement(Picture(40, 40, kWhite).view()).has_value());

  Picture bar(60, 60, kWhite);
  for (size_t y = 10; y < 50; ++y) {
    for (size_t x = 20; x < 30; ++x) bar.set(x, y, kBlack);
  }
  CHECK_FALSE(undo_enlargement(bar.view()).has_value());

  Picture touched = enlarged(small_digit(), 6);
  touched.set(31, 7, {10, 20, 30, 255});
  CHECK_FALSE(undo_enlargement(touched.view()).has_value());
}

TEST_CASE("An enlarged picture is framed as the small one is") {
  const Picture small = small_digit();
  CHECK(frame_digit(enlarged(small, 9, 4, 2).view()) == frame_digit(small.view()));
}

}  // namespace
}  // namespace inkdigit
