#include "train/pen_scribbles.h"

#include <array>
#include <cmath>
#include <numbers>
#include <utility>

#include "train/pen_digits.h"
#include "train/pen_hand.h"

namespace inkdigit {

namespace {

constexpr double kTurn = 2.0 * std::numbers::pi;

/// One stroke of an invented letter, somewhere in the unit square.
void add_letter_stroke(Hand& hand) {
  hand.pen_down();
  const double x = hand.between(0.0, 1.0), y = hand.between(0.0, 1.0);
  const double style = hand.between(0.0, 1.0);
  if (style < 0.3) {  // a line, perhaps with a corner or two
    hand.to(x, y);
    while (hand.chance(0.45)) hand.corner(hand.between(0.0, 1.0), hand.between(0.0, 1.0));
    hand.to(hand.between(0.0, 1.0), hand.between(0.0, 1.0));
  } else if (style < 0.6) {  // an arc, a ring, or most of a spiral
    const double start = hand.between(0.0, 360.0);
    const double sweep = hand.between(90.0, 420.0) * (hand.chance(0.5) ? 1.0 : -1.0);
    hand.arc(x, y, hand.between(0.1, 0.5), hand.between(0.1, 0.5), start, start + sweep);
    if (hand.chance(0.5)) hand.to(hand.between(0.0, 1.0), hand.between(0.0, 1.0));
  } else {  // a curve through a few places
    hand.to(x, y);
    do {
      hand.to(hand.between(0.0, 1.0), hand.between(0.0, 1.0));
    } while (hand.chance(0.7));
    hand.to(hand.between(0.0, 1.0), hand.between(0.0, 1.0));
  }
}

void letter(Hand& hand) {
  // One short stroke may well be a digit; two rarely are.
  const int strokes = 2 + hand.chance(0.6) + hand.chance(0.35);
  for (int i = 0; i < strokes; ++i) add_letter_stroke(hand);
}

void tangle(Hand& hand) {
  hand.pen_down();
  const int turns = static_cast<int>(hand.between(5.0, 12.0));
  const bool corners = hand.chance(0.4);
  for (int i = 0; i < turns; ++i) {
    const double x = hand.between(0.0, 1.0), y = hand.between(0.0, 1.0);
    if (corners && i > 0) {
      hand.corner(x, y);
    } else {
      hand.to(x, y);
    }
  }
}

void zigzag(Hand& hand) {
  hand.pen_down();
  const int turns = static_cast<int>(hand.between(4.0, 8.0));
  const bool sharp = hand.chance(0.6), upright = hand.chance(0.5);
  for (int i = 0; i <= turns; ++i) {
    const double along = static_cast<double>(i) / turns;
    const double across = i % 2 == 0 ? hand.between(0.0, 0.25) : hand.between(0.75, 1.0);
    const double x = upright ? across : along, y = upright ? along : across;
    if (sharp && i > 0) {
      hand.corner(x, y);
    } else {
      hand.to(x, y);
    }
  }
}

void spiral(Hand& hand) {
  hand.pen_down();
  const double turns = hand.between(1.6, 3.5), start = hand.between(0.0, kTurn);
  const double way = hand.chance(0.5) ? 1.0 : -1.0;
  const int pieces = static_cast<int>(9 * turns);
  for (int i = 0; i <= pieces; ++i) {
    const double share = static_cast<double>(i) / pieces;
    const double angle = start + way * share * turns * kTurn;
    hand.to(0.5 + 0.5 * share * std::cos(angle), 0.5 + 0.5 * share * std::sin(angle));
  }
}

/// A cross, plus, parallel bars, box or triangle, arrow, waves or tick.
void sign(Hand& hand) {
  const auto line = [&hand](double x0, double y0, double x1, double y1) {
    hand.pen_down();
    hand.to(x0, y0);
    hand.to(x1, y1);
  };
  switch (static_cast<int>(hand.between(0.0, 8.0))) {
    case 0:  // cross
      line(0.0, 0.0, 1.0, 1.0);
      line(1.0, 0.0, 0.0, 1.0);
      break;
    case 1:  // plus
      line(0.5, 0.0, 0.5, 1.0);
      line(0.0, hand.between(0.25, 0.75), 1.0, 0.5);
      break;
    case 2: {  // parallel bars, upright or level
      const int bars = hand.chance(0.5) ? 2 : 3;
      const bool upright = hand.chance(0.5);
      for (int i = 0; i < bars; ++i) {
        const double at = hand.between(0.5, 0.9) * i / (bars - 1);
        upright ? line(at, 0.0, at, 1.0) : line(0.0, at, 1.0, at);
      }
      if (hand.chance(0.4)) line(0.0, 0.5, 1.0, hand.between(0.2, 0.8));
      break;
    }
    case 3:  // box
    case 4:  // triangle
      hand.pen_down();
      hand.to(0.0, 1.0);
      hand.corner(hand.between(0.0, 0.5), 0.0);
      if (hand.chance(0.5)) hand.corner(1.0, 0.0);
      hand.corner(1.0, 1.0);
      hand.to(0.0, 1.0);
      break;
    case 5:  // arrow
      line(0.0, 0.5, 1.0, 0.5);
      hand.pen_down();
      hand.to(0.65, 0.2);
      hand.corner(1.0, 0.5);
      hand.to(0.65, 0.8);
      break;
    case 6: {  // waves
      hand.pen_down();
      const int waves = static_cast<int>(hand.between(3.0, 7.0));
      for (int i = 0; i <= waves; ++i)
        hand.to(static_cast<double>(i) / waves, i % 2 * hand.between(0.2, 0.5));
      break;
    }
    default:  // tick
      hand.pen_down();
      hand.to(0.0, hand.between(0.4, 0.7));
      hand.corner(hand.between(0.2, 0.45), 1.0);
      hand.to(1.0, 0.0);
  }
}

std::vector<PenStroke> mirrored_digit(Random& random) {
  // Those whose mirror images look like no digit; a 2 in a mirror is nearly a 5.
  constexpr std::array kDigits{3, 4, 6, 7, 9};
  const int digit = kDigits[random.below(kDigits.size())];
  std::vector<PenStroke> strokes = draw_pen_digit(digit, random);
  for (PenStroke& stroke : strokes) {
    for (PenPoint& point : stroke) point.x = -point.x;
  }
  return strokes;
}

/// Two digits over each other, or side by side and touching.
std::vector<PenStroke> two_digits(Random& random) {
  std::vector<PenStroke> strokes = draw_pen_digit(static_cast<int>(random.below(10)), random);
  const double away = random.uniform() < 0.5 ? 0.3 : 0.9;
  const double x = random.uniform(-away, away), y = random.uniform(-0.4, 0.4);
  for (PenStroke& stroke : draw_pen_digit(static_cast<int>(random.below(10)), random)) {
    for (PenPoint& point : stroke) point = {point.x + x, point.y + y};
    strokes.push_back(std::move(stroke));
  }
  return strokes;
}

}  // namespace

std::vector<PenStroke> draw_pen_scribble(Random& random) {
  const double style = random.uniform();
  if (style < 0.1) return mirrored_digit(random);
  if (style < 0.2) return two_digits(random);
  Hand hand(random);
  if (style < 0.7) {
    letter(hand);
  } else if (style < 0.78) {
    tangle(hand);
  } else if (style < 0.84) {
    zigzag(hand);
  } else if (style < 0.88) {
    spiral(hand);
  } else {
    sign(hand);
  }
  return hand.finish();
}

}  // namespace inkdigit
