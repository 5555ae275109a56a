/** Recorded pen strokes, and where and how they may be put on the page's pad. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/**
 * A `.strokes.jsonl.gz` file has a drawing a line: {"label":"7","writer":"…","strokes":[[[x,y],…],…]}, y downwards.
 * → [{ label, writer, strokes }], as they are.
 */
export function readDrawings(file) {
  return gunzipSync(readFileSync(file))
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** The pad's side in CSS pixels on a small screen, to which a mouse's places are rounded. */
const kPadPixels = 320;

/**
 * How a drawing lies on the pad: `share` of it that the longer side takes, the place of its middle, degrees it is turned
 * clockwise. With a `lineWidth`, in 280ths of the pad, a picture of the pad is read instead of the strokes, as other sites would have it.
 */
export const conditions = {
  centred: {},
  corner: { share: 0.25, middle: [0.15, 0.84] },
  'turned 15°': { turn: 15 },
  'turned -15°': { turn: -15 },
  'picture, hairline': { lineWidth: 1 },
  'picture, pen': { lineWidth: 8 },
  'picture, marker': { lineWidth: 30 },
  'picture, corner': { share: 0.25, middle: [0.15, 0.84], lineWidth: 8 },
};

/** Strokes in units of their own → points of the pad, 0…1, on whole CSS pixels. */
export function placeOnPad(strokes, { share = 0.7, middle = [0.5, 0.5], turn = 0 }) {
  const [cosine, sine] = [Math.cos((turn * Math.PI) / 180), Math.sin((turn * Math.PI) / 180)];
  const turned = strokes.map((stroke) => stroke.map(([x, y]) => [x * cosine - y * sine, x * sine + y * cosine]));
  const range = (axis) => {
    const values = turned.flat().map((point) => point[axis]);
    return [Math.min(...values), Math.max(...values)];
  };
  const ranges = [range(0), range(1)];
  const scale = share / Math.max(...ranges.map(([low, high]) => high - low), 1e-9);
  const place = (value, axis) => {
    const [low, high] = ranges[axis];
    return Math.round((middle[axis] + (value - (low + high) / 2) * scale) * kPadPixels) / kPadPixels;
  };
  return turned.map((stroke) => stroke.map(([x, y]) => ({ x: place(x, 0), y: place(y, 1), pressure: 0.5 })));
}
