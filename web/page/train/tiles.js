/** Many small pictures in one canvas: filters, and what the layers make of a picture. */

/** Blue for positive values, orange for negative ones; what is near 0 is faint, but to be seen as a tile on the page's paper. */
const positiveColour = [60, 90, 220];
const negativeColour = [224, 112, 40];
const zeroColour = [128, 140, 190];
const faintest = 28; // opacity, of 255

function paint(pixels, at, value) {
  const opacity = Math.min(255, Math.round(Math.abs(value) * 255));
  if (opacity < faintest) pixels.data.set([...zeroColour, faintest], at * 4);
  else pixels.data.set([...(value < 0 ? negativeColour : positiveColour), opacity], at * 4);
}

/**
 * Draws `count` pictures of height×width in rows of `columns`, with a gap of one pixel. `valueAt(picture, y, x)` in -1…1.
 */
export function drawTiles(canvas, { count, height, width, columns }, valueAt) {
  const rows = Math.ceil(count / columns);
  canvas.width = columns * (width + 1) - 1;
  canvas.height = rows * (height + 1) - 1;
  const pixels = new ImageData(canvas.width, canvas.height);
  for (let i = 0; i < count; ++i) {
    const left = (i % columns) * (width + 1);
    const top = Math.floor(i / columns) * (height + 1);
    for (let y = 0; y < height; ++y) {
      for (let x = 0; x < width; ++x) paint(pixels, (top + y) * canvas.width + left + x, valueAt(i, y, x));
    }
  }
  canvas.getContext('2d').putImageData(pixels, 0, 0);
}

export const largest = (values) => values.reduce((most, v) => Math.max(most, Math.abs(v)), 0) || 1;
