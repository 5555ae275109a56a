#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "image/framing.h"

// Pictures for tests: round-pen strokes with anti-aliased edges, in any colours.
namespace inkdigit::testing {

using Rgba = std::array<uint8_t, 4>;
inline constexpr Rgba kBlack{0, 0, 0, 255};
inline constexpr Rgba kWhite{255, 255, 255, 255};
inline constexpr Rgba kTransparent{0, 0, 0, 0};

struct Point2 {
  double x, y;  // pixels; the middle of the top left pixel is (0.5, 0.5)
};
using Stroke = std::vector<Point2>;

struct Picture {
  size_t width, height;
  std::vector<uint8_t> pixels;

  Picture(size_t width, size_t height, const Rgba& colour) : width(width), height(height) {
    pixels.resize(width * height * 4);
    for (size_t i = 0; i < pixels.size(); ++i) pixels[i] = colour[i % 4];
  }
  RgbaView view() const { return {pixels, width, height}; }
  uint8_t* at(size_t x, size_t y) { return &pixels[(y * width + x) * 4]; }
  void set(size_t x, size_t y, const Rgba& colour) { std::copy_n(colour.data(), 4, at(x, y)); }
};

/// Share of each pixel, 0…1, that a round pen covers; `pen` is its diameter in pixels.
inline std::vector<double> cover(size_t width, size_t height, const std::vector<Stroke>& strokes,
                                 double pen) {
  std::vector<double> covered(width * height);
  for (const Stroke& stroke : strokes) {
    for (size_t i = 0; i < stroke.size(); ++i) {
      const Point2 a = stroke[i == 0 ? 0 : i - 1], b = stroke[i];
      const double dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
      const auto low = [pen](double u, double v) {
        return static_cast<size_t>(std::max(0.0, std::min(u, v) - pen));
      };
      const auto high = [pen](double u, double v, size_t end) {
        return std::min(end, static_cast<size_t>(std::max(0.0, std::max(u, v) + pen + 1)));
      };
      for (size_t y = low(a.y, b.y); y < high(a.y, b.y, height); ++y) {
        for (size_t x = low(a.x, b.x); x < high(a.x, b.x, width); ++x) {
          const double px = static_cast<double>(x) + 0.5 - a.x;
          const double py = static_cast<double>(y) + 0.5 - a.y;
          const double along = length > 0 ? std::clamp((px * dx + py * dy) / length, 0.0, 1.0) : 0;
          const double distance = std::hypot(px - along * dx, py - along * dy);
          double& value = covered[y * width + x];
          value = std::max(value, std::clamp(pen / 2 + 0.5 - distance, 0.0, 1.0));
        }
      }
    }
  }
  return covered;
}

/// Draws strokes over what is there, as a browser's canvas does (source-over on encoded values).
inline void draw(Picture& picture, const std::vector<Stroke>& strokes, double pen,
                 const Rgba& ink) {
  const std::vector<double> covered = cover(picture.width, picture.height, strokes, pen);
  for (size_t i = 0; i < covered.size(); ++i) {
    uint8_t* pixel = &picture.pixels[i * 4];
    const double source = covered[i] * ink[3] / 255.0, below = pixel[3] / 255.0;
    const double alpha = source + below * (1 - source);
    if (alpha == 0) continue;
    for (size_t c = 0; c < 3; ++c) {
      const double mixed = (source * ink[c] + (1 - source) * below * pixel[c]) / alpha;
      pixel[c] = static_cast<uint8_t>(std::lround(mixed));
    }
    pixel[3] = static_cast<uint8_t>(std::lround(255 * alpha));
  }
}

/// A few shapes of digits, within the unit square.
inline std::vector<Stroke> digit_shape(int digit) {
  const auto arc = [](double cx, double cy, double rx, double ry, double from, double to) {
    Stroke stroke;
    for (int i = 0; i <= 32; ++i) {
      const double angle = from + (to - from) * i / 32;
      stroke.push_back({cx + rx * std::cos(angle), cy + ry * std::sin(angle)});
    }
    return stroke;
  };
  constexpr double kPi = 3.14159265358979;
  switch (digit) {
    case 0:
      return {arc(0.5, 0.5, 0.35, 0.5, 0, 2 * kPi)};
    case 1:
      return {{{0.5, 0.0}, {0.5, 1.0}}};
    case 2:
      return {arc(0.5, 0.3, 0.35, 0.3, -kPi, 0.25 * kPi), {{0.75, 0.5}, {0.1, 1.0}, {0.9, 1.0}}};
    case 3:
      return {arc(0.4, 0.25, 0.35, 0.25, -0.8 * kPi, 0.5 * kPi),
              arc(0.4, 0.75, 0.4, 0.25, -0.5 * kPi, 0.8 * kPi)};
    case 4:
      return {{{0.6, 1.0}, {0.6, 0.0}, {0.1, 0.7}, {0.9, 0.7}}};
    case 7:
      return {{{0.1, 0.0}, {0.9, 0.0}, {0.4, 1.0}}};
    default:
      return {{{0.9, 0.0}, {0.2, 0.0}, {0.2, 0.45}},
              arc(0.45, 0.7, 0.4, 0.3, -0.7 * kPi, 0.7 * kPi)};
  }
}

/// The shape at (left, top), `size` pixels high.
inline std::vector<Stroke> placed(std::vector<Stroke> strokes, double left, double top,
                                  double size) {
  for (Stroke& stroke : strokes) {
    for (Point2& point : stroke) point = {left + size * point.x, top + size * point.y};
  }
  return strokes;
}

/// Mean difference of levels, 0…255, where `b` may be moved by a pixel: a digit whose centre of
/// mass is near the border of two pixels is placed on the one side or the other.
inline double mean_difference(const Frame& a, const Frame& b) {
  constexpr int kSide = kFrameSide;
  double least = 255;
  for (int dy = -1; dy <= 1; ++dy) {
    for (int dx = -1; dx <= 1; ++dx) {
      double sum = 0;
      for (int y = 0; y < kSide; ++y) {
        for (int x = 0; x < kSide; ++x) {
          const int u = x + dx, v = y + dy;
          const bool outside = u < 0 || v < 0 || u >= kSide || v >= kSide;
          sum += std::abs(a[size_t(y * kSide + x)] - (outside ? 0 : b[size_t(v * kSide + u)]));
        }
      }
      least = std::min(least, sum / kFrameSize);
    }
  }
  return least;
}

}  // namespace inkdigit::testing
