#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "core/random.h"
#include "train/pen.h"

namespace inkdigit {

/// Writes skeletons: knots that a smooth curve passes through. Corners end one curve and begin
/// the next. Every knot trembles a little.
class Hand {
 public:
  /// `random` is borrowed and must outlive the hand.
  explicit Hand(Random& random) : random_(&random), tremble_(between(0.008, 0.03)) {}

  bool chance(double probability) { return random_->uniform() < probability; }
  double between(double low, double high) { return random_->uniform(low, high); }
  /// Normal, but never further than two and a half deviations from the mean.
  double about(double mean, double deviation) {
    return mean + deviation * std::clamp(random_->normal(), -2.5, 2.5);
  }

  void pen_down() { strokes_.emplace_back(); }
  void to(double x, double y) { add(x, y, false); }
  void corner(double x, double y) { add(x, y, true); }
  /// Knots on an ellipse about (x, y), from one angle to another, in degrees: 0 is right, 90 is
  /// down.
  void arc(double x, double y, double x_radius, double y_radius, double from, double to_angle);

  /// The strokes, widened, slanted, turned and bent as a whole. Called once, at the end.
  std::vector<PenStroke> finish();

 private:
  struct Knot {
    double x, y;
    bool is_corner;
  };
  void add(double x, double y, bool is_corner) {
    strokes_.back().push_back({about(x, tremble_), about(y, tremble_), is_corner});
  }
  static void append_curve(const std::vector<Knot>& knots, size_t first, size_t last,
                           PenStroke& stroke);

  Random* random_;
  double tremble_;  // standard deviation of a knot's place
  std::vector<std::vector<Knot>> strokes_;
};

}  // namespace inkdigit
