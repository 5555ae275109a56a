/**
 * Strokes → pixels, for the eye (the pad) and for the network (an ImageData).
 * Strokes are as described in drawing.d.ts.
 */
import { boxAround } from './box.js';

/** Side of the image handed to the classifier, in pixels: ten for each of the network's 28. */
const imageSide = 280;
/** Longest side of the drawing inside it, in pixels: ten for each of MNIST's 20×20 box. */
const drawingSide = 200;
/**
 * Pen width in that image, in pixels. Measured on recorded pen strokes (hardly any difference from 10 to 36) and on MNIST images redrawn
 * with a thin pen (best below 20).
 */
const penWidth = 18;
/** A drawing shorter than this share of the pad is a dot, not a tiny digit: it is not blown up further. */
export const smallestDrawing = 0.04;

const midpoint = (a, b) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

/** Pen width as a share of the nominal one: pressure 0.5, and any device without pressure, gives 1. */
const pressureFactor = (pressure) => 0.5 + pressure;

/**
 * Draws strokes with round ends and joins, smoothed by quadratic curves through the midpoints of their points.
 * `toPixels` maps a point to pixels; `lineWidth` is in pixels; with `usePressure` the width follows the pen.
 */
export function drawStrokes(context, strokes, { toPixels, lineWidth, usePressure = false }) {
  context.lineCap = 'round';
  context.lineJoin = 'round';
  for (const stroke of strokes) {
    if (stroke.length === 0) continue;
    const points = stroke.map((point) => ({ ...toPixels(point), pressure: point.pressure }));
    // A dot is a very short line, as canvases draw nothing for one without length.
    if (points.length === 1) points.push({ ...points[0], x: points[0].x + 0.01 });
    if (usePressure && points.some((point) => point.pressure !== 0.5)) {
      drawWithPressure(context, points, lineWidth);
    } else {
      context.lineWidth = lineWidth;
      context.beginPath();
      traceCurve(context, points);
      context.stroke();
    }
  }
}

function traceCurve(context, points) {
  context.moveTo(points[0].x, points[0].y);
  for (let i = 1; i < points.length - 1; ++i) {
    const end = midpoint(points[i], points[i + 1]);
    context.quadraticCurveTo(points[i].x, points[i].y, end.x, end.y);
  }
  const last = points.at(-1);
  context.lineTo(last.x, last.y);
}

/** The same curve, with a path for each of its pieces, since a canvas path has one width. */
function drawWithPressure(context, points, lineWidth) {
  let start = points[0];
  for (let i = 1; i < points.length; ++i) {
    const control = points[i];
    const end = i < points.length - 1 ? midpoint(control, points[i + 1]) : control;
    context.lineWidth = lineWidth * pressureFactor(control.pressure);
    context.beginPath();
    context.moveTo(start.x, start.y);
    context.quadraticCurveTo(control.x, control.y, end.x, end.y);
    context.stroke();
    start = end;
  }
}

/**
 * Renders strokes as the classifier wants them: a new 280×280 ImageData, black ink on white.
 * The drawing is brought to one size and drawn with one pen, so a small digit in a corner and a large one
 * give the network the same picture: were the pixels of the pad scaled instead, the small one's lines would be far too thick.
 */
export function renderForClassifier(strokes) {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = imageSide;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.fillStyle = '#fff';
  context.fillRect(0, 0, imageSide, imageSide);
  if (strokes.length > 0) {
    const box = boxAround(strokes);
    const longest = Math.max(box.right - box.left, box.bottom - box.top, smallestDrawing);
    const scale = drawingSide / longest;
    const centreX = (box.left + box.right) / 2;
    const centreY = (box.top + box.bottom) / 2;
    const toPixels = ({ x, y }) => ({
      x: (x - centreX) * scale + imageSide / 2,
      y: (y - centreY) * scale + imageSide / 2,
    });
    context.strokeStyle = '#000';
    drawStrokes(context, strokes, { toPixels, lineWidth: penWidth });
  }
  return context.getImageData(0, 0, imageSide, imageSide);
}
