/**
 * Which strokes are of one digit, where several digits are drawn side by side or in rows.
 * Strokes are as described in drawing.d.ts; boxes as in box.js.
 */
import { boxAround, height, sharedHeight, sharedWidth, width } from './box.js';

/**
 * Shares of the highest digit's height. Tried on 7,494 recorded drawings of one digit, of which 7,459 stay one; most of the others
 * are fours whose stem stands off, see neighbouring_digits.js.
 */
const lowPiece = 0.45; // what is lower is no digit but a bar, a hook, a dot or a dash
const mostBeside = 0.15; // how far such a piece may lie beside its digit
const mostAbove = 0.3; // and how far above or below
const brokenGap = 0.1; // gap between the upper and the lower part of one digit
const hatchHeight = 0.3; // a stroke lower than this share of its row may be one of many that fill a digit
/** Strokes overlap by this share of the narrower one's width if they are of one digit. */
const leastOverlap = 0.3;

function areOneDigit(a, b, usual) {
  const isLow = (box) => height(box) < lowPiece * usual;
  const [across, down] = [sharedWidth(a, b), sharedHeight(a, b)];
  if (isLow(a) || isLow(b)) return across >= -mostBeside * usual && down >= -mostAbove * usual;
  // A stem hardly has a width of its own.
  const narrower = Math.max(Math.min(width(a), width(b)), mostBeside * usual);
  return across >= leastOverlap * narrower - mostBeside * usual * 0.5 && down >= -brokenGap * usual;
}

/** The height of a digit: that of the highest stroke or, where all are mere hatches, most of them flat, of the highest row of them. */
function usualHeight(boxes) {
  const highest = Math.max(...boxes.map(height));
  const sorted = [...boxes].sort((a, b) => a.top - b.top);
  const gap = brokenGap * (Math.max(...boxes.map(({ bottom }) => bottom)) - sorted[0].top);
  let [row, top, bottom] = [0, sorted[0].top, sorted[0].bottom];
  for (const box of sorted) {
    if (box.top > bottom + gap) top = box.top;
    bottom = Math.max(bottom, box.bottom);
    row = Math.max(row, bottom - top);
  }
  const flat = boxes.filter((box) => height(box) <= width(box));
  return highest < hatchHeight * row && 2 * flat.length >= boxes.length ? row : highest;
}

/** → lists of strokes, a list for each digit, in reading order. One list unless there clearly are several digits, or none. */
export function groupStrokes(strokes) {
  if (strokes.length === 0) return [];
  let groups = strokes.map((stroke) => ({ strokes: [stroke], box: boxAround([stroke]) }));
  const usual = usualHeight(groups.map(({ box }) => box));
  const join = (first, second) => {
    first.strokes.push(...second.strokes);
    first.box = boxAround(first.strokes);
    first.isFragment &&= second.isFragment;
    groups.splice(groups.indexOf(second), 1);
  };
  const byHeight = (a, b) => height(a.box) - height(b.box); // a piece chooses its digit, not a digit its pieces
  // Digits first, so that a bar finds the whole of its digit.
  const isLow = ({ box }) => height(box) < lowPiece * usual;
  for (const group of groups) group.isFragment = isLow(group);
  const passes = [
    (a, b) => !isLow(a) && !isLow(b),
    (a, b) => isLow(a) || isLow(b),
    (a, b) => a.isFragment || b.isFragment, // hatches that have grown to parts of a digit
  ];
  for (const isTurn of passes) {
    const canJoin = (a, b) => a !== b && isTurn(a, b) && areOneDigit(a.box, b.box, usual);
    groups.sort(byHeight);
    for (let i = 0; i < groups.length;) {
      const other = groups
        .filter((group) => canJoin(groups[i], group))
        .sort((a, b) => sharedWidth(b.box, groups[i].box) - sharedWidth(a.box, groups[i].box))[0];
      if (!other) ++i;
      else {
        join(groups[i], other);
        groups.sort(byHeight);
        i = 0;
      }
    }
  }
  groups = groups.filter(({ box }) => height(box) >= lowPiece * usual);
  if (groups.length <= 1) return [strokes];
  return inReadingOrder(groups).map((group) => group.strokes);
}

/** Rows from top to bottom, each from left to right. */
function inReadingOrder(groups) {
  const waiting = [...groups].sort((a, b) => a.box.top - b.box.top);
  const sorted = [];
  while (waiting.length > 0) {
    const row = [waiting.shift()];
    const isBeside = (group) =>
      row.some(({ box }) => sharedHeight(box, group.box) >= 0.5 * Math.min(height(box), height(group.box)));
    for (let next; (next = waiting.findIndex(isBeside)) >= 0;) row.push(...waiting.splice(next, 1));
    sorted.push(...row.sort((a, b) => a.box.left - b.box.left));
  }
  return sorted;
}
