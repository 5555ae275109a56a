#include "image/to_ink.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "image/broad_area.h"
#include "image/enlarged.h"
#include "image/even_paper.h"
#include "image/levels.h"
#include "image/paper.h"
#include "image/pixel.h"
#include "image/resize.h"
#include "image/shaded_paper.h"
#include "image/statistics.h"

namespace inkdigit {

namespace {

// The border strays from its level more than this times what pixels stray from their neighbours,
// and by more than one step: it is shaded, not noisy.
constexpr float kMaxUnevenness = 1.5f;

// A border that strays more than this share of the way from the picture's darkest to its lightest
// shows ink.
constexpr float kMaxSpread = 0.15f;

// Pictures with fewer pixels a side are scans of one digit, not photographs: their strokes are as
// broad as their shadows.
constexpr size_t kMinPhotoSide = 96;

Ink ink_on_even_paper(const RgbaView& source, const Paper& paper) {
  const float floor = kNoiseDeviations * paper.noise;
  Ink ink(source.width, source.height);
  double darker = 0.0, lighter = 0.0;
  for (size_t y = 0; y < ink.height; ++y) {
    for (size_t x = 0; x < ink.width; ++x) {
      const uint8_t* pixel = &source.pixels[(y * ink.width + x) * 4];
      const float level = paper.level(position(x, ink.width), position(y, ink.height));
      // What shows through a pixel is paper.
      const float difference =
          paper.transparent ? opacity(pixel) - level : opacity(pixel) * (luminance(pixel) - level);
      ink.at(x, y) = difference;
      // Cubes, because a few strokes must outweigh much paper that is not quite as it was guessed.
      const float excess = std::max(0.0f, std::abs(difference) - floor);
      (difference < 0.0f ? darker : lighter) += excess * excess * excess;
    }
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

Paper to_paper(const EvenPaper& even) {
  return {false, {even.level, even.level, even.level, even.level}, even.noise, 0.0f};
}

/// Luminance of each pixel over the paper.
Plane levels_of(const RgbaView& source, const Paper& paper) {
  Plane levels(source.width, source.height);
  for (size_t y = 0; y < levels.height; ++y) {
    for (size_t x = 0; x < levels.width; ++x) {
      const uint8_t* pixel = &source.pixels[(y * levels.width + x) * 4];
      const float level = paper.level(position(x, levels.width), position(y, levels.height));
      levels.at(x, y) = level + opacity(pixel) * (luminance(pixel) - level);
    }
  }
  return levels;
}

}  // namespace

Ink to_ink(const RgbaView& picture, size_t working_side) {
  const std::optional<RgbaPicture> small = undo_enlargement(picture);
  RgbaView source = small ? small->view() : picture;
  std::vector<uint8_t> shrunk;
  if (const size_t side = std::max(source.width, source.height); side > working_side) {
    const size_t width = scaled_length(source.width, side, working_side);
    const size_t height = scaled_length(source.height, side, working_side);
    shrunk = shrink(source, width, height);
    source = {shrunk, width, height};
  }

  const Paper paper = find_paper(source);
  Ink ink = ink_on_even_paper(source, paper);
  if (paper.transparent) return ink;
  const Plane levels = levels_of(source, paper);
  const bool even =
      paper.noise == 0.0f || paper.spread <= kMaxUnevenness * pixel_noise(levels) + kStep;
  if (even && !has_broad_area(ink)) return ink;

  // Not all of the border is even paper: a digit was cut out to its ends, or the light is uneven.
  if (const std::optional<EvenPaper> found = paper_of_two_levels(levels)) {
    return ink_on_even_paper(source, to_paper(*found));
  }
  if (std::min(source.width, source.height) < kMinPhotoSide) {  // no photograph
    const auto [darkest, lightest] = std::ranges::minmax(levels.values);
    if (paper.spread <= kMaxSpread * (lightest - darkest)) return ink;
    return ink_on_even_paper(source, to_paper(paper_of_close_cut(levels)));
  }
  if (const std::optional<RgbaPicture> soft = undo_smooth_enlargement(source, levels)) {
    return to_ink(soft->view(), working_side);
  }
  Ink shaded = ink_on_shaded_paper(levels);
  // A machine draws no shadows: what is broad and all there is is a blot.
  const bool blank = std::ranges::all_of(shaded.values, [](float value) { return value == 0.0f; });
  return blank && paper.noise == 0.0f ? ink : shaded;
}

}  // namespace inkdigit
