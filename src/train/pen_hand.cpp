#include "train/pen_hand.h"

#include <cmath>
#include <cstddef>
#include <numbers>
#include <utility>

namespace inkdigit {

namespace {
constexpr double kPi = std::numbers::pi;
}

void Hand::arc(double x, double y, double x_radius, double y_radius, double from, double to_angle) {
  const int pieces = std::max(2, static_cast<int>(std::abs(to_angle - from) / 40.0));
  for (int i = 0; i <= pieces; ++i) {
    const double angle = (from + (to_angle - from) * i / pieces) * kPi / 180.0;
    to(x + x_radius * std::cos(angle), y + y_radius * std::sin(angle));
  }
}

/// A Catmull-Rom spline through knots first…last, sampled; its ends have no tangent of their own.
void Hand::append_curve(const std::vector<Knot>& knots, size_t first, size_t last,
                        PenStroke& stroke) {
  const auto knot = [&](size_t i, int offset) {
    const auto at = static_cast<std::ptrdiff_t>(i) + offset;
    return knots[static_cast<size_t>(
        std::clamp(at, static_cast<std::ptrdiff_t>(first), static_cast<std::ptrdiff_t>(last)))];
  };
  for (size_t i = first; i < last; ++i) {
    const Knot a = knot(i, -1), b = knot(i, 0), c = knot(i, 1), d = knot(i, 2);
    constexpr int kSamples = 8;
    for (int s = 1; s <= kSamples; ++s) {
      const double t = static_cast<double>(s) / kSamples;
      const auto spline = [t](double p0, double p1, double p2, double p3) {
        return 0.5 * (2.0 * p1 + t * (p2 - p0) + t * t * (2.0 * p0 - 5.0 * p1 + 4.0 * p2 - p3) +
                      t * t * t * (3.0 * (p1 - p2) + p3 - p0));
      };
      stroke.push_back({spline(a.x, b.x, c.x, d.x), spline(a.y, b.y, c.y, d.y)});
    }
  }
}

std::vector<PenStroke> Hand::finish() {
  // The whole is widened or narrowed, slanted, turned, and bent by a slow wave along each axis.
  // A few hands write narrow digits, as many fonts of handwriting have them.
  const double narrowness = chance(0.2) ? between(0.4, 1.0) : 1.0;
  const double width = narrowness * std::exp(about(0.0, 0.22));
  const double slant = about(0.12, 0.24);  // x per y, upwards
  // Half write about upright; the others turn the paper, or hold the device askew.
  const double angle = (chance(0.5) ? between(-25.0, 25.0) : about(0.0, 10.0)) * kPi / 180.0;
  const double bend_x = about(0.0, 0.03), bend_y = about(0.0, 0.03);
  const double phase_x = between(0.0, 2.0 * kPi), phase_y = between(0.0, 2.0 * kPi);
  const double wave_x = between(0.5, 1.3) * 2.0 * kPi, wave_y = between(0.5, 1.3) * 2.0 * kPi;

  std::vector<PenStroke> result;
  for (const std::vector<Knot>& knots : strokes_) {
    PenStroke stroke;
    stroke.push_back({knots.front().x, knots.front().y});
    size_t first = 0;
    for (size_t i = 1; i < knots.size(); ++i) {
      if (!knots[i].is_corner && i + 1 < knots.size()) continue;
      append_curve(knots, first, i, stroke);
      first = i;
    }
    for (PenPoint& point : stroke) {
      const double x = point.x - 0.5 + bend_x * std::sin(wave_y * point.y + phase_x);
      const double y = point.y - 0.5 + bend_y * std::sin(wave_x * point.x + phase_y);
      const double slanted = width * x - slant * y;
      point = {slanted * std::cos(angle) - y * std::sin(angle),
               slanted * std::sin(angle) + y * std::cos(angle)};
    }
    result.push_back(std::move(stroke));
  }
  return result;
}

}  // namespace inkdigit
