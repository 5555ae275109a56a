#include "image/enlarged.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>

#include "drawing.h"
#include "image/resize.h"
#include "photo.h"

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

Ink levels_of(const Picture& picture) {
  Ink levels(picture.width, picture.height);
  for (size_t i = 0; i < levels.values.size(); ++i) {
    levels.values[i] = picture.pixels[4 * i + 1] / 255.0f;
  }
  return levels;
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

/// Between pixels, what lies between their levels; the picture ends where they do.
Picture smoothly_enlarged(const Picture& small, size_t times) {
  Picture large(small.width * times, small.height * times, kWhite);
  Ink channel(small.width, small.height);
  for (size_t c = 0; c < 3; ++c) {
    for (size_t i = 0; i < channel.values.size(); ++i) channel.values[i] = small.pixels[4 * i + c];
    const Ink wide = resize(channel, large.width, large.height);
    for (size_t i = 0; i < wide.values.size(); ++i) {
      large.pixels[4 * i + c] = static_cast<uint8_t>(std::lround(wide.values[i]));
    }
  }
  return large;
}

TEST_CASE("A small digit is read as it is, too, when it was enlarged smoothly to the edges") {
  const int digit = GENERATE(0, 2, 4, 5);
  const auto& [ink, paper] =
      GENERATE(std::pair{kBlack, kWhite}, std::pair{kWhite, kBlack},
               std::pair<Rgba, Rgba>{{90, 90, 140, 255}, {230, 230, 210, 255}});
  const size_t times = GENERATE(8u, 17u);
  Picture small(18, 18, paper);  // no margin above or below
  draw(small, placed(digit_shape(digit), 0.5, 0.5, 17), 2, ink);
  INFO(digit << " in " << int(ink[0]) << ", " << times << " times");
  const std::optional<Frame> frame = frame_digit(smoothly_enlarged(small, times).view());
  REQUIRE(frame.has_value());
  CHECK(mean_difference(*frame, *frame_digit(small.view())) < 9);
}

TEST_CASE("What has detail, or a camera's noise, was not enlarged smoothly") {
  const auto undone = [](const Picture& picture) {
    return undo_smooth_enlargement(picture.view(), levels_of(picture)).has_value();
  };
  Picture coarse(10, 12, kWhite);
  draw(coarse, placed(digit_shape(7), 1, 2, 8), 1.5, kBlack);
  const Picture large = smoothly_enlarged(coarse, 16);
  CHECK(undone(large));
  CHECK_FALSE(undone(coarse));
  CHECK_FALSE(undone(photographed(large, [](double, double) { return 0.9; }, 3, 5)));

  Picture larger(70, 60, kWhite);  // as soft as a photograph that is a little out of focus
  draw(larger, placed(digit_shape(7), 15, 8, 44), 6, kBlack);
  CHECK_FALSE(undone(smoothly_enlarged(larger, 7)));

  Picture drawn(240, 200, kWhite);
  draw(drawn, placed(digit_shape(7), 60, 30, 140), 25, kBlack);
  CHECK_FALSE(undone(drawn));
}

}  // namespace
}  // namespace inkdigit
