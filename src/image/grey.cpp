#include "image/grey.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "image/resize.h"

namespace inkdigit {

namespace {

// Ink must differ from the paper by this share of the way from black to white: more than
// compression artefacts, less than yellow on white (0.07), the weakest of pure colours.
constexpr float kMinContrast = 0.06f;

// Paper whose luminance strays less than this many standard deviations is still paper.
constexpr float kNoiseDeviations = 4.0f;

// The median of absolute deviations from the median, times this, estimates the standard deviation
// of a normal distribution.
constexpr float kDeviationPerMedian = 1.4826f;

// The border that shows the paper is this share of the picture's shorter side wide, so that a thin
// frame line around a drawing is not taken for paper.
constexpr size_t kBorderShare = 50;

/// Of one pixel, 0 = black … 1 = white. Weights of Rec. ITU-R BT.709, applied to the encoded
/// values: browsers blend a line's edge in them, so they are what is proportional to ink.
float luminance(const uint8_t* rgba) {
  return (0.2126f * rgba[0] + 0.7152f * rgba[1] + 0.0722f * rgba[2]) / 255.0f;
}

float opacity(const uint8_t* rgba) { return static_cast<float>(rgba[3]) / 255.0f; }

float median(std::vector<float>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Calls `body(pixel)` for the four bytes of each pixel of the border.
template <typename Body>
void for_border(const RgbaView& picture, Body&& body) {
  const size_t side = std::min(picture.width, picture.height);
  const size_t border = std::max<size_t>(1, side / kBorderShare);
  for (size_t y = 0; y < picture.height; ++y) {
    const bool whole_row = y < border || y + border >= picture.height;
    for (size_t x = 0; x < picture.width; ++x) {
      if (!whole_row && x == border) x = std::max(x, picture.width - border);
      body(&picture.pixels[(y * picture.width + x) * 4]);
    }
  }
}

}  // namespace

Paper find_paper(const RgbaView& picture) {
  std::vector<float> opacities, luminances;  // of all the border, of what can be seen of it
  for_border(picture, [&](const uint8_t* pixel) {
    opacities.push_back(opacity(pixel));
    if (opacities.back() >= 0.5f) luminances.push_back(luminance(pixel));
  });
  const bool transparent = luminances.size() * 2 < opacities.size();
  std::vector<float>& levels = transparent ? opacities : luminances;
  const float level = median(levels);
  for (float& value : levels) value = std::abs(value - level);
  return {transparent, level, kDeviationPerMedian * median(levels)};
}

Ink to_ink(const RgbaView& picture) {
  RgbaView source = picture;
  std::vector<uint8_t> shrunk;
  if (const size_t side = std::max(picture.width, picture.height); side > kWorkingSide) {
    const auto scaled = [side](size_t length) {
      return std::max<size_t>(1, (length * kWorkingSide + side / 2) / side);
    };
    source.width = scaled(picture.width);
    source.height = scaled(picture.height);
    shrunk = shrink(picture, source.width, source.height);
    source.pixels = shrunk;
  }

  const Paper paper = find_paper(source);
  const float floor = kNoiseDeviations * paper.noise;
  Ink ink(source.width, source.height);
  double darker = 0.0, lighter = 0.0;
  for (size_t i = 0; i < ink.values.size(); ++i) {
    const uint8_t* pixel = &source.pixels[i * 4];
    // What shows through a pixel is paper.
    const float difference = paper.transparent ? opacity(pixel) - paper.level
                                               : opacity(pixel) * (luminance(pixel) - paper.level);
    ink.values[i] = difference;
    (difference < 0.0f ? darker : lighter) += std::max(0.0f, std::abs(difference) - floor);
  }

  const float direction = darker > lighter ? -1.0f : 1.0f;
  float strongest = 0.0f;
  for (float& value : ink.values) {
    value = std::max(0.0f, direction * value - floor);
    strongest = std::max(strongest, value);
  }
  const float gain = strongest < kMinContrast ? 0.0f : 1.0f / strongest;
  for (float& value : ink.values) value *= gain;
  return ink;
}

}  // namespace inkdigit
