#include "image/paper.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "image/pixel.h"
#include "image/statistics.h"

namespace inkdigit {

namespace {

// The absolute deviation that 80 % are below, times this, estimates the standard deviation of a
// normal distribution, as kDeviationPerMedian does.
constexpr float kDeviationPerFourFifths = 0.7803f;

// Corners that differ more than this from the whole border are not shaded paper but ink.
constexpr float kMaxShading = 0.25f;

// The border that shows the paper is this share of the picture's shorter side wide, so that a thin
// frame line around a drawing is not taken for paper.
constexpr size_t kBorderShare = 25;

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

}  // namespace inkdigit
