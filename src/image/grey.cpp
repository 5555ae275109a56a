#include "image/grey.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "image/enlarged.h"
#include "image/even_paper.h"
#include "image/resize.h"
#include "image/shaded_paper.h"
#include "image/statistics.h"

namespace inkdigit {

namespace {

// Ink must differ from the paper by this share of the way from black to white: more than
// compression artefacts, less than yellow on white (0.07), the weakest of pure colours.
constexpr float kMinContrast = 0.06f;

// The absolute deviation that 80 % are below, times this, estimates the standard deviation of a
// normal distribution, as kDeviationPerMedian does.
constexpr float kDeviationPerFourFifths = 0.7803f;

// Corners that differ more than this from the whole border are not shaded paper but ink.
constexpr float kMaxShading = 0.25f;

// The border that shows the paper is this share of the picture's shorter side wide, so that a thin
// frame line around a drawing is not taken for paper.
constexpr size_t kBorderShare = 25;

// The border strays from its level more than this times what pixels stray from their neighbours,
// and by more than one of 255 levels: it is shaded, not noisy.
constexpr float kMaxUnevenness = 1.5f;
constexpr float kLevel = 1.0f / 255.0f;

// A border that strays more than this share of the way from the picture's darkest to its lightest
// shows ink.
constexpr float kMaxSpread = 0.15f;

/// Of one pixel, 0 = black … 1 = white. Weights of Rec. ITU-R BT.709, applied to the encoded
/// values: browsers blend a line's edge in them, so they are what is proportional to ink.
float luminance(const uint8_t* rgba) {
  return (0.2126f * rgba[0] + 0.7152f * rgba[1] + 0.0722f * rgba[2]) / 255.0f;
}

float opacity(const uint8_t* rgba) { return static_cast<float>(rgba[3]) / 255.0f; }

/// Where an index lies from 0 to 1.
float position(size_t index, size_t length) {
  return length == 1 ? 0.0f : static_cast<float>(index) / static_cast<float>(length - 1);
}

struct BorderPixel {
  float x, y;  // 0…1 across the picture
  float luminance, opacity;
};

std::vector<BorderPixel> border_pixels(const RgbaView& picture) {
  const size_t side = std::min(picture.width, picture.height);
  const size_t border = std::max<size_t>(1, side / kBorderShare);
  std::vector<BorderPixel> pixels;
  for (size_t y = 0; y < picture.height; ++y) {
    const bool whole_row = y < border || y + border >= picture.height;
    for (size_t x = 0; x < picture.width; ++x) {
      if (!whole_row && x == border) x = std::max(x, picture.width - border);
      const uint8_t* rgba = &picture.pixels[(y * picture.width + x) * 4];
      pixels.push_back({position(x, picture.width), position(y, picture.height), luminance(rgba),
                        opacity(rgba)});
    }
  }
  return pixels;
}

}  // namespace

float Paper::level(float x, float y) const {
  const float top = corners[0] + x * (corners[1] - corners[0]);
  const float bottom = corners[2] + x * (corners[3] - corners[2]);
  return top + y * (bottom - top);
}

Paper find_paper(const RgbaView& picture) {
  std::vector<BorderPixel> border = border_pixels(picture);
  const auto is_clear = [](const BorderPixel& pixel) { return pixel.opacity < 0.5f; };
  const auto clear = std::count_if(border.begin(), border.end(), is_clear);
  const bool transparent = 2 * static_cast<size_t>(clear) > border.size();
  if (!transparent) std::erase_if(border, is_clear);

  std::vector<float> levels;
  std::array<std::vector<float>, 4> quarters;
  for (const BorderPixel& pixel : border) {
    levels.push_back(transparent ? pixel.opacity : pixel.luminance);
    quarters[(pixel.x >= 0.5f) + 2 * (pixel.y >= 0.5f)].push_back(levels.back());
  }
  const float overall = median(levels);
  Paper paper{transparent, {overall, overall, overall, overall}, 0.0f, 0.0f};
  const auto measure_noise = [&] {
    std::vector<float> deviations;
    for (size_t i = 0; i < border.size(); ++i) {
      deviations.push_back(std::abs(levels[i] - paper.level(border[i].x, border[i].y)));
    }
    paper.noise = kDeviationPerMedian * median(deviations);
    paper.spread = kDeviationPerFourFifths * quantile(std::move(deviations), 0.8);
  };
  measure_noise();
  if (paper.noise == 0.0f) return paper;  // drawn by a machine: not shaded

  std::array<float, 4> corners{};
  for (size_t i = 0; i < corners.size(); ++i) {
    corners[i] = quarters[i].empty() ? overall : median(quarters[i]);
    if (std::abs(corners[i] - overall) > kMaxShading) return paper;
  }
  paper.corners = corners;
  measure_noise();
  return paper;
}

namespace {

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
Ink levels_of(const RgbaView& source, const Paper& paper) {
  Ink levels(source.width, source.height);
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
  RgbaView source = small ? RgbaView{small->pixels, small->width, small->height} : picture;
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
  const Ink levels = levels_of(source, paper);
  const bool even =
      paper.noise == 0.0f || paper.spread <= kMaxUnevenness * pixel_noise(levels) + kLevel;
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
    return to_ink({soft->pixels, soft->width, soft->height}, working_side);
  }
  Ink shaded = ink_on_shaded_paper(levels);
  // A machine draws no shadows: what is broad and all there is is a blot.
  const bool blank = std::ranges::all_of(shaded.values, [](float value) { return value == 0.0f; });
  return blank && paper.noise == 0.0f ? ink : shaded;
}

}  // namespace inkdigit
