#include "train/augment.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <string>
#include <vector>

#include "core/errors.h"
#include "core/random.h"
#include "image/frame_sampler.h"
#include "image/place.h"

namespace inkdigit {

namespace {

constexpr size_t kSide = kFrameSide;
constexpr size_t kSize = kFrameSize;

// An elastic displacement is drawn on knots, this many to a standard deviation of its smoothing,
// and interpolated between them, which takes 2 % off its root mean square. Knots are never closer
// than pixels.
constexpr double kKnotsPerDeviation = 2.0;
// A patch that hides a part of a digit has sides of so many pixels; its middle lies in the box that
// MNIST's digits fill.
constexpr size_t kSmallestPatch = 2;
constexpr size_t kLargestPatch = 6;
// The Gaussian is cut off where it has fallen to 1.1 % of its peak.
constexpr double kReachPerDeviation = 3.0;
constexpr double kMaxSmoothness = kSide;  // pixels; beyond, a displacement is but a shift

using Field = std::array<float, kSize>;

/// A Gaussian kernel whose squares add up to 1: smoothing white noise along an axis by it leaves
/// the variance as it was.
std::vector<float> gaussian_kernel(double deviation) {
  const auto reach = static_cast<size_t>(std::ceil(kReachPerDeviation * deviation));
  std::vector<float> kernel(2 * reach + 1, 1.0f);
  double squares = 1.0;
  for (size_t i = 1; i <= reach; ++i) {
    const double distance = static_cast<double>(i) / deviation;
    kernel[reach - i] = kernel[reach + i] =
        static_cast<float>(std::exp(-0.5 * distance * distance));
    squares += 2.0 * kernel[reach + i] * kernel[reach + i];
  }
  const auto gain = static_cast<float>(1.0 / std::sqrt(squares));
  for (float& weight : kernel) weight *= gain;
  return kernel;
}

/// `count` numbers of mean 0 and variance 1. They are uniform, as in Simard et al. (what is
/// smoothed becomes all but normal), and four come from each draw, because 16 bits are plenty here.
std::vector<float> white_noise(size_t count, Random& random) {
  constexpr float kStep = 2.0f * std::numbers::sqrt3_v<float> / 0x1p16f;
  std::vector<float> noise(count);
  uint64_t bits = 0;
  for (size_t i = 0; i < count; ++i, bits >>= 16) {
    if (i % 4 == 0) bits = random.next();
    noise[i] = kStep * (static_cast<float>(bits & 0xffff) - 32767.5f);
  }
  return noise;
}

/// White noise, smoothed: [side, side], mean 0 and variance 1 everywhere, because the noise reaches
/// beyond what is kept.
std::vector<float> smooth_noise(size_t side, std::span<const float> kernel, Random& random) {
  const size_t wide = side + kernel.size() - 1;
  const std::vector<float> noise = white_noise(wide * wide, random);
  std::vector<float> row(wide), smooth(side * side);
  for (size_t y = 0; y < side; ++y) {
    std::fill(row.begin(), row.end(), 0.0f);
    for (size_t i = 0; i < kernel.size(); ++i) {
      const float* source = &noise[(y + i) * wide];
      for (size_t x = 0; x < wide; ++x) row[x] += kernel[i] * source[x];
    }
    float* target = &smooth[y * side];
    for (size_t i = 0; i < kernel.size(); ++i) {
      for (size_t x = 0; x < side; ++x) target[x] += kernel[i] * row[x + i];
    }
  }
  return smooth;
}

/// One component of an elastic displacement at each pixel, in pixels; `strength` is its standard
/// deviation.
Field draw_displacement(double strength, double smoothness, Random& random) {
  const double spacing = std::max(1.0, smoothness / kKnotsPerDeviation);  // of the knots, pixels
  const size_t side = static_cast<size_t>((kSide - 1) / spacing) + 2;     // knots along an axis
  const std::vector<float> knots =
      smooth_noise(side, gaussian_kernel(smoothness / spacing), random);

  // Linear interpolation: pixel i lies `share` of the way from knot `before` to the next.
  std::array<size_t, kSide> before;
  std::array<float, kSide> share;
  for (size_t i = 0; i < kSide; ++i) {
    const double position = static_cast<double>(i) / spacing;
    before[i] = static_cast<size_t>(position);
    share[i] = static_cast<float>(position - static_cast<double>(before[i]));
  }
  Field field;
  std::vector<float> row(side);
  for (size_t y = 0; y < kSide; ++y) {
    const float* upper = &knots[before[y] * side];
    const float* lower = upper + side;
    for (size_t x = 0; x < side; ++x) row[x] = upper[x] + share[y] * (lower[x] - upper[x]);
    for (size_t x = 0; x < kSide; ++x) {
      const float left = row[before[x]], right = row[before[x] + 1];
      field[y * kSide + x] = static_cast<float>(strength) * (left + share[x] * (right - left));
    }
  }
  return field;
}

/// Where a target pixel takes its value from: source = matrix · (pixel - centre) + offset.
struct Affine {
  float xx, xy, yx, yy;
  float x_offset, y_offset;
};

/// Draws all of its values whatever the options are: changing one leaves the others' effects alone.
Affine draw_affine(const AugmentOptions& options, Random& random) {
  const auto draw = [&random](double range) { return random.uniform(-range, range); };
  const double angle = draw(options.rotation) * std::numbers::pi / 180.0;
  const double x_scale = 1.0 / (1.0 + draw(options.scale));
  const double y_scale = 1.0 / (1.0 + draw(options.scale));
  const double shear = draw(options.shear);
  const double x_shift = draw(options.shift);
  const double y_shift = draw(options.shift);
  const double cosine = std::cos(angle), sine = std::sin(angle);
  // scale⁻¹ · shear · rotation
  return {.xx = static_cast<float>(x_scale * (cosine + shear * sine)),
          .xy = static_cast<float>(x_scale * (-sine + shear * cosine)),
          .yx = static_cast<float>(y_scale * sine),
          .yy = static_cast<float>(y_scale * cosine),
          .x_offset = static_cast<float>(kFrameCentre - x_shift),
          .y_offset = static_cast<float>(kFrameCentre - y_shift)};
}

void hide_a_part(std::span<float, kFrameSize> picture, Random& random) {
  constexpr size_t kSizes = kLargestPatch - kSmallestPatch + 1;
  constexpr size_t kBorder = (kSide - kBoxSide) / 2;  // wider than half a patch
  const size_t width = kSmallestPatch + random.below(kSizes);
  const size_t height = kSmallestPatch + random.below(kSizes);
  const size_t left = kBorder + random.below(kBoxSide) - width / 2;
  const size_t top = kBorder + random.below(kBoxSide) - height / 2;
  for (size_t y = top; y < top + height; ++y) {
    std::fill_n(&picture[y * kSide + left], width, 0.0f);
  }
}

}  // namespace

void check_augment(const AugmentOptions& options) {
  const auto check_below = [](const char* name, double value, double below) {
    check_range((std::string("augment ") + name).c_str(), value, value >= 0.0 && value < below,
                ("at least 0 and less than " + std::to_string(below)).c_str());
  };
  check_below("rotation", options.rotation, 360.0);
  check_below("scale", options.scale, 1.0);
  check_below("shear", options.shear, kSide);
  check_below("shift", options.shift, kSide);
  check_below("elastic_strength", options.elastic_strength, kSide);
  check_below("elastic_smoothness", options.elastic_smoothness, kMaxSmoothness);
  check_range("augment occlusion", options.occlusion,
              options.occlusion >= 0.0 && options.occlusion <= 1.0, "0 to 1");
}

void augment(std::span<const uint8_t, kFrameSize> source, std::span<float, kFrameSize> target,
             const AugmentOptions& options, uint64_t key) {
  Random random({key});
  const Affine affine = draw_affine(options, random);

  Field x_displacement{}, y_displacement{};
  if (options.elastic_strength > 0.0) {
    // Two components of equal variance make up the length's.
    const double strength = options.elastic_strength / std::numbers::sqrt2;
    x_displacement = draw_displacement(strength, options.elastic_smoothness, random);
    y_displacement = draw_displacement(strength, options.elastic_smoothness, random);
  }

  const SplineSampler sample(source);
  for (size_t i = 0; i < kSize; ++i) {
    const float x = static_cast<float>(i % kSide) - kFrameCentre;
    const float y = static_cast<float>(i / kSide) - kFrameCentre;
    target[i] = sample(affine.xx * x + affine.xy * y + affine.x_offset + x_displacement[i],
                       affine.yx * x + affine.yy * y + affine.y_offset + y_displacement[i]);
  }
  if (options.occlusion > 0.0 && random.uniform(0.0, 1.0) < options.occlusion) {
    hide_a_part(target, random);
  }
}

}  // namespace inkdigit
