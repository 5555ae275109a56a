// What a Reader and an Engine share: a started module with its threads, and the weights that it reads with.
import { InkdigitError, toInkdigitError } from './errors.js';

export class LoadedModule {
  #module; // undefined once disposed of
  #backend; // all but the precision, which depends on the weights
  #poolForOne;
  #classifier; // for one picture at a time; absent until there are weights
  #batchClassifier; // the same weights on all threads; made when first needed
  #bytes; // of the weights, which classifiers are made of

  /** `started`: what loadModule() gives. `threads`: what was asked for, if anything. */
  constructor({ module, backend }, threads) {
    this.#module = module;
    this.#backend = backend;
    this.pool = new module.ThreadPool(backend.threads);
    // Idle helpers cost a lone picture more than they bring on a busy machine, so the engine's own
    // choice of threads is for batches and training; threads that were asked for are used throughout.
    const threadsForOne = threads === undefined ? 1 : backend.threads;
    this.#poolForOne = threadsForOne === backend.threads ? this.pool : new module.ThreadPool(threadsForOne);
  }

  /** What Embind made of the C++ engine. InkdigitError once this is disposed of. */
  get module() {
    if (!this.#module) throw new InkdigitError('disposed', 'This engine was disposed of. Load a new one.');
    return this.#module;
  }

  /** What reads so many pictures at once. */
  classifier(count = 1) {
    const { module } = this;
    if (!this.#classifier) {
      throw new InkdigitError('weights', 'This engine was loaded without weights. Give it some by importWeights().');
    }
    if (count === 1 || this.pool === this.#poolForOne) return this.#classifier;
    return (this.#batchClassifier ??= guard(() => new module.Classifier(this.#bytes, this.pool)));
  }

  /** Reads with these weights from now on; on an error the old ones are still there. */
  load(bytes) {
    const { module } = this;
    guard(() => {
      if (this.#classifier) this.#classifier.load(bytes);
      else this.#classifier = new module.Classifier(bytes, this.#poolForOne);
    });
    this.#batchClassifier?.delete();
    this.#batchClassifier = undefined;
    this.#bytes = bytes;
  }

  /** The public `backend`, when weights of this precision are read with, for this reason. */
  backend(precision, why) {
    return Object.freeze({ ...this.#backend, precision, why: `${this.#backend.why}; ${precision}: ${why}` });
  }

  dispose() {
    if (!this.#module) return;
    this.#batchClassifier?.delete();
    this.#classifier?.delete();
    if (this.#poolForOne !== this.pool) this.#poolForOne.delete();
    this.pool.delete();
    this.#module.PThread?.terminateAllThreads();
    // The module's memory goes with the last reference to it.
    this.#module = this.#classifier = this.#batchClassifier = this.pool = this.#poolForOne = undefined;
  }
}

/** The one place where errors of the wasm module become the package's own. */
export function guard(body) {
  try {
    return body();
  } catch (error) {
    throw toInkdigitError(error);
  }
}
