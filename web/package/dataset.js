// Labelled pictures, and batches of them as the network takes them.
import { inputError } from './errors.js';
import { checkFrames, checkLabels, checkNames, describe } from './inputs.js';
import { frameSize } from './shapes.js';

/** Ranges in which `augment: true` changes pictures: small, as one hand's writing varies. */
const defaultAugment = { rotation: 10, scale: 0.1, shear: 0.1, shift: 2, elasticStrength: 0.6, elasticSmoothness: 4 };

const augmentOptions = [...Object.keys(defaultAugment), 'occlusion'];

/** Looks at every value: an error says which is wrong. → the dataset. */
export function checkDataset(dataset) {
  const { images, labels } = dataset ?? {};
  checkLabels(labels, 'dataset.labels');
  if (!(images instanceof Uint8Array)) checkFrames(images, 'dataset.images');
  if (images.length !== frameSize * labels.length) {
    throw inputError('dataset.images', `${labels.length}×784 values for ${labels.length} labels`, images.length);
  }
  return dataset;
}

/** `augment` of FitOptions → ranges, or null for none. */
export function readAugment(augment = false) {
  if (augment === false || augment === null) return null;
  if (augment === true) return defaultAugment;
  if (typeof augment !== 'object') {
    throw inputError('augment', 'true, false or an object', describe(augment));
  }
  checkNames(augment, 'augment', augmentOptions);
  return augment;
}

/** The pictures at `indices`, one after the other, in the dataset's own type. */
function gather(images, indices) {
  const picked = new images.constructor(indices.length * frameSize);
  indices.forEach((i, n) => picked.set(images.subarray(i * frameSize, (i + 1) * frameSize), n * frameSize));
  return picked;
}

/** Loops, since Float32Array.from takes ten times as long. */
function toFloats(images) {
  if (images instanceof Float32Array) return images;
  const floats = new Float32Array(images.length);
  for (let i = 0; i < images.length; ++i) floats[i] = images[i] / 255;
  return floats;
}

function toBytes(images) {
  if (images instanceof Uint8Array) return images;
  const bytes = new Uint8Array(images.length);
  for (let i = 0; i < images.length; ++i) bytes[i] = Math.round(images[i] * 255);
  return bytes;
}

/** The pictures at `indices` as Float32Array n×784 in 0…1. */
export const readBatch = ({ images }, indices) => toFloats(gather(images, indices));

/** The same, each a little changed by `change(bytes, indices)`: Uint8Array n×784 → Float32Array n×784. */
export const readChangedBatch = ({ images }, indices, change) => change(toBytes(gather(images, indices)), indices);
