/** Numbers made of recorded digits: of one writer, side by side, as one writes a postcode. */
import { boxAround } from '../../web/package/drawing/box.js';
import { groupBy } from './statistics.mjs';

/** A digit's height differs from the usual by up to so much, its foot from the line, and its gap from the usual: in heights. */
const heightSpread = 0.15;
const footSpread = 0.08;
const gapSpread = 0.05;

const mapPoints = (strokes, change) => strokes.map((stroke) => stroke.map(change));

/** Strokes as points of the pad: 1 high, their left edge and their foot at 0. → { strokes, width } */
function standing(strokes) {
  const points = mapPoints(strokes, ([x, y]) => ({ x, y, pressure: 0.5 }));
  const { left, right, top, bottom } = boxAround(points);
  const scale = 1 / Math.max(bottom - top, (right - left) / 2, 1e-9);
  return {
    strokes: mapPoints(points, ({ x, y }) => ({ x: (x - left) * scale, y: (y - bottom) * scale, pressure: 0.5 })),
    width: (right - left) * scale,
  };
}

/**
 * `drawings` in a row, `gap` (heights of a digit) between their boxes, less than 0 where they overlap. They take `width` of the pad.
 * → { strokes, height }: that of a digit; both on the pad.
 */
export function writeNumber(drawings, { gap, random, width = 0.9 }) {
  const about = (spread) => spread * (2 * random() - 1);
  const row = [];
  let x = 0;
  for (const drawing of drawings) {
    const digit = standing(drawing.strokes);
    const height = 1 + about(heightSpread);
    const foot = about(footSpread);
    row.push(...mapPoints(digit.strokes, (p) => ({ ...p, x: x + p.x * height, y: foot + p.y * height })));
    x += digit.width * height + gap + about(gapSpread);
  }
  const box = boxAround(row);
  const scale = width / (box.right - box.left);
  const margin = (1 - width) / 2;
  const middle = (box.top + box.bottom) / 2;
  return {
    strokes: mapPoints(row, (p) => ({ ...p, x: margin + (p.x - box.left) * scale, y: 0.5 + (p.y - middle) * scale })),
    height: scale,
  };
}

/** `count` numbers of `length` digits, each by one writer: [{ label, writer, drawings }], the same for the same seed. */
export function chooseNumbers(drawings, { count, length, random }) {
  const byWriter = groupBy(drawings, ({ writer }) => writer);
  const writers = [...byWriter.keys()].sort();
  return Array.from({ length: count }, (_, i) => {
    const writer = writers[i % writers.length];
    const hand = byWriter.get(writer);
    const chosen = Array.from({ length }, () => hand[Math.floor(random() * hand.length)]);
    return { label: chosen.map(({ label }) => label).join(''), writer, drawings: chosen };
  });
}
