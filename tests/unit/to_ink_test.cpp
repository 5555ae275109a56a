#include "image/to_ink.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

#include "core/random.h"
#include "drawing.h"
#include "image/paper.h"

namespace inkdigit {
namespace {

using Catch::Matchers::WithinAbs;
using namespace testing;

constexpr float kMaxStrayInk = 0.05f;

float strongest(const Ink& ink) { return *std::max_element(ink.values.begin(), ink.values.end()); }

TEST_CASE("luminance follows Rec. 709", "[to_ink]") {
  const auto [colour, luminance] =
      GENERATE(std::pair{Rgba{255, 0, 0, 255}, 0.2126}, std::pair{Rgba{0, 255, 0, 255}, 0.7152},
               std::pair{Rgba{0, 0, 255, 255}, 0.0722},
               std::pair{Rgba{128, 128, 128, 255}, 128.0 / 255}, std::pair{kWhite, 1.0});
  CHECK_THAT(find_paper(Picture(9, 7, colour).view()).level(0.5f, 0.5f),
             WithinAbs(luminance, 1e-4));
}

TEST_CASE("the paper is what most of the border is", "[to_ink]") {
  Picture picture(100, 100, kWhite);
  for (size_t x = 0; x < 100; ++x) {  // ink runs out of the picture on one side
    for (size_t y = 0; y < 20; ++y) picture.set(x, y, kBlack);
  }
  const Paper paper = find_paper(picture.view());
  CHECK_FALSE(paper.transparent);
  CHECK(paper.level(0.5f, 0.5f) > 0.99f);
  CHECK(paper.noise == 0.0f);
}

TEST_CASE("a frame line one pixel thin is not taken for paper", "[to_ink]") {
  Picture picture(200, 200, kWhite);
  for (size_t i = 0; i < 200; ++i) {
    for (const size_t edge : {0u, 199u}) {
      picture.set(i, edge, kBlack);
      picture.set(edge, i, kBlack);
    }
  }
  CHECK(find_paper(picture.view()).level(0.5f, 0.5f) > 0.99f);
}

TEST_CASE("noise of the paper is measured", "[to_ink]") {
  Picture picture(120, 80, kWhite);
  Random random({1});
  for (size_t y = 0; y < 80; ++y) {
    for (size_t x = 0; x < 120; ++x) {
      const auto level = static_cast<uint8_t>(std::lround(128 + 10 * random.normal()));
      picture.set(x, y, {level, level, level, 255});
    }
  }
  const Paper paper = find_paper(picture.view());
  CHECK_THAT(paper.level(0.5f, 0.5f), WithinAbs(128.0 / 255, 0.01));
  CHECK_THAT(paper.noise, WithinAbs(10.0 / 255, 0.012));
}

TEST_CASE("paper that is lit from one side is followed, ink that touches a corner is not",
          "[to_ink]") {
  Picture shaded(100, 80, kWhite);
  for (size_t y = 0; y < 80; ++y) {
    for (size_t x = 0; x < 100; ++x) {
      const auto level = static_cast<uint8_t>(240 - x - (x + y) % 2);
      shaded.set(x, y, {level, level, level, 255});
    }
  }
  Paper paper = find_paper(shaded.view());
  CHECK_THAT(paper.level(0.0f, 0.3f), WithinAbs(240.0 / 255, 0.03));
  CHECK_THAT(paper.level(0.5f, 0.5f), WithinAbs(190.0 / 255, 0.02));
  CHECK_THAT(paper.level(1.0f, 0.7f), WithinAbs(140.0 / 255, 0.03));
  CHECK(paper.noise < 0.03f);
  shaded.set(50, 40, {60, 60, 60, 255});
  const Ink ink = to_ink(shaded.view());
  CHECK(ink.at(50, 40) == 1.0f);
  CHECK(ink.at(2, 40) < kMaxStrayInk);
  CHECK(ink.at(97, 40) < kMaxStrayInk);

  for (size_t x = 0; x < 45; ++x) {  // across the top left corner
    for (size_t y = 0; y < 35; ++y) shaded.set(x, y, kBlack);
  }
  paper = find_paper(shaded.view());
  CHECK(paper.level(0.0f, 0.0f) > 0.5f);
}

TEST_CASE("on transparent paper ink is what is opaque, whatever its colour", "[to_ink]") {
  const Rgba colour = GENERATE(kBlack, kWhite, Rgba{200, 30, 90, 255});
  Picture picture(10, 10, {255, 255, 255, 0});
  picture.set(4, 5, colour);
  picture.set(5, 5, {colour[0], colour[1], colour[2], 51});
  CHECK(find_paper(picture.view()).transparent);
  const Ink ink = to_ink(picture.view());
  CHECK(ink.at(4, 5) == 1.0f);
  CHECK_THAT(ink.at(5, 5), WithinAbs(0.2, 1e-3));
  CHECK(ink.at(6, 5) == 0.0f);
}

TEST_CASE("a transparent corner of opaque paper is paper", "[to_ink]") {
  Picture picture(40, 40, kWhite);
  for (size_t i = 0; i < 4; ++i) picture.set(i, 0, kTransparent);  // black, but not to be seen
  picture.set(20, 20, kBlack);
  const Ink ink = to_ink(picture.view());
  CHECK(ink.at(0, 0) == 0.0f);
  CHECK(ink.at(20, 20) == 1.0f);
}

TEST_CASE("ink may be darker or lighter than paper, and grey values keep their proportion",
          "[to_ink]") {
  Picture dark(10, 10, {200, 200, 200, 255});
  dark.set(4, 4, {100, 100, 100, 255});
  dark.set(5, 4, {150, 150, 150, 255});
  Picture light(10, 10, {100, 100, 100, 255});
  light.set(4, 4, {200, 200, 200, 255});
  light.set(5, 4, {150, 150, 150, 255});
  for (const Ink& ink : {to_ink(dark.view()), to_ink(light.view())}) {
    CHECK_THAT(ink.at(4, 4), WithinAbs(1.0, 1e-5));
    CHECK_THAT(ink.at(5, 4), WithinAbs(0.5, 1e-5));
    CHECK(ink.at(0, 0) == 0.0f);
  }
}

TEST_CASE("faint ink is stretched; what is fainter than compression leaves behind is not",
          "[to_ink]") {
  Picture picture(10, 10, kWhite);
  picture.set(4, 4, {235, 235, 235, 255});
  CHECK(strongest(to_ink(picture.view())) == 1.0f);
  picture.set(4, 4, {245, 245, 245, 255});
  CHECK(strongest(to_ink(picture.view())) == 0.0f);
}

TEST_CASE("a picture of one colour has no ink", "[to_ink]") {
  const Rgba colour =
      GENERATE(kBlack, kWhite, kTransparent, Rgba{90, 20, 250, 255}, Rgba{9, 9, 9, 60});
  const auto [width, height] =
      GENERATE(std::pair<size_t, size_t>{1, 1}, std::pair<size_t, size_t>{1, 300},
               std::pair<size_t, size_t>{300, 2}, std::pair<size_t, size_t>{1500, 1});
  const Picture picture(width, height, colour);
  CHECK(strongest(to_ink(picture.view())) == 0.0f);
}

TEST_CASE("large pictures are read at a working size, their proportions kept", "[to_ink]") {
  const Ink wide = to_ink(Picture(4000, 1000, kWhite).view());
  CHECK(wide.width == kWorkingSide);
  CHECK(wide.height == kWorkingSide / 4);
  const Ink flat = to_ink(Picture(1, 5000, kWhite).view());
  CHECK(flat.width == 1);
  CHECK(flat.height == kWorkingSide);
  const Ink small = to_ink(Picture(kWorkingSide, 30, kWhite).view());
  CHECK(small.height == 30);
}

TEST_CASE("pictures of millions of pixels a side are made small, too", "[to_ink]") {
  // Such a side times that of the working size is more than 32 bits, which WebAssembly counts in.
  constexpr size_t kSide = 1024, kWidth = size_t{1} << 22, kColumn = kWidth / kSide;
  Picture picture(kWidth, 2, kTransparent);
  for (size_t x = 300 * kColumn; x < 301 * kColumn; ++x) picture.set(x, 0, kBlack);
  const Ink ink = to_ink(picture.view(), kSide);
  REQUIRE(ink.width == kSide);
  CHECK(ink.height == 1);
  CHECK(ink.at(300, 0) == 1.0f);
  CHECK(ink.at(299, 0) == 0.0f);
  CHECK(ink.at(301, 0) == 0.0f);
}

}  // namespace
}  // namespace inkdigit
