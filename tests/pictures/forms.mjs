/** Numbers of recorded digits, written into printed forms: boxes, combs and lines, cut out in several ways. */
import { openCanvas } from '../strokes/node_canvas.mjs';
import { boxAround } from '../../web/package/drawing/box.js';

/** Pixels: a cell's height and width, and how much paper is around the form. */
const cellHeight = 100;
const cellWidth = 85;
const margin = 50;
/** Of a cell's height: how thick the pen is, how much heights differ, and how far digits are from its middle. */
const penWidth = 0.06;
const heightSpread = 0.12;
const placeSpread = 0.05;

/** How a cell at (x, y) is printed: paths, each a list of points. `i` counts from 0. */
const box = (x, y) => [
  [
    [x, y],
    [x + cellWidth, y],
    [x + cellWidth, y + cellHeight],
    [x, y + cellHeight],
    [x, y],
  ],
];
const tooth = (x, y, height) => [
  [x, y + cellHeight - height],
  [x, y + cellHeight],
];
const foot = (x, y, inset = 0) => [
  [x + inset, y + cellHeight],
  [x + cellWidth - inset, y + cellHeight],
];
const comb = (x, y) => [tooth(x, y, 40), foot(x, y), tooth(x + cellWidth, y, 40)];
const ticks = (x, y, i) => (i === 0 ? [foot(x, y)] : [tooth(x, y, 25), foot(x, y)]);
const ownLine = (x, y) => [foot(x, y, 0.1 * cellWidth)];
const far = 10 * cellWidth;
const table = (x, y) => [
  ...[x, x + cellWidth].map((side) => [
    [side, -far],
    [side, far],
  ]),
  ...[y, y + cellHeight].map((side) => [
    [-far, side],
    [far, side],
  ]),
];

/**
 * `cell` as above; `apart`: pixels between two; `size`: a digit's height, of a cell's; `cut`: pixels of paper that are left [at the
 * sides, above and below], less than 0 within the outer lines.
 */
const usual = { cell: box, line: 3, apart: 0, size: 0.62, cut: [margin, margin], colour: '#333' };
const nearLines = 3;

export const forms = {
  boxes: usual,
  'boxes of thin lines': { ...usual, line: 1.5 },
  'boxes of lines as thick as strokes': { ...usual, line: 6 },
  'light boxes': { ...usual, colour: '#f0b080' },
  'boxes, digits across their lines': { ...usual, size: 0.85 },
  'boxes apart': { ...usual, apart: 25 },
  'boxes apart, digits across their lines': { ...usual, apart: 25, size: 0.85 },
  'boxes, cut out along their lines': { ...usual, cut: [nearLines, nearLines] },
  'boxes, cut out along their side lines': { ...usual, cut: [nearLines, margin / 2] },
  'boxes, cut out within their side lines': { ...usual, cut: [-nearLines, margin / 2] },
  'boxes, cut out within their upper and lower lines': { ...usual, cut: [nearLines, -nearLines] },
  'boxes, cut out within all lines': { ...usual, cut: [-nearLines, -nearLines] },
  'a comb': { ...usual, cell: comb },
  'a comb, digits across its line': { ...usual, cell: comb, size: 0.95 },
  'a line with ticks': { ...usual, cell: ticks },
  'a line with ticks, digits across it': { ...usual, cell: ticks, size: 1.05 },
  'a line below each digit': { ...usual, cell: ownLine },
  'a table': { ...usual, cell: table },
  'a table, digits across its lines': { ...usual, cell: table, size: 0.85 },
};

function drawPath(context, points) {
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  if (points.length === 1) context.lineTo(points[0][0] + 0.1, points[0][1]);
  context.stroke();
}

/** A digit's strokes with its middle at (x, y), `height` pixels high, but no wider than its cell. */
function placed(strokes, x, y, height) {
  const points = strokes.map((stroke) => stroke.map(([u, v]) => ({ x: u, y: v })));
  const { left, right, top, bottom } = boxAround(points);
  const scale = Math.min(height / Math.max(bottom - top, 1e-9), (0.8 * cellWidth) / Math.max(right - left, 1e-9));
  return points.map((stroke) =>
    stroke.map((p) => [x + (p.x - (left + right) / 2) * scale, y + (p.y - (top + bottom) / 2) * scale]),
  );
}

/** → async (drawings of the digits, one of `forms`, random numbers) → ImageData of the form, as its JPEG is decoded. */
export async function openPress() {
  const { createCanvas, loadImage } = await openCanvas();
  return async (drawings, form, random) => {
    const about = (spread) => spread * (2 * random() - 1);
    const pitch = cellWidth + form.apart;
    const [width, height] = [drawings.length * pitch - form.apart, cellHeight];
    const canvas = createCanvas(width + 2 * margin, height + 2 * margin);
    const context = canvas.getContext('2d');
    context.fillStyle = '#f4f1ea';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.translate(canvas.width / 2, canvas.height / 2);
    context.rotate(about(0.01));
    context.translate(-width / 2, -height / 2);
    context.strokeStyle = form.colour;
    context.lineWidth = form.line;
    for (const i of drawings.keys()) {
      for (const path of form.cell(i * pitch, 0, i)) drawPath(context, path);
    }
    context.strokeStyle = '#203060';
    context.lineWidth = penWidth * cellHeight;
    context.lineCap = context.lineJoin = 'round';
    for (const [i, { strokes }] of drawings.entries()) {
      const x = i * pitch + cellWidth / 2 + about(placeSpread) * cellHeight;
      const y = cellHeight / 2 + about(placeSpread) * cellHeight;
      const size = form.size * cellHeight * (1 + about(heightSpread));
      for (const path of placed(strokes, x, y, size)) drawPath(context, path);
    }
    const [beside, above] = form.cut;
    const part = createCanvas(width + 2 * beside, height + 2 * above);
    part.getContext('2d').drawImage(canvas, beside - margin, above - margin);
    const jpeg = await loadImage(await part.encode('jpeg', 80));
    part.getContext('2d').drawImage(jpeg, 0, 0);
    return part.getContext('2d').getImageData(0, 0, part.width, part.height);
  };
}
