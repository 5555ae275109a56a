// What the layers before a network's head make of pictures, kept: it stays the same while the head alone learns.
import { readBatch } from './dataset.js';

/** Bytes of one store at most. What would be larger is made anew each time. */
const mostKept = 48e6;

export class FeatureStore {
  #dataset;
  #isKept;
  #kept; // [pictures, features]; made with the first

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
      if (4 * size * this.#isKept.length > mostKept) {
        return missing.length === indices.length ? made : featuresOf(readBatch(this.#dataset, indices));
      }
      this.#kept ??= new Float32Array(size * this.#isKept.length);
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
