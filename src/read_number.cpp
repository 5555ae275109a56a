#include "read_number.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <optional>

#include "image/touching.h"

namespace inkdigit {

namespace {

using Reading = std::pair<Segment, Classification>;

// A digit is seldom wider than this, in heights: the wider, the less it is believed to be one. One
// of several that touch is never wider than the second.
constexpr double kUsualMostWidth = 1.0, kMostWidthOfPart = 1.2;

// What cannot be read may be two digits from this width on.
constexpr double kLeastWidthOfTwo = 0.8;

// What is wider than this is a line or a scribble, not several digits that touch.
constexpr double kMostWidth = 5.0;

// Each of several digits that touch is at least this high, as a share of all of them.
constexpr double kLeastHeight = 0.6;

// What it costs, in nats of confidence, to cut through a stroke, to be unsure, and to be a one, as
// which any upright stroke that is cut off another digit is read.
constexpr double kCostOfStroke = 1.2, kCostOfUnsure = 1.0, kCostOfOne = 1.5;

// A part of a digit may be read with confidence, but has less energy than nine in ten digits, which
// have more than this; what a nat less costs.
constexpr double kUsualLeastEnergy = 11.0, kCostOfLowEnergy = 0.3;

// Less sure ones of digits that were cut apart may be parts of others, and are unsure.
constexpr float kSureOfPart = 0.98f;

// A picture's segments are cut until so many parts have been read, which takes a second or two and
// cannot be broken off; twenty digits that all touch took 560 at most, sixty 710, a page full of
// loops 25,000.
constexpr size_t kMostParts = 1000;

// Two pieces may be one broken digit if they are this near (in heights of it), no wider than this
// together, and one of them is not read with this confidence.
constexpr double kMaxBreak = 0.1, kMaxJoinedWidth = 1.0;
constexpr float kSureOfPiece = 0.9f;

// The foot of a four reaches down below its left part by at least this share of its height.
constexpr double kFootOfFour = 0.15;

double aspect(const Box& box) {
  return static_cast<double>(box.width) / static_cast<double>(box.height);
}

bool may_be_one(const Box& left, const Box& right) {
  const Box both = around(left, right);
  const double gap = -shared_width(left, right);
  return shared_height(left, right) > 0.0 && right.left > left.left &&
         gap <= kMaxBreak * static_cast<double>(std::max(left.height, right.height)) &&
         aspect(both) <= kMaxJoinedWidth;
}

/// As the left part of an open four does; of two ones the feet are level.
bool ends_above(const Box& left, const Box& right) {
  const auto bottom = [](const Box& box) { return static_cast<double>(box.top + box.height); };
  return bottom(left) + kFootOfFour * static_cast<double>(right.height) < bottom(right);
}

/// How much a part of a segment, or all of it, looks like one digit: nats, 0 at most, times its
/// width in heights of the segment. All ways to cut a segment share out the same width, so that
/// many narrow digits are compared fairly with a few wide ones.
double likeness(const Segment& segment, const Box& part, const Classification& reading) {
  if (reading.state == State::kBlank) return -HUGE_VAL;
  const double too_wide = std::max(0.0, aspect(part) - kUsualMostWidth);
  const double nats = std::log(reading.confidence * std::max(1e-6, 1.0 - too_wide)) -
                      (reading.state == State::kUnsure ? kCostOfUnsure : 0.0) -
                      (reading.digit == 1 ? kCostOfOne : 0.0) -
                      kCostOfLowEnergy * std::max(0.0, kUsualLeastEnergy - reading.energy);
  return nats * static_cast<double>(part.width) / static_cast<double>(segment.box.height);
}

/// A segment's parts, as one digit each, that are together most like digits: of all ways to cut it.
/// `whole` is what it is read as uncut; `parts_read` is counted on.
std::vector<Reading> read_touching(const Segment& segment, const Classification& whole,
                                   const ReadSegment& read, size_t& parts_read) {
  struct Best {  // of all ways to read what lies to the left of a cut
    double likeness;
    size_t from;  // the cut to the left of its last digit
    Reading last;
  };
  const std::vector<Cut> cuts = find_cuts(segment.ink);
  const size_t end = cuts.size() - 1;
  std::vector<std::optional<Best>> best(cuts.size());
  const auto try_digit = [&](size_t from, size_t to, Reading digit) {
    double sum = likeness(segment, digit.first.box, digit.second);
    if (from > 0)
      sum += best[from]->likeness - kCostOfStroke * static_cast<double>(cuts[from].crossed);
    if (!best[to] || sum > best[to]->likeness) best[to] = Best{sum, from, std::move(digit)};
  };
  for (size_t to = 1; to <= end; ++to) {
    for (size_t from = 0; from < to; ++from) {
      if ((from > 0 && !best[from]) || (from == 0 && to == end)) continue;
      std::optional<Segment> part = between(segment, cuts[from], cuts[to]);
      if (!part || aspect(part->box) > kMostWidthOfPart ||
          static_cast<double>(part->box.height) <
              kLeastHeight * static_cast<double>(segment.box.height)) {
        continue;
      }
      Classification reading = read(*part);
      ++parts_read;
      try_digit(from, to, {std::move(*part), std::move(reading)});
    }
  }
  try_digit(0, end, {segment, whole});

  std::vector<Reading> digits;
  for (size_t to = end; to > 0; to = best[to]->from) digits.push_back(std::move(best[to]->last));
  std::ranges::reverse(digits);
  for (auto& [part, reading] : digits) {
    if (digits.size() > 1 && reading.confidence < kSureOfPart) reading.state = State::kUnsure;
  }
  return digits;
}

/// What a segment is read as: one digit, or several that touch; none if there is nothing in it.
/// `parts_read` is that of the picture so far.
std::vector<Reading> read_segment(Segment segment, const ReadSegment& read, size_t& parts_read) {
  Classification whole = read(segment);
  if (whole.state == State::kBlank) return {};
  const double width = aspect(segment.box);
  const double width_of_two = whole.state == State::kUnsure ? kLeastWidthOfTwo : kUsualMostWidth;
  if (width > width_of_two && width < kMostWidth) {
    if (parts_read < kMostParts) return read_touching(segment, whole, read, parts_read);
    whole.state = State::kUnsure;  // it may well be several
  }
  std::vector<Reading> digits;
  digits.emplace_back(std::move(segment), std::move(whole));
  return digits;
}

/// The two as one digit, if they look more like one than like two.
std::optional<Reading> read_broken(const Reading& left, const Reading& right,
                                   const ReadSegment& read) {
  const float less_sure = std::min(left.second.confidence, right.second.confidence);
  const bool may_be_four = left.second.digit == 1 && right.second.digit == 1 &&
                           ends_above(left.first.box, right.first.box);
  if ((less_sure >= kSureOfPiece && !may_be_four) || !may_be_one(left.first.box, right.first.box)) {
    return std::nullopt;
  }
  Segment both = join(left.first, right.first);
  Classification reading = read(both);
  if (reading.confidence <= (may_be_four ? kSureOfPiece : less_sure)) return std::nullopt;
  return Reading{std::move(both), std::move(reading)};
}

}  // namespace

std::vector<Reading> read_number(Ink ink, const ReadSegment& read) {
  std::vector<Reading> readings;
  size_t parts_read = 0;
  for (Segment& segment : segment_digits(std::move(ink))) {
    std::vector<Reading> digits = read_segment(std::move(segment), read, parts_read);
    std::optional<Reading> both;
    if (digits.size() == 1 && !readings.empty()) {
      both = read_broken(readings.back(), digits.front(), read);
    }
    if (both) {
      readings.back() = std::move(*both);
    } else {
      std::ranges::move(digits, std::back_inserter(readings));
    }
  }
  return readings;
}

}  // namespace inkdigit
