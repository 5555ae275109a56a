/**
 * Digits that stand close to each other, touch or overlap: which strokes are of which digit is told by reading them, as
 * src/read_number.cpp does with the parts of a picture.
 */
import { boxAround, height, middle, sharedHeight, sharedWidth, width } from './box.js';

/** Groups of strokes that are farther apart are digits of their own. Lengths are in heights of the highest digit here. */
const nearDistance = 0.25;
/** Several strokes that are wider than high (times this) are hardly one digit; a single stroke may be wider. */
const mostWidth = 1.1;
const mostWidthOfStroke = 1.6;
/** A digit is at least so high, and its middle so far to the right of the one before. */
const leastHeight = 0.6;
const leastDistance = 0.15;

/**
 * What it costs, in nats of confidence. Chosen on digits of recorded drawings put side by side (tests/strokes/measure_numbers.mjs)
 * so that single drawings are read no worse.
 */
const costOfUnsure = 1;
const costOfStroke = 0.5; // each high stroke beyond those that such a digit is written with
const costOfOverlap = 2; // a height by which two digits overlap
const costOfStep = 2; // a height by which the next digit stands higher or lower, beyond the usual
const usualStep = 0.2;

/** Bounds of the work: strokes that are grouped together, and those of one digit. */
const mostStrokes = 24;
const mostPerDigit = 5;

/** How much strokes that are read so look like one digit, in nats: 0 at most. `usual`: height of a digit. */
function likeness(strokes, { digit, confidence, state }, usual) {
  const high = strokes.filter((stroke) => height(boxAround([stroke])) >= leastHeight * usual).length;
  const usually = digit === 4 ? 2 : 1; // only a four is made of two that stand side by side
  return (
    Math.log(Math.max(confidence, 1e-6)) -
    (state === 'digit' ? 0 : costOfUnsure) -
    costOfStroke * Math.max(0, high - usually)
  );
}

/** What it costs that one digit follows another, in nats. */
function costOfNext(left, right, usual) {
  const step = Math.abs(left.top + left.bottom - right.top - right.bottom) / 2;
  return (
    costOfOverlap * Math.max(0, sharedWidth(left, right) / usual) + costOfStep * Math.max(0, step / usual - usualStep)
  );
}

/**
 * `groups` of the strokes, one for each digit, and their `readings`, in reading order; `readOne(strokes)` → a reading with its box.
 * → the readings of those groups or of others that are together more like digits.
 */
export async function readNeighbours(strokes, groups, readings, readOne) {
  const digits = [];
  for (let from = 0, to; from < groups.length; from = to) {
    for (to = from + 1; to < groups.length && areNear(readings[to - 1].box, readings[to].box);) ++to;
    const together = new Set(groups.slice(from, to).flat());
    const inTime = strokes.filter((stroke) => together.has(stroke));
    digits.push(...(await regroup(inTime, groups.slice(from, to), readings.slice(from, to), readOne)));
  }
  return digits;
}

function areNear(a, b) {
  const distance = Math.max(-sharedWidth(a, b), -sharedHeight(a, b));
  return distance <= nearDistance * Math.max(height(a), height(b));
}

/** → the likeliest readings of `strokes` (in the order in which they were drawn), which are grouped as `groups` and read as `readings`. */
async function regroup(strokes, groups, readings, readOne) {
  if (strokes.length < 2 || strokes.length > mostStrokes) return readings;
  const keyOf = (part) =>
    part
      .map((stroke) => strokes.indexOf(stroke))
      .sort((a, b) => a - b)
      .join();
  const known = new Map(groups.map((group, i) => [keyOf(group), readings[i]]));
  const read = (part) => {
    const key = keyOf(part);
    if (!known.has(key)) known.set(key, readOne(part));
    return known.get(key);
  };
  const usual = Math.max(...readings.map(({ box }) => height(box)));
  const byPlace = [...strokes].sort((a, b) => middle(boxAround([a])) - middle(boxAround([b])));
  // Most write digit by digit; some cross their sevens at the end.
  const orders = byPlace.every((stroke, i) => stroke === strokes[i]) ? [strokes] : [strokes, byPlace];
  let best = { likeness: 0, readings };
  readings.forEach((reading, i) => {
    best.likeness += likeness(groups[i], reading, usual);
    if (i > 0) best.likeness -= costOfNext(readings[i - 1].box, reading.box, usual);
  });
  for (const order of orders) {
    const other = await bestGrouping(order, usual, read);
    if (other.likeness > best.likeness) best = other;
  }
  return best.readings;
}

/** Of all ways to cut the list of strokes into digits from left to right, the likeliest: → { likeness, readings }. */
async function bestGrouping(strokes, usual, read) {
  const impossible = { likeness: -Infinity, readings: [] };
  const best = [{ likeness: 0, readings: [] }]; // for the first n strokes
  for (let to = 1; to <= strokes.length; ++to) {
    best[to] = impossible;
    for (let from = Math.max(0, to - mostPerDigit); from < to; ++from) {
      const before = best[from];
      if (before === impossible) continue;
      const part = strokes.slice(from, to);
      const box = boxAround(part);
      const last = before.readings.at(-1);
      const isPlausible =
        height(box) >= leastHeight * usual &&
        width(box) <= (part.length > 1 ? mostWidth : mostWidthOfStroke) * height(box) &&
        (!last || middle(box) - middle(last.box) >= leastDistance * usual);
      if (!isPlausible) continue;
      const reading = await read(part);
      const sum = before.likeness + likeness(part, reading, usual) - (last ? costOfNext(last.box, box, usual) : 0);
      if (sum > best[to].likeness) best[to] = { likeness: sum, readings: [...before.readings, reading] };
    }
  }
  return best[strokes.length];
}
