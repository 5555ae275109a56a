/**
 * Reads what lies on a sheet: one digit, or several in reading order.
 * → `{ single }`, a result of `classifier.classify`, or `{ digits }`, at least two such results, each with its `box`
 * `{left, top, right, bottom}` in pad sides.
 */
import { readStrokes } from './inkdigit/drawing.js';

export const readSheet = (classifier, sheet) =>
  sheet.picture ? readPicture(classifier, sheet.picture) : readDrawing(classifier, sheet.strokes);

async function readDrawing(classifier, strokes) {
  const digits = await readStrokes(classifier, strokes);
  return digits.length === 1 ? { single: digits[0] } : { digits };
}

async function readPicture(classifier, { source, width, height }) {
  const digits = await classifier.classifyAll(source);
  if (digits.length === 0) return { single: await classifier.classify(source) }; // blank, with what it saw
  if (digits.length === 1) return { single: digits[0] };
  const longest = Math.max(width, height);
  const [left, top] = [(longest - width) / 2, (longest - height) / 2];
  return {
    digits: digits.map(({ box, ...reading }) => ({
      ...reading,
      box: {
        left: (left + box.x) / longest,
        top: (top + box.y) / longest,
        right: (left + box.x + box.width) / longest,
        bottom: (top + box.y + box.height) / longest,
      },
    })),
  };
}
