/**
 * Reads a drawing as the page does, from its strokes, or, where the condition has a line width, from a picture of the pad.
 * For browsers and for Node, where `document` makes canvases (see node_reader.mjs).
 */
const padSide = 280; // pixels

/** `page` has the page's modules, `classifier` is the package's. → { digit, state, confidence, energy } */
export async function readDrawing(page, classifier, strokes, lineWidth) {
  const { single, digits } = lineWidth
    ? { single: await classifier.classify(drawPad(page, strokes, { side: padSide, lineWidth })) }
    : await page.readSheet(classifier, { strokes });
  const { digit, state, confidence, energy } = single ?? asOne(digits);
  return { digit, state, confidence, energy };
}

/** A drawing that was taken for several digits: misread, and as sure as the page is of the number, which is of its least sure digit. */
const asOne = (digits) => ({
  digit: null,
  state: digits.some(({ state }) => state === 'unsure') ? 'unsure' : 'digit',
  confidence: Math.min(...digits.map(({ confidence }) => confidence)),
  energy: Math.min(...digits.map(({ energy }) => energy)),
});

/** A picture of the pad, black on white: `side` and `lineWidth` in pixels. */
export function drawPad({ drawStrokes }, strokes, { side, lineWidth }) {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = side;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.fillStyle = '#fff';
  context.fillRect(0, 0, side, side);
  context.strokeStyle = '#000';
  drawStrokes(context, strokes, { toPixels: ({ x, y }) => ({ x: x * side, y: y * side }), lineWidth });
  return context.getImageData(0, 0, side, side);
}
