/** The first layer's filters, and what each layer makes of a digit. */
import { best } from '../ranking.js';
import { frameSide } from '../shapes.js';
import { readHeader } from '../vendor/safetensors.js';
import { drawTiles, largest } from './tiles.js';
import { count, percent, plural } from '../quantities.js';

const mostFilters = 64;

/** → { name, shape, values } of the first layer's weights: that whose inputs are pixels. */
function firstLayerWeights(weights) {
  const { tensors, data } = readHeader(new Uint8Array(weights));
  const name = ['conv1.weight', 'dense1.weight'].find((tensor) => tensor in tensors);
  const { shape, data_offsets: offsets } = tensors[name];
  // Copied: the offset need not be a multiple of four.
  return { name, shape, values: new Float32Array(data.slice(...offsets).buffer) };
}

/** Draws the first layer's filters into `canvas`: `weights` is a safetensors file. → a caption. */
export function showFilters(canvas, weights) {
  const { name, shape, values } = firstLayerWeights(weights);
  const side = name.startsWith('conv') ? shape[1] : frameSide; // a dense layer sees all pixels
  const size = side * side;
  const shown = Math.min(shape[0], mostFilters);
  const columns = Math.min(shown, side > 9 ? 8 : 16);
  const scales = Array.from({ length: shown }, (_, i) => largest(values.subarray(i * size, (i + 1) * size)));
  drawTiles(canvas, { count: shown, height: side, width: side, columns }, (i, y, x) => {
    return values[i * size + y * side + x] / scales[i];
  });
  const more = shown < shape[0] ? `${shown} of ${count(shape[0])}` : count(shape[0]);
  const caption = `${more} filters of ${side}×${side} pixels: blue answers to ink, orange to paper.`;
  canvas.setAttribute('aria-label', `First layer: ${caption}`);
  return caption;
}

/** "conv1: 32 pictures of 26×26". */
function describe({ name, type, shape }) {
  const title = type === 'max_pool2d' ? 'pooling' : name;
  if (shape.length === 3) return `${title}: ${plural(shape[2], 'picture')} of ${shape[0]}×${shape[1]}`;
  return `${title}: ${plural(shape[0], 'value')}`;
}

/** One figure for each layer, in `box`; figures are kept from one time to the next, so that nothing flickers. */
export function showActivations(box, activations) {
  while (box.children.length > activations.length) box.lastElementChild.remove();
  activations.forEach((activation, i) => {
    const figure = box.children[i] ?? box.appendChild(emptyFigure());
    const canvas = figure.querySelector('canvas');
    drawActivation(canvas, activation);
    canvas.setAttribute('aria-label', describe(activation));
    figure.querySelector('figcaption').textContent = describe(activation);
  });
}

function emptyFigure() {
  const figure = document.createElement('figure');
  const canvas = document.createElement('canvas');
  canvas.setAttribute('role', 'img');
  figure.append(canvas, document.createElement('figcaption'));
  return figure;
}

function drawActivation(canvas, { shape, data }) {
  const scale = largest(data);
  if (shape.length === 3) {
    const [height, width, channels] = shape;
    const columns = Math.min(channels, 16);
    canvas.style.removeProperty('--columns');
    drawTiles(canvas, { count: channels, height, width, columns }, (i, y, x) => {
      return data[(y * width + x) * channels + i] / scale;
    });
  } else {
    const columns = Math.min(shape[0], 32);
    canvas.style.setProperty('--columns', columns);
    drawTiles(canvas, { count: shape[0], height: 4, width: 4, columns }, (i) => data[i] / scale);
  }
}

/** "Read as 7 (99.8%)", from the logits of the last layer. */
export function readingOf(activations) {
  const logits = activations.at(-1).data;
  const digit = best(logits);
  const all = logits.reduce((sum, v) => sum + Math.exp(v - logits[digit]), 0); // where the digit's own power is 1
  return `Read as ${digit} (${percent(1 / all, 1)} sure)`;
}
