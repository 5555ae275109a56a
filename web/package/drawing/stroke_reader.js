/** Reads strokes: one digit or several. Strokes and boxes are as described in drawing.d.ts. */
import { boxAround, height, middle, width } from './box.js';
import { readNeighbours } from './neighbouring_digits.js';
import { groupStrokes } from './stroke_groups.js';
import { renderForClassifier, smallestDrawing } from './stroke_renderer.js';

/** Whether what is in this box is a mere tap on the pad. */
export const isDot = (box) => Math.max(width(box), height(box)) < smallestDrawing;

/** See drawing.d.ts. */
export async function readStrokes(classifier, drawn, { count, width: padWidth = 1 } = {}) {
  const readOne = async (group) => {
    const reading = await classifier.classify(renderForClassifier(group));
    const box = boxAround(group);
    return { ...reading, ...(isDot(box) && { state: 'unsure' }), box }; // no digit, however round
  };
  const strokes = drawn.filter(({ length }) => length > 0);
  if (strokes.length === 0) return [];
  if (count === 1) return [await readOne(strokes)];
  const groups = groupStrokes(strokes);
  if (count > 1 && groups.length !== count) {
    const cells = cellStrokes(strokes, count, padWidth);
    if (cells.length === count) return Promise.all(cells.map(readOne));
  }
  const readings = await Promise.all(groups.map(readOne));
  if (groups.length === count) return readings;
  return readNeighbours(strokes, groups, readings, readOne);
}

/** The strokes of each of `count` equal cells side by side that has any; a stroke is where its middle is. */
function cellStrokes(strokes, count, padWidth) {
  const cells = Array.from({ length: count }, () => []);
  for (const stroke of strokes) {
    const cell = Math.floor((middle(boxAround([stroke])) / padWidth) * count);
    cells[Math.min(count - 1, Math.max(0, cell))].push(stroke);
  }
  return cells.filter((cell) => cell.length > 0);
}
