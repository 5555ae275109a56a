/** Recorded pen strokes, and where and how they may be put on the page's pad. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

/** Where the recorded pen strokes are: INKDIGIT_STROKES, or shared/data/strokes beside the project. They are not part of it. */
const strokesFolder =
  process.env.INKDIGIT_STROKES ?? fileURLToPath(new URL('../../../shared/data/strokes', import.meta.url));

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

/** The drawings of a file of that folder; undefined when it is not there. */
export function recordedStrokes(fileName) {
  const file = path.join(strokesFolder, fileName);
  return existsSync(file) ? readDrawings(file) : undefined;
}

/** Ends a measuring program that cannot begin; `words` say why. */
export function quit(words) {
  console.error(words);
  process.exit(1);
}

/** A file to measure with: `named`, or the drawings of the usual writers. Without it the program ends. */
export function fileToMeasure(named = path.join(strokesFolder, 'pendigits-tra.strokes.jsonl.gz')) {
  if (!existsSync(named))
    quit(`There is no file ${named}. Name a file of strokes, or their folder in INKDIGIT_STROKES.`);
  return named;
}

/** Scales strokes so that their longest side takes `size` of the pad, centred at `centre` (pad units). */
export function fitToPad(strokes, { size = 0.7, centre = [0.5, 0.5] } = {}) {
  const points = strokes.flat();
  const [left, top] = [0, 1].map((axis) => Math.min(...points.map((p) => p[axis])));
  const [right, bottom] = [0, 1].map((axis) => Math.max(...points.map((p) => p[axis])));
  const scale = size / Math.max(right - left, bottom - top, 1e-9);
  return strokes.map((stroke) =>
    stroke.map(([x, y]) => [
      centre[0] + (x - (left + right) / 2) * scale,
      centre[1] + (y - (top + bottom) / 2) * scale,
    ]),
  );
}

/** The pad's side in CSS pixels on a small screen, to which a mouse's places are rounded. */
const padPixels = 320;

/**
 * How a drawing lies on the pad: `size` and `centre` as of fitToPad, what its width is multiplied by, and the degrees it is then turned clockwise. With a `lineWidth`, in 280ths of the pad, a picture of the pad is read instead of the strokes, as other sites would have it.
 */
export const conditions = {
  centred: {},
  corner: { size: 0.25, centre: [0.15, 0.84] },
  'turned 15°': { turn: 15 },
  'turned -15°': { turn: -15 },
  'narrowed to 70 %': { width: 0.7 },
  'narrowed to 50 %': { width: 0.5 },
  'picture, hairline': { lineWidth: 1 },
  'picture, pen': { lineWidth: 8 },
  'picture, marker': { lineWidth: 30 },
  'picture, corner': { size: 0.25, centre: [0.15, 0.84], lineWidth: 8 },
};

/** Strokes in units of their own → points of the pad, 0…1, on whole CSS pixels. */
export function placeOnPad(strokes, { width = 1, turn = 0, ...place }) {
  const [cosine, sine] = [Math.cos((turn * Math.PI) / 180), Math.sin((turn * Math.PI) / 180)];
  const turned = strokes.map((stroke) =>
    stroke.map(([x, y]) => [width * x * cosine - y * sine, width * x * sine + y * cosine]),
  );
  const onPixel = (value) => Math.round(value * padPixels) / padPixels;
  return fitToPad(turned, place).map((stroke) =>
    stroke.map(([x, y]) => ({ x: onPixel(x), y: onPixel(y), pressure: 0.5 })),
  );
}
