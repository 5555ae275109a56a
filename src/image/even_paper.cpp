#include "image/even_paper.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "image/broad_area.h"
#include "image/integral.h"
#include "image/levels.h"
#include "image/statistics.h"
#include "image/strokes.h"

namespace inkdigit {

namespace {

// So near to ink, as a share of the picture's longer side, paper is not looked at: strokes have
// soft edges.
constexpr size_t kEdgeShare = 12;

// What is left to look at must be this share of the picture at least.
constexpr size_t kMinPaperShare = 50;

// Nearly all of the paper must be of its level, but for this share of the ink's contrast.
constexpr double kNearlyAll = 0.95;
constexpr float kMaxPaperStray = 0.05f;

// So must most of the ink, if it is broader than strokes are elsewhere, which are a quarter.
constexpr double kMost = 0.9;
constexpr float kMaxInkStray = 0.15f;
constexpr float kDarkestShadow = 0.35f;   // it returns no more light than this share
constexpr double kMaxBroadStroke = 0.45;  // of the picture's longer side

// What lies at the picture's edge is ink only if it reaches farther in than this share of the
// picture, and farther still if it is all there is along one side: so does what the paper lies on.
constexpr size_t kDepthShare = 5;
constexpr size_t kDepthShareOfSide = 3;

// This share of the pixels is as light, or as dark, as paper is.
constexpr double kExtreme = 0.05;

/// By how much a share of `values` strays from their median at most.
float stray(const std::vector<float>& values, float middle, double share) {
  std::vector<float> deviations;
  for (const float value : values) deviations.push_back(std::abs(value - middle));
  return quantile(std::move(deviations), share);
}

/// Where all within `reach` pixels is marked by `value` in `mask`: the mean level there, so that
/// noise tells little.
std::vector<float> inner_levels(const Plane& levels, const Plane& mask, float value, size_t reach) {
  const Integral marked(mask), level(levels);
  std::vector<float> inner;
  for (size_t y = 0; y < levels.height; ++y) {
    for (size_t x = 0; x < levels.width; ++x) {
      const Integral::Window marks = marked.around(x, y, reach);
      if (marks.sum != value * marks.pixels) continue;
      inner.push_back(static_cast<float>(level.around(x, y, reach).mean()));
    }
  }
  return inner;
}

/// Whether nothing lies along the picture's edge alone.
bool comes_from_within(const Plane& mask) {
  const size_t w = mask.width, h = mask.height;
  std::vector<uint32_t> pixels;
  const std::vector<Piece> pieces = find_pieces(mask, pixels);
  double largest = 0.0;
  for (const Piece& piece : pieces) largest = std::max(largest, piece.extent());
  return std::ranges::all_of(pieces, [&](const Piece& piece) {
    if (piece.extent() * kEdgeShare < largest) return true;
    std::array<size_t, 4> along{};  // left, right, top, bottom: pixels
    const std::span<const uint32_t> all(&pixels[piece.begin], piece.size);
    for (const uint32_t i : all) {
      const size_t x = i % w, y = i / w;
      along[0] += x == 0;
      along[1] += x + 1 == w;
      along[2] += y == 0;
      along[3] += y + 1 == h;
    }
    if (along == std::array<size_t, 4>{}) return true;
    const auto is_full = [](size_t ink, size_t side) { return 10 * ink >= 9 * side; };
    const bool has_side =
        is_full(std::max(along[0], along[1]), h) || is_full(std::max(along[2], along[3]), w);
    const size_t share = has_side ? kDepthShareOfSide : kDepthShare;
    return std::ranges::any_of(all, [&](uint32_t i) {
      const size_t x = i % w, y = i / w;
      return std::min(x, w - 1 - x) >= w / share && std::min(y, h - 1 - y) >= h / share;
    });
  });
}

/// As paper_of_two_levels, if `ink` is 1 where the ink is, and 0 elsewhere.
std::optional<EvenPaper> paper_around(const Plane& levels, const Ink& ink) {
  const size_t reach = std::max<size_t>(1, std::max(ink.width, ink.height) / kEdgeShare);
  const std::vector<float> paper = inner_levels(levels, ink, 0.0f, reach);
  const std::vector<float> inked = inner_levels(levels, ink, 1.0f, 0);
  if (paper.size() * kMinPaperShare < ink.values.size() || inked.empty()) return std::nullopt;
  const float level = median(paper);
  const float contrast = std::abs(median(inked) - level);
  if (stray(paper, level, kNearlyAll) > kMaxPaperStray * contrast) return std::nullopt;

  if (has_broad_area(ink)) {
    const std::vector<float> core = inner_levels(levels, ink, 1.0f, reach);
    if (core.empty() || has_broad_area(ink, kMaxBroadStroke)) return std::nullopt;
    const float full = median(core);
    if (stray(core, full, kMost) > kMaxInkStray * contrast) return std::nullopt;
    if (std::min(full, level) > kDarkestShadow * std::max(full, level)) return std::nullopt;
  }
  if (!comes_from_within(ink)) return std::nullopt;
  return EvenPaper{level, pixel_noise(levels)};
}

}  // namespace

std::optional<EvenPaper> paper_of_two_levels(const Plane& levels) {
  const float threshold = otsu(levels.values).threshold;
  Plane dark(levels.width, levels.height), light = dark;
  for (size_t i = 0; i < levels.values.size(); ++i) {
    dark.values[i] = levels.values[i] < threshold ? 1.0f : 0.0f;
    light.values[i] = 1.0f - dark.values[i];
  }
  // What there is more of is more likely to be the paper.
  const auto darker = static_cast<size_t>(std::ranges::count(dark.values, 1.0f));
  if (2 * darker > dark.values.size()) std::swap(dark, light);
  const std::optional<EvenPaper> likely = paper_around(levels, dark);
  return likely ? likely : paper_around(levels, light);
}

EvenPaper paper_of_close_cut(const Plane& levels) {
  const float darkest = quantile(levels.values, kExtreme);
  const float lightest = quantile(levels.values, 1.0 - kExtreme);
  const size_t right = levels.width - 1, bottom = levels.height - 1;
  const float corners =
      (levels.at(0, 0) + levels.at(right, 0) + levels.at(0, bottom) + levels.at(right, bottom)) /
      4.0f;
  const double sum = std::accumulate(levels.values.begin(), levels.values.end(), 0.0);
  const auto mean = static_cast<float>(sum / static_cast<double>(levels.values.size()));
  return {corners + mean > darkest + lightest ? lightest : darkest,
          0.0f};  // strokes are as fine as noise
}

}  // namespace inkdigit
