/** Reads strokes: one digit or several. Strokes and boxes are as described in drawing.d.ts. */
import { boxAround, middle } from './box.js';
import { readNeighbours } from './neighbouring_digits.js';
import { groupStrokes } from './stroke_groups.js';
import { renderForClassifier, smallestDrawing } from './stroke_renderer.js';

/** See drawing.d.ts. */
export async function readStrokes(classifier, strokes, { count, width = 1 } = {}) {
  const readOne = async (group) => {
    const reading = await classifier.classify(renderForClassifier(group));
    const box = boxAround(group);
    // A tap on the pad is none, however round.
    const isDot = Math.max(box.right - box.left, box.bottom - box.top) < smallestDrawing;
    return { ...reading, ...(isDot && { state: 'unsure' }), box };
  };
  if (strokes.length === 0) return [];
  if (count === 1) return [await readOne(strokes)];
  const groups = groupStrokes(strokes);
  if (count > 1 && groups.length !== count) {
    const cells = cellStrokes(strokes, count, width);
    if (cells.length === count) return Promise.all(cells.map(readOne));
  }
  const readings = await Promise.all(groups.map(readOne));
  if (groups.length === count) return readings;
  return readNeighbours(strokes, groups, readings, readOne);
}

/** The strokes of each of `count` equal cells side by side that has any; a stroke is where its middle is. */
function cellStrokes(strokes, count, width) {
  const cells = Array.from({ length: count }, () => []);
  for (const stroke of strokes) {
    const cell = Math.floor((middle(boxAround([stroke])) / width) * count);
    cells[Math.min(count - 1, Math.max(0, cell))].push(stroke);
  }
  return cells.filter((cell) => cell.length > 0);
}
