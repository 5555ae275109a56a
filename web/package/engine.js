// The engine without a worker: for workers of one's own, and for Node. worker.js is a shell around it.
import { InkdigitError, toInkdigitError } from './errors.js';
import { absoluteFolder } from './files.js';
import { fit } from './fit.js';
import { asBytes, checkFinite, checkFrames, checkLabels, checkPixels, frameSize } from './inputs.js';
import { architectureJson } from './layers.js';
import { readTrainerOptions } from './trainer_options.js';
import { loadModule } from './wasm_module.js';
import { checkPrecision, readWeights } from './weights.js';

export { InkdigitError } from './errors.js';
export { shippedWeights } from './weights.js';

/** Large batches go to the module in parts, so that its memory need not hold them whole. */
const framesPerCall = 256;

/** See engine.d.ts. */
export async function loadEngine(options = {}) {
  const { weights, precision = 'int8' } = options;
  checkPrecision(precision);
  const baseUrl = await absoluteFolder(options.baseUrl);
  const [{ module, backend }, bytes] = await Promise.all([
    loadModule({ ...options, baseUrl }),
    weights === null ? null : readWeights(weights, baseUrl, precision),
  ]);
  // Idle helpers cost a lone picture more than they bring on a busy machine, so the engine's own
  // choice of threads is for batches and training; threads that were asked for are used throughout.
  const threadsForOne = options.threads === undefined ? 1 : backend.threads;
  const engine = guard(() => new Engine(module, backend, threadsForOne, precision));
  try {
    // The shipped float32 weights are fetched only when someone wants to keep them or to learn.
    const fetchFloat32 = weights === undefined ? () => readWeights(undefined, baseUrl) : undefined;
    if (bytes) engine.importWeights(bytes, fetchFloat32);
  } catch (error) {
    engine.dispose();
    throw error;
  }
  return engine;
}

class Engine {
  #module; // undefined once disposed of
  #backend; // all but the precision, which depends on the weights
  #pool;
  #poolForOne;
  #precision; // what was asked for
  #classifier; // for one picture at a time; absent until there are weights
  #batchClassifier; // the same weights on all threads; made when first needed
  #weights; // bytes that the classifiers are made of
  #float32; // () → float32 weights: bytes, or a promise of them
  #trainers = new Set();

  constructor(module, backend, threadsForOne, precision) {
    this.#module = module;
    this.#backend = backend;
    this.#precision = precision;
    this.#pool = new module.ThreadPool(backend.threads);
    this.#poolForOne = threadsForOne === backend.threads ? this.#pool : new module.ThreadPool(threadsForOne);
    this.#tellPrecision(precision, 'as asked, or by default');
  }

  classify(picture) {
    const classifier = this.#needClassifier();
    checkPixels(picture);
    return guard(() => classifier.classify(picture.data, picture.width, picture.height));
  }

  classifyAll(picture) {
    const classifier = this.#needClassifier();
    checkPixels(picture);
    return guard(() => classifier.classifyAll(picture.data, picture.width, picture.height));
  }

