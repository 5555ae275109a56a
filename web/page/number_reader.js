/**
 * Reads what lies on a sheet: one digit, or several in reading order.
 * → `{ single }`, a result of `classifier.classify`, or `{ digits }`, at least two such results, each with its `box`
 * `{left, top, right, bottom}` in pad sides.
 */
import { boxAround, groupStrokes, mayBeOne } from './stroke_groups.js';
import { renderForClassifier } from './stroke_renderer.js';

export const readSheet = (classifier, sheet) =>
  sheet.picture ? readPicture(classifier, sheet.picture) : readStrokes(classifier, sheet.strokes);

async function readStrokes(classifier, strokes) {
  const readOne = (group) => classifier.classify(renderForClassifier(group));
  const groups = groupStrokes(strokes);
  if (groups.length === 1) return { single: await readOne(strokes) };
  const readings = await Promise.all(groups.map(readOne));
  if (groups.length === 2 && mayBeOne(groups)) {
    const single = await readOne(strokes);
    const lessSure = Math.min(...readings.map(({ confidence }) => confidence));
    if (single.state === 'digit' && single.confidence >= lessSure) return { single };
  }
  return { digits: readings.map((reading, i) => ({ ...reading, box: boxAround(groups[i]) })) };
}

async function readPicture(classifier, { source, width, height }) {
  const digits = await classifier.classifyAll(source);
  if (digits.length <= 1) return { single: await classifier.classify(source) };
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
