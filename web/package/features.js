// What the layers before a network's head make of pictures, kept: it stays the same while the head alone learns.
import { readBatch } from './dataset.js';

/** Bytes of one store at most. What would be larger is made anew each time. */
const mostKept = 48e6;

/** Room for so many values; null if they are too many, or there is no memory. */
function makeRoom(count) {
  if (4 * count > mostKept) return null;
  try {
    return new Float32Array(count);
  } catch {
    return null;
  }
}

export class FeatureStore {
  #dataset;
  #isKept;
  #kept; // [pictures, features]; made with the first; null: nothing is kept

  constructor(dataset) {
    this.#dataset = dataset;
    this.#isKept = new Uint8Array(dataset.labels.length);
  }

  /** The features of these pictures, one after the other; `featuresOf(images)` makes those that are missing. */
  of(indices, featuresOf) {
    const missing = indices.filter((i) => !this.#isKept[i]);
    if (missing.length > 0) {
      const made = featuresOf(readBatch(this.#dataset, missing));
      const size = made.length / missing.length;
      if (this.#kept === undefined) this.#kept = makeRoom(size * this.#isKept.length);
      if (this.#kept === null) return made; // of all, since none is kept
      missing.forEach((i, n) => {
        this.#kept.set(made.subarray(n * size, (n + 1) * size), i * size);
        this.#isKept[i] = 1;
      });
    }
    const size = this.#kept.length / this.#isKept.length;
    const features = new Float32Array(indices.length * size);
    indices.forEach((i, n) => features.set(this.#kept.subarray(i * size, (i + 1) * size), n * size));
    return features;
  }
}