  classifyBatch(frames) {
    const one = this.#needClassifier();
    const count = checkFrames(frames);
    const classifier = count > 1 ? guard(() => this.#needBatchClassifier()) : one;
    const probabilities = new Float32Array(count * 10);
    for (let begin = 0; begin < count; begin += framesPerCall) {
      const part = frames.subarray(begin * frameSize, (begin + framesPerCall) * frameSize);
      probabilities.set(
        guard(() => classifier.classifyBatch(part)),
        begin * 10,
      );
    }
    return probabilities;
  }

  frame(picture) {
    const module = this.#needModule();
    checkPixels(picture);
    return guard(() => module.frameDigit(picture.data, picture.width, picture.height));
  }

  async exportWeights() {
    this.#needClassifier();
    const weights = await this.#float32();
    if (guard(() => this.#needModule().isInt8(weights))) {
      throw new InkdigitError('weights', 'Only int8 weights were given, for reading only: there are none to export.');
    }
    return weights.slice().buffer;
  }

  /** `fetchFloat32`, loadEngine's own, is for int8 weights whose float32 ones are elsewhere. */
  importWeights(weights, fetchFloat32) {
    const module = this.#needModule();
    const given = asBytes(weights).slice();
    const { bytes, precision, why } = guard(() => this.#inPrecision(given));
    guard(() => {
      if (this.#classifier) this.#classifier.load(bytes);
      else this.#classifier = new module.Classifier(bytes, this.#poolForOne);
    });
    this.#batchClassifier?.delete();
    this.#batchClassifier = undefined;
    this.#weights = bytes;
    this.#float32 = fetchFloat32 ?? (() => given);
    this.#tellPrecision(precision, why);
  }

  /** Bytes of weights → { bytes, precision, why }: quantized, if that was asked for and can be. */
  #inPrecision(bytes) {
    const module = this.#module;
    if (module.isInt8(bytes)) {
      if (this.#precision === 'int8') return { bytes, precision: 'int8', why: 'the weights are' };
      throw new InkdigitError('weights', "These weights are int8; precision 'float32' needs float32 weights.");
    }
    if (this.#precision === 'float32') return { bytes, precision: 'float32', why: 'as asked' };
    try {
      return { bytes: module.quantize(bytes, this.#pool), precision: 'int8', why: 'quantized here' };
    } catch (error) {
      if (error?.code !== 'input') throw error; // damaged weights, no memory
      return { bytes, precision: 'float32', why: error.message };
    }
  }

  #tellPrecision(precision, why) {
    this.backend = Object.freeze({ ...this.#backend, precision, why: `${this.#backend.why}; ${precision}: ${why}` });
  }

  createTrainer(options = {}) {
    const module = this.#needModule();
    const trainer = new EngineTrainer(module, this.#pool, options, () => this.#trainers.delete(trainer));
    this.#trainers.add(trainer);
    return trainer;
  }

  memory() {
    const module = this.#needModule();
    return { heapBytes: module.heapBytes(), liveObjects: module.liveObjects() };
  }

  dispose() {
    if (!this.#module) return;
    for (const trainer of this.#trainers) trainer.dispose();
    this.#batchClassifier?.delete();
    this.#classifier?.delete();
    if (this.#poolForOne !== this.#pool) this.#poolForOne.delete();
    this.#pool.delete();
    this.#module.PThread?.terminateAllThreads();
    // The module's memory goes with the last reference to it.
    this.#module = this.#classifier = this.#batchClassifier = this.#pool = this.#poolForOne = undefined;
  }

  #needModule() {
    if (!this.#module) throw new InkdigitError('disposed', 'This engine was disposed of. Load a new one.');
    return this.#module;
  }

  #needClassifier() {
    this.#needModule();
    if (!this.#classifier) {
      throw new InkdigitError('weights', 'This engine was loaded without weights. Give it some by importWeights().');
    }
    return this.#classifier;
  }

  #needBatchClassifier() {
    if (this.#pool === this.#poolForOne) return this.#classifier;
    this.#batchClassifier ??= new this.#module.Classifier(this.#weights, this.#pool);
    return this.#batchClassifier;
  }
}

class EngineTrainer {
  #trainer; // undefined once disposed of
  #options;
  #module;
  #onDispose;

  constructor(module, pool, options, onDispose) {
    const { weights, layers, ...rest } = options;
    this.#options = readTrainerOptions(rest);
    this.#module = module;
    this.#onDispose = onDispose;
    const { optimizer, seed, scope } = this.#options;
    if (scope === 'head' && weights === undefined) {
      throw new InkdigitError('input', "weights: scope 'head' trains on top of trained layers: give their weights.");
    }
    const bytes = weights === undefined ? null : asBytes(weights);
    const layersJson = layers === undefined ? null : architectureJson(layers);
    this.#trainer = guard(() => new module.Trainer(layersJson, bytes, optimizer, seed, scope === 'head', pool));
  }

  get seed() {
    return this.#options.seed;
  }

  step(images, labels) {
    const trainer = this.#need();
    checkLabels(labels);
    const isFeatures = this.#options.scope === 'head' && images?.length !== frameSize * labels.length;
    if (isFeatures && images instanceof Float32Array) checkFinite(images, 'images');
    else checkFrames(images, 'images');
    return guard(() => trainer.step(images, labels, this.#options.learningRate));
  }

  features(images) {
    const trainer = this.#need();
    checkFrames(images, 'images');
    return guard(() => trainer.features(images));
  }

  async fit(dataset, options) {
    this.#need();
    return fit(this, this.#module, dataset, options);
  }

  exportWeights() {
    return guard(() => this.#need().save().buffer);
  }

  dispose() {
    this.#trainer?.delete();
    this.#trainer = undefined;
    this.#onDispose();
  }

  #need() {
    if (!this.#trainer) throw new InkdigitError('disposed', 'This trainer was disposed of. Create a new one.');
    return this.#trainer;
  }
}

/** The one place where errors of the wasm module become the package's own. */
function guard(body) {
  try {
    return body();
  } catch (error) {
    throw toInkdigitError(error);
  }
}
