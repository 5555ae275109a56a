// Photographs of paper, framed as if the digit had been drawn on clean white.
#include "photo.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <optional>
#include <ranges>

#include "image/framing.h"
#include "image/ruled_lines.h"

namespace inkdigit {
namespace {

using namespace testing;

constexpr int kShapes[] = {0, 1, 4, 5};
constexpr size_t kWidth = 400, kHeight = 320;

Picture written(int digit, const Rgba& ink, const Rgba& paper, double pen = 12) {
  Picture picture(kWidth, kHeight, paper);
  draw(picture, placed(digit_shape(digit), 120, 70, 180), pen, ink);
  return picture;
}

Frame drawn(int digit) { return *frame_digit(written(digit, kBlack, kWhite).view()); }

void check_framed(const Picture& photo, int digit, double most) {
  const std::optional<Frame> frame = frame_digit(photo.view());
  REQUIRE(frame.has_value());
  CHECK(mean_difference(*frame, drawn(digit)) < most);
}

TEST_CASE("a digit in a photograph is framed as on clean paper, whatever the light", "[photo]") {
  const int digit = GENERATE(from_range(kShapes));
  const auto& [name, light] = GENERATE(
      std::pair<const char*, Light>{"vignette", vignette},
      std::pair<const char*, Light>{"hard shadow", shadow(0.5, 0.0)},
      std::pair<const char*, Light>{"soft shadow", shadow(0.5, 0.3)},
      std::pair<const char*, Light>{"half-hard shadow", shadow(0.35, 0.03)},
      std::pair<const char*, Light>{"lamp", [](double x, double y) {
                                      return 1.0 - 0.6 * std::hypot(x - 0.1, y - 0.2) / 1.2;
                                    }});
  const double noise = GENERATE(2.0, 7.0);
  const auto& [ink, paper] =
      GENERATE(std::pair<Rgba, Rgba>{{30, 40, 90, 255}, {235, 232, 225, 255}},
               std::pair<Rgba, Rgba>{{60, 60, 70, 255}, {240, 210, 120, 255}},
               std::pair<Rgba, Rgba>{{235, 235, 230, 255}, {60, 80, 70, 255}});
  INFO(digit << ", " << name << ", noise " << noise << ", ink " << int(ink[0]));
  check_framed(photographed(written(digit, ink, paper), light, noise, 9), digit, 9);
}

TEST_CASE("a faint pencil in a shadow is still read", "[photo]") {
  const int digit = GENERATE(from_range(kShapes));
  const Picture paper = written(digit, {150, 150, 150, 255}, {225, 225, 220, 255}, 6);
  check_framed(photographed(paper, shadow(0.4, 0.1), 4.0, 9), digit, 9);
}

TEST_CASE("the table around the paper is no ink", "[photo]") {
  const int digit = GENERATE(from_range(kShapes));
  const bool all_around = GENERATE(true, false);
  const double noise = GENERATE(0.0, 4.0);
  Picture picture = written(digit, {40, 40, 50, 255}, {230, 228, 220, 255});
  for (size_t y = 0; y < kHeight; ++y) {
    for (size_t x = 0; x < kWidth; ++x) {
      const size_t edge = 30 + y / 16;  // lies askew
      const bool table =
          x < edge || (all_around && (y < 25 || x + 20 > kWidth || y + 35 > kHeight));
      if (table) picture.set(x, y, {70, 50, 30, 255});
    }
  }
  INFO(digit << (all_around ? ", all around" : ", on one side") << ", noise " << noise);
  check_framed(photographed(picture, vignette, noise, 9), digit, 9);
}

TEST_CASE("unevenly lit paper with nothing on it is blank", "[photo]") {
  const auto& light = GENERATE(Light(vignette), shadow(0.5, 0.0), shadow(0.5, 0.3));
  const Picture paper(kWidth, kHeight, {230, 228, 220, 255});
  CHECK_FALSE(frame_digit(photographed(paper, light, 4.0, 9).view()).has_value());
}

/// The digit, `height` pixels high and then cut out with so much paper around it.
Picture cut_out(int digit, double height, double pen, double margin, const Rgba& ink,
                const Rgba& paper) {
  const std::vector<Stroke> strokes = placed(digit_shape(digit), 0, 0, height);
  Point2 first{height, height}, last{0, 0};
  for (const Point2& point : strokes | std::views::join) {
    first = {std::min(first.x, point.x), std::min(first.y, point.y)};
    last = {std::max(last.x, point.x), std::max(last.y, point.y)};
  }
  const double space = margin + pen / 2;
  Picture picture(static_cast<size_t>(std::ceil(last.x - first.x + 2 * space)),
                  static_cast<size_t>(std::ceil(last.y - first.y + 2 * space)), paper);
  draw(picture, placed(strokes, space - first.x, space - first.y, 1), pen, ink);
  return picture;
}

TEST_CASE("a digit that is cut out to its very ends is framed as in the middle of its paper",
          "[photo]") {
  const int digit = GENERATE(0, 2, 4, 5);
  const double pen = GENERATE(16.0, 45.0);
  const double noise = GENERATE(0.0, 4.0);
  const auto& [ink, paper] =
      GENERATE(std::pair<Rgba, Rgba>{{30, 40, 60, 255}, {235, 232, 225, 255}},
               std::pair<Rgba, Rgba>{{235, 235, 230, 255}, {20, 20, 20, 255}});
  INFO(digit << ", pen " << pen << ", noise " << noise << ", ink " << int(ink[0]));
  const auto frame = [&](double margin) {
    const Picture picture = cut_out(digit, 180, pen, margin, ink, paper);
    return frame_digit(photographed(picture, [](double, double) { return 1.0; }, noise, 9).view());
  };
  const std::optional<Frame> tight = frame(0);
  REQUIRE(tight.has_value());
  CHECK(mean_difference(*tight, *frame(90)) < 6);
}

TEST_CASE("so is one in a small scan", "[photo]") {
  const int digit = GENERATE(0, 2, 3, 4, 5);
  const double height = GENERATE(12.0, 18.0);
  const auto& [ink, paper] =
      GENERATE(std::pair<Rgba, Rgba>{{30, 40, 60, 255}, {235, 232, 225, 255}},
               std::pair<Rgba, Rgba>{kWhite, kBlack});
  INFO(digit << ", " << height << " high, ink " << int(ink[0]));
  const auto frame = [&](double margin) {
    return frame_digit(cut_out(digit, height, height / 7, margin, ink, paper).view());
  };
  const std::optional<Frame> tight = frame(0);
  REQUIRE(tight.has_value());
  CHECK(mean_difference(*tight, *frame(4)) < 12);
}

TEST_CASE("a shadow as narrow as a broad stroke is no ink", "[photo]") {
  const double depth = GENERATE(0.3, 0.5, 0.6);
  const Light light = [depth](double x, double) { return x > 0.4 && x < 0.7 ? 1.0 - depth : 1.0; };
  const Picture paper(kWidth, kHeight, {230, 228, 220, 255});
  CHECK_FALSE(frame_digit(photographed(paper, light, 4.0, 9).view()).has_value());
}

/// Lines every 40 pixels, level or upright, that rise by `tilt` pixels across the picture.
void rule(Picture& picture, bool upright, double tilt, double pen, const Rgba& colour,
          double spacing = 40) {
  std::vector<Stroke> lines;
  for (double at = 24; at < (upright ? kWidth : kHeight); at += spacing) {
    lines.push_back(upright ? Stroke{{at, -9}, {at + tilt, kHeight + 9}}
                            : Stroke{{-9, at}, {kWidth + 9, at + tilt}});
  }
  draw(picture, lines, pen, colour);
}

TEST_CASE("ruled and squared paper is taken away from under a digit", "[photo]") {
  const int digit = GENERATE(2, 4);
  const bool squared = GENERATE(false, true);
  const double tilt = GENERATE(0.0, -14.0);
  const double pen = GENERATE(1.0, 2.5);
  const double noise = GENERATE(0.0, 4.0);
  const Rgba colour = GENERATE(Rgba{120, 150, 210, 255}, Rgba{40, 40, 40, 255});
  INFO(digit << (squared ? ", squared" : ", ruled") << ", tilt " << tilt << ", pen " << pen
             << ", noise " << noise << ", colour " << int(colour[0]));
  Picture paper(kWidth, kHeight, {240, 240, 236, 255});
  rule(paper, false, tilt, pen, colour);
  if (squared) rule(paper, true, -tilt, pen, colour);
  draw(paper, placed(digit_shape(digit), 120, 70, 180), 12, {30, 30, 60, 255});
  check_framed(photographed(paper, noise > 0 ? Light(vignette) : shadow(0, 1), noise, 9), digit,
               16);
}

TEST_CASE("paper of many squares is taken away, too", "[photo]") {
  const int digit = GENERATE(2, 4, 7);
  const double spacing = GENERATE(12.0, 16.0, 20.0);
  INFO(digit << ", every " << spacing << " pixels");
  Picture paper(kWidth, kHeight, {240, 240, 236, 255});
  rule(paper, false, 3, 1, {150, 170, 220, 255}, spacing);
  rule(paper, true, -3, 1, {150, 170, 220, 255}, spacing);
  draw(paper, placed(digit_shape(digit), 120, 70, 180), 12, {30, 30, 60, 255});
  check_framed(photographed(paper, vignette, 2, 9), digit, 16);
}

TEST_CASE("a dotted tint is read, wherever its dots stand", "[photo]") {
  const size_t first = GENERATE(0u, 1u, 2u, 3u);
  CAPTURE(first);
  Picture picture(100, 100, kWhite);
  for (size_t y = 7; y < 100; y += 4) {
    for (size_t x = first; x < 100; x += 4) picture.set(x, y, kBlack);
  }
  CHECK_NOTHROW(frame_digit(picture.view()));
}

TEST_CASE("a single margin line goes, a stroke that fills its picture stays", "[photo]") {
  Picture picture = written(2, kBlack, kWhite);
  draw(picture, {{{50, -9}, {52, kHeight + 9}}}, 2, {200, 60, 60, 255});
  check_framed(picture, 2, 3);

  Picture tight(60, 100, kWhite);  // a seven, cut out to its very ends
  draw(tight, {{{0, 1}, {60, 1}, {20, 100}}}, 2, kBlack);
  Picture roomy(260, 300, kWhite);
  draw(roomy, {{{100, 101}, {160, 101}, {120, 200}}}, 2, kBlack);
  CHECK(mean_difference(*frame_digit(tight.view()), *frame_digit(roomy.view())) < 8);
  Picture one(20, 100, kWhite);
  draw(one, {{{10, -9}, {10, 109}}}, 2, kBlack);
  CHECK(frame_digit(one.view()).has_value());
}

}  // namespace
}  // namespace inkdigit
