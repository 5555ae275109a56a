#include "train/pen_digits.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>

#include "train/pen_hand.h"

namespace inkdigit {

namespace {

constexpr double kPi = std::numbers::pi;

void zero(Hand& hand) {
  const double x_radius = hand.between(0.2, 0.42);
  const double start = hand.about(-80.0, 35.0);
  const double turn = hand.chance(0.9) ? -1.0 : 1.0;  // mostly counter-clockwise
  const double sweep = hand.about(365.0, 18.0);       // left open, or run over
  hand.pen_down();
  if (hand.chance(0.2)) {  // comes in from outside or inside
    hand.to(0.5 + hand.between(-0.05, 0.35), hand.between(-0.12, 0.25));
  }
  hand.arc(0.5, 0.5, x_radius, 0.5, start, start + turn * sweep);
  if (hand.chance(0.12)) {  // ends in a loop
    const double end = (start + turn * sweep) * kPi / 180.0;
    hand.to(0.5 + 1.15 * x_radius * std::cos(end + 0.5), 0.5 + 0.62 * std::sin(end - 0.2));
  }
  if (hand.chance(0.06)) {  // slashed
    const double reach = hand.between(0.7, 1.3);
    hand.pen_down();
    hand.to(0.5 + reach * x_radius * 0.8, 0.5 - reach * 0.4);
    hand.to(0.5 - reach * x_radius * 0.8, 0.5 + reach * 0.4);
  }
}

void one(Hand& hand) {
  hand.pen_down();
  const bool flag = hand.chance(0.75);
  const double top_x = 0.5 + hand.about(0.0, 0.03);
  if (flag) {
    // Of the upstroke.
    const double length = hand.chance(0.6) ? hand.between(0.35, 0.8) : hand.between(0.12, 0.35);
    // Now and then it runs close along the downstroke.
    const double steepness =
        (hand.chance(0.15) ? hand.between(68.0, 82.0) : hand.between(24.0, 68.0)) * kPi / 180.0;
    const double across = length * std::cos(steepness), up = length * std::sin(steepness);
    hand.to(top_x - across, up);
    if (hand.chance(0.4)) {  // bent
      hand.to(top_x - 0.4 * across, hand.between(0.2, 0.5) * up);
    }
    if (hand.chance(0.6)) {
      hand.corner(top_x, 0.0);
    } else {  // goes over into the downstroke
      hand.to(top_x - 0.06, hand.between(0.0, 0.03));
      hand.to(top_x + hand.between(0.0, 0.06), hand.between(0.02, 0.1));
    }
  } else {
    hand.to(top_x, 0.0);
  }
  if (hand.chance(0.5)) hand.to(top_x + hand.about(0.0, 0.03), 0.5);
  const double foot_x = top_x + hand.about(0.0, 0.05);
  if (hand.chance(0.12)) {  // ends in a curl, to either side
    const double side = hand.chance(0.7) ? 1.0 : -1.0;
    hand.to(foot_x, hand.between(0.85, 0.95));
    hand.to(foot_x + side * hand.between(0.04, 0.1), 1.0);
    hand.to(foot_x + side * hand.between(0.1, 0.2), hand.between(0.94, 1.0));
    return;
  }
  hand.to(foot_x, 1.0);
  if (flag ? hand.chance(0.32) : hand.chance(0.12)) {  // stands on a line
    const double left = hand.between(0.1, 0.5), right = hand.between(0.1, 0.5);
    if (hand.chance(0.25)) {
      hand.corner(foot_x - left, 1.0);
    } else {
      hand.pen_down();
      hand.to(foot_x - left, 1.0 + hand.about(0.0, 0.02));
    }
    hand.to(foot_x + right, 1.0 + hand.about(-0.02, 0.04));
  }
}

void two(Hand& hand) {
  hand.pen_down();
  const double right = hand.between(0.62, 0.9);
  if (hand.chance(0.1)) {  // angular, like a Z with a short start
    hand.to(hand.between(0.05, 0.2), hand.between(0.0, 0.15));
    hand.corner(right, hand.between(0.0, 0.1));
    hand.corner(hand.between(0.0, 0.2), 0.97);
    hand.to(right + 0.1, hand.between(0.92, 1.0));
    return;
  }
  if (hand.chance(0.15)) hand.to(0.3, hand.between(0.2, 0.35));  // a hook inwards first
  hand.to(hand.between(0.05, 0.22), hand.between(0.12, 0.36));
  hand.to(0.36, hand.between(0.0, 0.06));
  hand.to(right - 0.08, hand.between(0.06, 0.14));
  hand.to(right, hand.between(0.24, 0.34));
  hand.to(right - hand.between(0.12, 0.22), hand.between(0.5, 0.6));
  const double left = hand.between(-0.02, 0.2);
  const double foot = hand.between(0.9, 1.0);
  if (hand.chance(0.4)) {  // a loop at the foot
    const double size = hand.between(0.08, 0.22);
    hand.to(left + 0.25, foot - size * 0.9);
    hand.to(left + size * 0.6, foot);
    hand.to(left, foot - size * 0.5);
    hand.to(left + size * 0.7, foot - size);
    hand.to(left + 0.4, foot - 0.02);
  } else {
    hand.to(left + 0.2, foot - 0.17);
    hand.corner(left, foot);
    if (hand.chance(0.4)) hand.to(left + 0.35, foot + hand.about(-0.02, 0.03));
  }
  hand.to(right + hand.between(-0.1, 0.25), foot + hand.about(0.0, 0.06));
  if (hand.chance(0.15)) hand.to(right + 0.22, foot - hand.between(0.05, 0.15));  // rising tail
}

void three(Hand& hand) {
  hand.pen_down();
  const double waist_x = hand.between(0.28, 0.55), waist_y = hand.between(0.4, 0.52);
  if (hand.chance(0.18)) {  // flat top
    hand.to(hand.between(0.02, 0.2), hand.between(0.0, 0.08));
    hand.corner(hand.between(0.68, 0.85), hand.between(0.0, 0.06));
    hand.corner(waist_x, waist_y - 0.03);
  } else {
    if (hand.chance(0.2)) hand.to(hand.between(0.1, 0.2), hand.between(0.22, 0.3));
    hand.to(hand.between(0.05, 0.2), hand.between(0.08, 0.2));
    hand.to(0.42, 0.0);
    hand.to(hand.between(0.68, 0.8), 0.14);
    hand.to(hand.between(0.62, 0.74), 0.32);
    switch (hand.chance(0.3) ? 1 : hand.chance(0.3) ? 2 : 0) {
      case 0:  // a corner at the waist
        hand.corner(waist_x, waist_y);
        break;
      case 1:  // round
        hand.to(waist_x + 0.08, waist_y - 0.01);
        break;
      default:  // a little loop
        hand.to(waist_x, waist_y + 0.02);
        hand.to(waist_x - 0.1, waist_y - 0.04);
        hand.to(waist_x + 0.02, waist_y - 0.07);
    }
  }
  if (hand.chance(0.2)) {  // a small, narrow bowl
    const double out = waist_x + hand.between(0.1, 0.3);
    hand.to(out - 0.02, waist_y + 0.12);
    hand.to(out, hand.between(0.65, 0.85));
    hand.to(out - hand.between(0.12, 0.25), 1.0);
    if (hand.chance(0.6)) hand.to(out - hand.between(0.25, 0.4), hand.between(0.9, 1.0));
    return;
  }
  hand.to(hand.between(0.66, 0.82), hand.between(0.54, 0.62));
  hand.to(hand.between(0.72, 0.88), hand.between(0.7, 0.82));
  hand.to(0.45, 1.0);
  hand.to(hand.between(-0.1, 0.25), hand.between(0.78, 0.98));
}

void four(Hand& hand) {
  const double stem_x = hand.between(0.55, 0.75);
  const double bar_y = hand.between(0.5, 0.7);
  const double bar_end = stem_x + hand.between(0.06, 0.3);
  hand.pen_down();
  const double style = hand.between(0.0, 1.0);
  if (style < 0.2) {  // a long slope and a short stem that hangs from the bar
    const double height = hand.between(0.55, 0.78), reach = hand.between(0.2, 0.5);
    const double left = hand.between(0.1, 0.25);
    hand.to(left + hand.between(0.05, 0.3), 0.0);
    if (hand.chance(0.5)) {
      hand.corner(left, height);
    } else {
      hand.to(left, height - 0.1);
      hand.to(left + 0.08, height);
    }
    const double stem = left + reach * hand.between(0.45, 0.85);
    hand.to(left + reach, height + hand.about(-0.03, 0.03));
    hand.pen_down();
    hand.to(stem + hand.about(0.02, 0.03), height - hand.between(0.1, 0.4));
    hand.to(stem + hand.about(-0.02, 0.03), 1.0);
  } else if (style < 0.4) {  // closed: down the slope, along the bar; then the stem
    hand.to(stem_x + hand.between(-0.1, 0.04), 0.0);
    hand.corner(hand.between(0.0, 0.15), bar_y);
    hand.to(bar_end, bar_y + hand.about(0.0, 0.03));
    hand.pen_down();
    hand.to(stem_x + hand.about(0.0, 0.03), hand.between(0.0, 0.45));
    hand.to(stem_x + hand.about(-0.03, 0.04), 1.0);
  } else if (style < 0.75) {  // open: a corner or a bend on the left; then the stem
    const double left = hand.between(0.0, 0.2);
    hand.to(left + hand.between(0.02, 0.28), hand.between(0.0, 0.2));
    if (hand.chance(0.5)) {
      hand.corner(left, bar_y);
    } else {
      hand.to(left, bar_y - 0.12);
      hand.to(left + 0.12, bar_y);
    }
    hand.to(bar_end, bar_y + hand.about(-0.02, 0.04));
    hand.pen_down();
    hand.to(stem_x + hand.about(0.03, 0.04), hand.between(0.0, 0.42));
    hand.to(stem_x + hand.about(-0.05, 0.05), 1.0);
  } else if (style < 0.9) {  // in one go: the bar turns up to the stem's head and comes down
    hand.to(hand.between(0.05, 0.3), hand.between(0.0, 0.2));
    hand.to(hand.between(0.02, 0.15), bar_y - 0.15);
    hand.to(0.25, bar_y);
    hand.to(stem_x - 0.05, bar_y - 0.08);
    const double head_y = hand.between(0.0, 0.3);
    if (hand.chance(0.5)) {
      hand.corner(stem_x + 0.04, head_y);
    } else {
      hand.to(stem_x + 0.08, head_y);
    }
    hand.to(stem_x, bar_y + 0.1);
    hand.to(stem_x + hand.about(-0.08, 0.05), 1.0);
  } else {  // the stem from a loop, in one go
    hand.to(stem_x, 0.0);
    hand.to(hand.between(0.05, 0.15), bar_y - 0.04);
    hand.to(hand.between(0.1, 0.2), bar_y + 0.02);
    hand.to(bar_end, bar_y);
    hand.corner(stem_x + 0.05, hand.between(0.25, 0.45));
    hand.to(stem_x - 0.02, 1.0);
  }
}

void five(Hand& hand) {
  const double bar_y = hand.about(0.02, 0.03);
  const double left = hand.between(0.1, 0.28);
  const double shoulder = hand.between(0.34, 0.48);
  const double bar_end = hand.between(0.6, 0.95);
  const auto bowl = [&] {
    hand.to(hand.between(0.42, 0.55), shoulder - hand.between(0.0, 0.06));
    hand.to(hand.between(0.72, 0.84), shoulder + 0.14);
    hand.to(hand.between(0.72, 0.84), hand.between(0.74, 0.84));
    hand.to(0.42, 1.0);
    hand.to(hand.between(0.0, 0.18), hand.between(0.82, 0.97));
  };
  hand.pen_down();
  const double style = hand.between(0.0, 1.0);
  if (style < 0.5) {  // body first, the bar as a second stroke, which may not meet it
    hand.to(left + hand.between(0.0, 0.08), bar_y + hand.between(0.0, 0.06));
    hand.corner(left, shoulder + 0.02);
    bowl();
    hand.pen_down();
    hand.to(left + hand.about(0.03, 0.05), bar_y + hand.about(0.0, 0.03));
    hand.to(bar_end, bar_y + hand.about(-0.02, 0.04));
  } else if (style < 0.85) {  // in one go from the right end of the bar
    hand.to(bar_end, bar_y + hand.about(-0.02, 0.03));
    hand.corner(left + 0.06, bar_y);
    hand.corner(left, shoulder + 0.02);
    bowl();
  } else {  // round, like an S
    hand.to(bar_end, bar_y + hand.between(0.0, 0.08));
    hand.to(left + 0.25, bar_y - 0.02);
    hand.to(left, shoulder * 0.55);
    hand.to(left + 0.12, shoulder);
    hand.to(0.62, shoulder + 0.12);
    hand.to(hand.between(0.68, 0.8), hand.between(0.7, 0.8));
    hand.to(0.42, 1.0);
    hand.to(hand.between(0.0, 0.18), hand.between(0.82, 0.95));
  }
}

void six(Hand& hand) {
  hand.pen_down();
  const double loop_top = hand.between(0.42, 0.75);
  const double right = hand.between(0.5, 0.85);
  hand.to(hand.between(0.4, 0.8), hand.between(0.0, 0.06));
  if (hand.chance(0.3)) {  // a straight stem
    hand.to(hand.between(0.2, 0.36), 0.4);
  } else {
    hand.to(hand.between(0.26, 0.4), 0.16);
    hand.to(hand.between(0.1, 0.2), 0.45);
  }
  hand.to(hand.between(0.04, 0.16), 0.74);
  hand.to(0.34, 1.0);
  hand.to(right - 0.04, 0.9);
  hand.to(right, 0.5 * (1.0 + loop_top));
  hand.to(right - 0.2, loop_top);
  const double end = hand.between(0.0, 1.0);  // of the loop: short of the stem, on it, or beyond
  hand.to(0.26, loop_top + hand.between(0.02, 0.12));
  if (end > 0.3) hand.to(hand.between(0.08, 0.2), loop_top + hand.between(0.12, 0.25));
  if (end > 0.85) hand.to(0.1, 0.9);
}

/// A seven that is all curves: hooked at both ends, and crossed low, where a two has its foot.
void curled_seven(Hand& hand) {
  const double left = hand.between(0.0, 0.2), right = hand.between(0.55, 0.85);
  const double top = hand.between(0.0, 0.08);
  const double foot = hand.between(0.2, 0.55);
  hand.pen_down();
  if (hand.chance(0.7)) {  // a hook inwards first
    hand.to(left + hand.between(0.0, 0.12), hand.between(0.2, 0.34));
    hand.to(left, hand.between(0.12, 0.2));
  }
  hand.to(left + hand.between(0.05, 0.2), top + 0.04);
  hand.to(0.5 * (left + right) + 0.1, top);
  hand.to(right, top + hand.between(0.08, 0.22));
  hand.to(0.6 * right + 0.4 * foot + hand.about(0.02, 0.04), hand.between(0.45, 0.6));
  hand.to(foot, hand.between(0.8, 0.92));
  hand.to(foot + hand.about(-0.03, 0.05), 1.0);
  if (hand.chance(0.3)) hand.to(foot - hand.between(0.08, 0.2), hand.between(0.9, 1.0));
  const double y = hand.between(0.6, 0.88);
  const double middle = right + (foot - right) * y + hand.about(0.0, 0.05);
  const double tilt = hand.about(0.0, 0.06);
  hand.pen_down();
  hand.to(middle - hand.between(0.08, 0.42), y + tilt);
  hand.to(middle + hand.between(0.15, 0.6), y - tilt);
}

void seven(Hand& hand) {
  if (hand.chance(0.22)) return curled_seven(hand);
  const double right = hand.between(0.55, 0.9);
  const double bar_y = hand.about(0.04, 0.03);
  const double left = hand.between(0.0, 0.18);
  hand.pen_down();
  if (hand.chance(0.35)) {  // a tick or a hook at the start of the bar
    hand.to(left + hand.about(0.0, 0.03), bar_y + hand.between(0.06, 0.22));
    if (hand.chance(0.5)) {
      hand.corner(left, bar_y);
    } else {
      hand.to(left + 0.04, bar_y + 0.02);
    }
  } else {
    hand.to(left, bar_y + hand.about(0.02, 0.03));
  }
  if (hand.chance(0.3)) hand.to(0.4, bar_y + hand.about(0.04, 0.04));  // a wave
  if (hand.chance(0.5)) {
    hand.corner(right, bar_y + hand.about(-0.01, 0.03));
  } else {  // goes over into the downstroke
    hand.to(right - hand.between(0.05, 0.15), bar_y + hand.about(0.0, 0.02));
    hand.to(right, bar_y + hand.between(0.06, 0.16));
  }
  const double foot = hand.between(0.1, 0.6);
  if (hand.chance(0.5)) hand.to(0.5 * (right + foot) + hand.about(-0.03, 0.05), 0.5);
  if (hand.chance(0.2)) {  // ends in a curl, to either side
    const double side = hand.chance(0.5) ? 1.0 : -1.0;
    hand.to(foot, hand.between(0.86, 0.96));
    hand.to(foot + side * hand.between(0.03, 0.08), 1.0);
    if (hand.chance(0.5)) hand.to(foot + side * hand.between(0.1, 0.18), hand.between(0.92, 1.0));
  } else {
    hand.to(foot, 1.0);
  }
  if (hand.chance(0.55)) {  // crossed
    const double y = hand.between(0.38, 0.8);
    const double middle = right + (foot - right) * y + hand.about(0.0, 0.06);
    const double before = hand.between(0.08, 0.4), behind = hand.between(0.1, 0.5);
    const double tilt = hand.about(0.02, 0.06);
    hand.pen_down();
    hand.to(middle - before, y + tilt);
    hand.to(middle + behind, y - tilt);
  }
}

void eight(Hand& hand) {
  const double waist = hand.between(0.4, 0.54);
  // Half widths; the lower ring may be all but a line.
  const double top = hand.between(0.16, 0.36), bottom = hand.between(0.06, 0.4);
  hand.pen_down();
  const double style = hand.between(0.0, 1.0);
  if (style < 0.12) {  // two rings
    const double start = hand.about(-90.0, 40.0);
    hand.arc(0.5, waist / 2, top, waist / 2, start, start - hand.about(365.0, 12.0));
    hand.pen_down();
    hand.arc(0.5 + hand.about(0.0, 0.03), (1.0 + waist) / 2 + hand.about(0.0, 0.02), bottom,
             (1.0 - waist) / 2, start, start - hand.about(365.0, 12.0));
    return;
  }
  // An S down, then back up across it; or the mirror image of that. The ends may not meet.
  const double side = hand.chance(0.85) ? 1.0 : -1.0;
  const auto to = [&](double x, double y) { hand.to(0.5 + side * x, y); };
  if (style < 0.25) {  // begun at the waist
    to(0.02, waist);
    to(-top, waist * 0.5);
    to(0.0, 0.0);
    to(top, waist * 0.45);
    to(0.0, waist);
    to(-bottom, (1.0 + waist) / 2);
    to(0.0, 1.0);
    to(bottom, (1.0 + waist) / 2);
    to(hand.about(0.04, 0.05), waist + hand.about(0.0, 0.03));
    return;
  }
  to(top * hand.between(0.5, 1.05), hand.between(0.06, 0.2));
  to(hand.about(0.0, 0.03), 0.0);
  to(-top, waist * 0.45);
  to(hand.about(0.0, 0.03), waist);
  to(bottom, (1.0 + waist) / 2);
  to(0.0, 1.0);
  to(-bottom, (1.0 + waist) / 2 + 0.02);
  to(hand.about(0.0, 0.03), waist + 0.01);
  to(top * hand.between(0.7, 1.2), hand.between(0.08, 0.25));
  if (hand.chance(0.6)) to(top * hand.between(0.4, 1.2), hand.between(-0.06, 0.1));
}

void nine(Hand& hand) {
  const double right = hand.between(0.55, 0.82), left = right - hand.between(0.22, 0.7);
  const double loop = hand.between(0.2, 0.56);  // its lower end
  const double foot = hand.between(0.25, 0.8);
  const auto tail = [&] {
    const double style = hand.between(0.0, 1.0);
    if (style < 0.35) {  // straight
      hand.to(foot, 1.0);
    } else if (style < 0.8) {  // a hook to the left, as a g has it
      const double depth = hand.between(0.7, 0.9);
      hand.to(right + hand.about(-0.02, 0.05), depth);
      const bool flat = hand.chance(0.5);
      hand.to(right - hand.between(0.08, 0.25), flat ? 0.98 : 1.0);
      if (flat) hand.to(hand.between(0.1, 0.3), hand.between(0.96, 1.02));
      hand.to(hand.between(-0.2, 0.25), flat ? hand.between(0.9, 1.0) : hand.between(0.78, 0.96));
    } else {  // bent
      hand.to(right - 0.1, 0.72);
      hand.to(foot, 1.0);
    }
  };
  hand.pen_down();
  if (hand.chance(0.15)) {  // ring and stem apart
    const double start = hand.about(-60.0, 40.0);
    hand.arc((left + right) / 2, loop / 2, (right - left) / 2, loop / 2, start,
             start - hand.about(365.0, 10.0));
    hand.pen_down();
    hand.to(right + hand.about(0.0, 0.03), hand.between(0.0, 0.3));
    tail();
    return;
  }
  if (hand.chance(0.25)) {  // the ring is begun inside, or to the right of where it closes
    hand.to(right + hand.between(-0.2, 0.12), loop * hand.between(0.1, 0.5));
  }
  hand.to(right + hand.about(-0.06, 0.06), hand.between(0.0, 0.16));
  hand.to((left + right) / 2, hand.about(0.0, 0.02));
  hand.to(left, loop * hand.between(0.4, 0.6));
  hand.to((left + right) / 2 - 0.02, loop);
  const double gap = hand.chance(0.3) ? hand.between(0.0, 0.14) : 0.0;  // ring left open
  hand.to(right - 0.05 - gap, loop * hand.between(0.5, 0.85));
  if (hand.chance(0.6)) {
    hand.corner(right - gap / 2 + hand.about(0.0, 0.03), hand.between(0.0, 0.22));
  } else {
    hand.to(right, hand.between(0.05, 0.25));
  }
  tail();
}

constexpr std::array kWriters{zero, one, two, three, four, five, six, seven, eight, nine};

}  // namespace

std::vector<PenStroke> draw_pen_digit(int digit, Random& random) {
  if (digit < 0 || digit >= static_cast<int>(kWriters.size())) {
    throw std::invalid_argument("digit: expected 0 to 9, got " + std::to_string(digit));
  }
  Hand hand(random);
  kWriters[static_cast<size_t>(digit)](hand);
  return hand.finish();
}

}  // namespace inkdigit
