/**
 * Reads a drawing as the page does, from its strokes, or, where the condition has a line width, from a picture of the pad.
 * For browsers and for Node, where `document` makes canvases (see measure.mjs).
 */
const padSide = 280; // pixels

/** `page` has the page's modules, `classifier` is the package's. → { digit, state, confidence, energy } */
export async function readDrawing(page, classifier, strokes, lineWidth) {
  const { single, digits } = lineWidth
    ? { single: await classifier.classify(drawPad(page, strokes, lineWidth)) }
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

function drawPad({ drawStrokes }, strokes, lineWidth) {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = padSide;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.fillStyle = '#fff';
  context.fillRect(0, 0, padSide, padSide);
  context.strokeStyle = '#000';
  drawStrokes(context, strokes, { toPixels: ({ x, y }) => ({ x: x * padSide, y: y * padSide }), lineWidth });
  return context.getImageData(0, 0, padSide, padSide);
}
