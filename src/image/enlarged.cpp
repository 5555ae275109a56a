#include "image/enlarged.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <utility>

#include "image/levels.h"
#include "image/resize.h"
#include "image/statistics.h"

namespace inkdigit {

namespace {

// Fewer edges along an axis are those of a bar or a frame, drawn as it is.
constexpr size_t kMinEdges = 4;

// A picture without detail can be made so small, in pixels of its longer side, and large again …
constexpr size_t kSmallSide = 48;

// … and all but specks is as before, but for this share of the way from its darkest to its
// lightest. Strokes that were drawn, or photographed somewhat out of focus, stray farther, even
// faint and small ones.
constexpr double kAllButSpecks = 0.9999;
constexpr float kMaxStray = 0.09f;

/// Where, along one axis, pixels differ from those before them, and what all distances between such
/// edges are multiples of.
class Edges {
 public:
  explicit Edges(size_t length) : known_(length) {}

  void add(size_t place) {
    if (known_[place]) return;
    known_[place] = true;
    if (count_++ == 0) first_ = place;
    step_ = std::gcd(step_, place > first_ ? place - first_ : first_ - place);
  }

  size_t count() const { return count_; }
  size_t first() const { return first_; }
  size_t step() const { return step_; }  // 0 of fewer than two

 private:
  std::vector<bool> known_;
  size_t count_ = 0;
  size_t first_ = 0;
  size_t step_ = 0;
};

/// A place within each square: the first begins at `edge` or a multiple of `step` before it, and
/// may be cut off.
std::vector<size_t> places(size_t edge, size_t step, size_t length) {
  std::vector<size_t> chosen;
  if (edge % step != 0) chosen.push_back(0);
  for (size_t place = edge % step; place < length; place += step) chosen.push_back(place);
  return chosen;
}

}  // namespace

std::optional<RgbaPicture> undo_enlargement(const RgbaView& picture) {
  const auto pixel = [&picture](size_t x, size_t y) {
    return &picture.pixels[(y * picture.width + x) * 4];
  };
  const auto differ = [](const uint8_t* a, const uint8_t* b) { return std::memcmp(a, b, 4) != 0; };
  Edges columns(picture.width), rows(picture.height);
  for (size_t y = 0; y < picture.height; ++y) {
    for (size_t x = 0; x < picture.width; ++x) {
      if (x > 0 && differ(pixel(x, y), pixel(x - 1, y))) columns.add(x);
      if (y > 0 && differ(pixel(x, y), pixel(x, y - 1))) rows.add(y);
    }
    if (columns.step() == 1 || rows.step() == 1) return std::nullopt;
  }
  const size_t step = std::gcd(columns.step(), rows.step());
  if (step <= 1 || std::min(columns.count(), rows.count()) < kMinEdges) return std::nullopt;

  const std::vector<size_t> xs = places(columns.first(), step, picture.width);
  const std::vector<size_t> ys = places(rows.first(), step, picture.height);
  RgbaPicture small{std::vector<uint8_t>(xs.size() * ys.size() * 4), xs.size(), ys.size()};
  auto to = small.pixels.begin();
  for (const size_t y : ys) {
    for (const size_t x : xs) to = std::copy_n(pixel(x, y), 4, to);
  }
  return small;
}

std::optional<RgbaPicture> undo_smooth_enlargement(const RgbaView& picture, const Plane& levels) {
  const size_t side = std::max(picture.width, picture.height);
  if (side <= kSmallSide || pixel_noise(levels) > kStep) return std::nullopt;
  const size_t width = scaled_length(picture.width, side, kSmallSide);
  const size_t height = scaled_length(picture.height, side, kSmallSide);
  const Plane again = resize(resize(levels, width, height), picture.width, picture.height);
  std::vector<float> strays(levels.values.size());
  std::ranges::transform(levels.values, again.values, strays.begin(),
                         [](float a, float b) { return std::abs(a - b); });
  const auto [darkest, lightest] = std::ranges::minmax(levels.values);
  if (quantile(std::move(strays), kAllButSpecks) > kMaxStray * (lightest - darkest))
    return std::nullopt;
  return RgbaPicture{shrink(picture, width, height), width, height};
}

}  // namespace inkdigit
