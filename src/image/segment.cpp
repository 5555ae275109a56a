#include "image/segment.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "core/insertion_sort.h"
#include "image/strokes.h"
#include "image/writing.h"

namespace inkdigit {

namespace {

// Below this share of the usual height a piece is no digit but a part of one, a dot or a dash.
constexpr double kMinDigitHeight = 0.45;

// Pieces are parts of one digit if they share this much of the narrower one's width …
constexpr double kMinOverlap = 0.5;

// … and the gap between them is no larger than this share of what both measure in height. (A
// digit that is written below another keeps more distance.)
constexpr double kMaxGap = 0.06;

// Halves of one digit, together, are no higher than this, in widths.
constexpr double kMostSlender = 3.2;

// A part lies at most this share of the usual height beside its digit.
constexpr double kMaxPartDistance = 0.15;

// Rows overlap in height by less than this share of the less high of two digits.
constexpr double kSameRow = 0.5;

constexpr size_t kNobody = std::numeric_limits<size_t>::max();

/// What is thought to be one digit: places of its pieces in a list, and the box around them.
struct Group {
  std::vector<size_t> pieces;
  Box box;
};

/// The height of most digits: that of the piece which half of all ink is in pieces higher than, so
/// that specks do not count. A lone dash is as high as it is wide.
double usual_height(const std::vector<Piece>& pieces) {
  const auto ink_from = [&pieces](size_t height) {
    size_t pixels = 0;
    for (const Piece& piece : pieces) pixels += piece.bounds.height >= height ? piece.size : 0;
    return pixels;
  };
  const size_t all = ink_from(0);
  size_t usual = 0;
  for (const Piece& piece : pieces) {
    const size_t height = piece.bounds.height;
    if (height > usual && 2 * ink_from(height) >= all) usual = height;
  }
  return static_cast<double>(usual);
}

bool are_one_digit(const Box& a, const Box& b, double usual) {
  const Box both = around(a, b);
  const auto narrower = static_cast<double>(std::min(a.width, b.width));
  const double overlap = shared_width(a, b), gap = -shared_height(a, b);
  const auto low = [usual](const Box& box) {
    return static_cast<double>(box.height) < kMinDigitHeight * usual;
  };
  const bool above_each_other = overlap >= kMinOverlap * narrower;
  if (!low(a) && !low(b)) {
    // Halves of a broken digit; or, in two rows, two digits.
    return above_each_other && gap <= kMaxGap * static_cast<double>(both.height) &&
           (gap < 0.0 ||
            static_cast<double>(both.height) <= kMostSlender * static_cast<double>(both.width));
  }
  // A bar or a hook above, below or within a digit, or hardly beside it.
  const double near = 2 * kMaxPartDistance * usual;
  if (above_each_other && gap <= near) return true;
  return overlap > -kMaxPartDistance * usual && overlap > -narrower && gap <= 0.0 &&
         (overlap > 0.0 || low(a) != low(b));
}

/// Groups of pieces, joined until none belongs to another.
std::vector<Group> group_pieces(const std::vector<Piece>& pieces, double usual) {
  std::vector<Group> groups;
  for (size_t i = 0; i < pieces.size(); ++i) groups.push_back({{i}, pieces[i].bounds});
  for (size_t i = 0; i < groups.size();) {
    const auto other = std::find_if(
        groups.begin() + static_cast<std::ptrdiff_t>(i) + 1, groups.end(),
        [&](const Group& group) { return are_one_digit(groups[i].box, group.box, usual); });
    if (other == groups.end()) {
      ++i;
      continue;
    }
    groups[i].pieces.insert(groups[i].pieces.end(), other->pieces.begin(), other->pieces.end());
    groups[i].box = around(groups[i].box, other->box);
    groups.erase(other);
    i = 0;
  }
  return groups;
}

void sort_by(size_t Box::* edge, std::vector<Group>& groups) {
  insertion_sort(groups, [edge](const Group& group) { return group.box.*edge; });
}

/// Rows from top to bottom, each from left to right.
void sort_for_reading(std::vector<Group>& groups) {
  sort_by(&Box::top, groups);
  std::vector<Group> sorted;
  while (!groups.empty()) {
    // A row is what stands beside its first digit, or beside what is in the row already.
    std::vector<Group> row{groups.front()};
    groups.erase(groups.begin());
    for (size_t i = 0; i < groups.size();) {
      const bool same = std::ranges::any_of(row, [&](const Group& member) {
        const size_t height = std::min(member.box.height, groups[i].box.height);
        return shared_height(member.box, groups[i].box) >= kSameRow * static_cast<double>(height);
      });
      if (same) {
        row.push_back(groups[i]);
        groups.erase(groups.begin() + static_cast<std::ptrdiff_t>(i));
        i = 0;
      } else {
        ++i;
      }
    }
    sort_by(&Box::left, row);
    sorted.insert(sorted.end(), row.begin(), row.end());
  }
  groups = std::move(sorted);
}

/// Whether a pixel is of a group, or of the soft edge of one of its pixels.
bool belongs(const std::vector<size_t>& owner, const Ink& ink, size_t x, size_t y, size_t group) {
  if (const size_t own = owner[y * ink.width + x]; own != kNobody) return own == group;
  for (size_t v = y - (y > 0); v <= std::min(y + 1, ink.height - 1); ++v) {
    for (size_t u = x - (x > 0); u <= std::min(x + 1, ink.width - 1); ++u) {
      if (owner[v * ink.width + u] == group) return true;
    }
  }
  return false;
}

}  // namespace

std::vector<Segment> segment_digits(Ink ink) {
  keep_writing(ink, Content::kNumber);
  std::vector<uint32_t> pixels;
  const std::vector<Piece> pieces = find_pieces(ink, pixels);
  if (pieces.size() > kMostPieces) return {};
  const double usual = usual_height(pieces);
  std::vector<Group> groups = group_pieces(pieces, usual);
  if (groups.size() > 1) {
    std::erase_if(groups, [usual](const Group& group) {
      return static_cast<double>(group.box.height) < kMinDigitHeight * usual;
    });
  }
  sort_for_reading(groups);

  std::vector<size_t> owner(ink.values.size(), kNobody);
  for (size_t g = 0; g < groups.size(); ++g) {
    for (const size_t p : groups[g].pieces) {
      for (size_t i = 0; i < pieces[p].size; ++i) owner[pixels[pieces[p].begin + i]] = g;
    }
  }
  std::vector<Segment> segments;
  for (size_t g = 0; g < groups.size(); ++g) {
    const Box& box = groups[g].box;
    Segment segment{box, Ink(box.width, box.height)};
    for (size_t y = 0; y < box.height; ++y) {
      for (size_t x = 0; x < box.width; ++x) {
        const size_t u = box.left + x, v = box.top + y;
        if (belongs(owner, ink, u, v, g)) segment.ink.at(x, y) = ink.at(u, v);
      }
    }
    segments.push_back(std::move(segment));
  }
  return segments;
}

Segment join(const Segment& left, const Segment& right) {
  Segment both{around(left.box, right.box), {}};
  both.ink = Ink(both.box.width, both.box.height);
  for (const Segment* part : {&left, &right}) {
    for (size_t y = 0; y < part->ink.height; ++y) {
      for (size_t x = 0; x < part->ink.width; ++x) {
        float& value =
            both.ink.at(part->box.left - both.box.left + x, part->box.top - both.box.top + y);
        value = std::max(value, part->ink.at(x, y));
      }
    }
  }
  return both;
}

}  // namespace inkdigit
