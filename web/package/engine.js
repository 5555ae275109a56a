// The engine without a worker: for workers of one's own, and for Node. worker.js is a shell around it.
import { engineBuilds } from './builds.js';
import { checkDataset, readBatch } from './dataset.js';
import { InkdigitError } from './errors.js';
import { evaluate } from './evaluate.js';
import { absoluteFolder } from './files.js';
import { fit } from './fit.js';
import { asBytes, checkFinite, checkFrames, checkLabels, describe, frameSize } from './inputs.js';
import { architectureJson } from './layers.js';
import { learn } from './learn.js';
import { guard, LoadedModule } from './loaded_module.js';
import { Gate } from './pace.js';
import { Reader } from './reader.js';
import { loadRehearsal } from './rehearsal.js';
import { readSamples } from './samples.js';
import { readTrainerOptions } from './trainer_options.js';
import { loadBoth, loadModule } from './wasm_module.js';
import { checkPrecision, isInt8, readSource, toFloat32 } from './weights.js';

export { InkdigitError } from './errors.js';
export { shippedWeights } from './weights.js';

/** Weights to go back to: the last so many. */
const longestHistory = 10;

/** See engine.d.ts. */
export async function loadEngine(options = {}) {
  const { weights, precision } = options;
  checkPrecision(precision);
  const baseUrl = await absoluteFolder(options.baseUrl);
  const [started, source] = await loadBoth(
    loadModule(engineBuilds, { ...options, baseUrl }),
    weights === null ? null : readSource(weights, baseUrl, precision),
  );
  return guard(() => new Engine(new LoadedModule(started, options.threads), { baseUrl, precision }, source));
}

class Engine extends Reader {
  #loaded;
  #precision; // what was asked for, if anything
  #weights; // see readSource() in weights.js
  #trainers = new Set();
  #history = []; // weights before the last lessons and imports
  #baseUrl;
  #known = {}; // see learn.js

  /** `weights`, see #weights, may be null. On an error there is no engine. */
  constructor(loaded, { baseUrl, precision }, weights) {
    super(loaded, loaded.backend(precision ?? 'float32', 'there are no weights yet'));
    this.#loaded = loaded;
    this.#baseUrl = baseUrl;
    this.#precision = precision;
    if (!weights) return;
    try {
      this.#take(weights);
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  async exportWeights() {
    this.#loaded.classifier();
    return (await toFloat32(this.#weights)).slice().buffer;
  }

  importWeights(weights) {
    this.#change({ given: asBytes(weights).slice() });
  }

  async resetWeights() {
    this.#needLive();
    this.#change(await readSource(undefined, this.#baseUrl, this.#precision));
  }

  undo() {
    this.#needLive();
    if (this.#history.length === 0) return false;
    this.#take(this.#history.at(-1));
    this.#history.pop();
    return true;
  }

  async removeSymbol(name) {
    if (typeof name !== 'string') throw new InkdigitError('input', `name: expected a string, got ${describe(name)}`);
    const weights = new Uint8Array(await this.exportWeights());
    const { module, pool } = this.#loaded;
    this.importWeights(guard(() => module.removeSymbol(weights, name, pool)));
  }

  async fineTune(samples, options) {
    const before = new Uint8Array(await this.exportWeights());
    const { report, weights } = await this.teach(before, samples, options);
    if (weights) this.importWeights(weights);
    return report;
  }

  /** The lesson of fineTune, on weights (bytes) that need not be the engine's: → { report, weights: bytes or null }. */
  async teach(weights, samples, options) {
    try {
      return await this.#teach(weights, samples, options);
    } catch (error) {
      if (error?.code !== 'memory') throw error;
      const size = `${(weights.byteLength / 1e6).toFixed(1)} MB of weights`;
      throw new InkdigitError(
        'memory',
        `There is not enough memory to teach a network of this size (${size}). Use a smaller one, or the shipped weights.`,
        { cause: error },
      );
    }
  }

  async #teach(weights, samples, options) {
    this.#needLive();
    const rehearsal = await loadRehearsal(this.#baseUrl);
    options?.signal?.throwIfAborted();
    const { module, pool } = this.#loaded;
    const reader = guard(() => new module.Classifier(weights, pool));
    let grown = weights;
    let dataset;
    try {
      const symbols = guard(() => reader.symbols());
      const { newSymbols, ...samplesOf } = readSamples(samples, symbols, (drawing) => this.frame(drawing));
      dataset = samplesOf;
      newSymbols.forEach((name, n) => {
        const shown = framesOf(dataset, 10 + symbols.length + n);
        const like = mostFrequentClass(
          guard(() => reader.classifyBatch(shown)),
          10 + symbols.length,
        );
        grown = guard(() => module.addSymbol(grown, name, like, pool));
      });
    } finally {
      reader.delete();
    }
    const known = sameBytes(this.#known.weights, grown) ? this.#known : { weights: grown };
    const tools = {
      makeTrainer: (learningRate, scope) => guard(() => this.#makeLearner(grown, learningRate, scope)),
      augment: (bytes, ranges, round, keys) => guard(() => module.augment(bytes, keys, ranges, 1, round, pool)),
      rehearsal,
      known,
    };
    const { heldBackReadings, ...result } = await learn(tools, dataset, options);
    this.#known = result.weights ? { weights: result.weights, readings: heldBackReadings } : known;
    return result;
  }

  createTrainer(options = {}) {
    const { module, pool } = this.#loaded;
    const trainer = new EngineTrainer(module, pool, options, () => this.#trainers.delete(trainer));
    this.#trainers.add(trainer);
    return trainer;
  }

  dispose() {
    for (const trainer of this.#trainers) trainer.dispose();
    super.dispose();
  }

  /** Takes weights that undo takes back. */
  #change(weights) {
    const before = this.#weights;
    this.#take(weights);
    if (before) this.#history = [...this.#history, before].slice(-longestHistory);
  }

  /** Reads with these weights from now on; on an error the old ones are still there. */
  #take(weights) {
    const { bytes, precision, why } = guard(() => this.#inPrecision(weights.given));
    this.#loaded.load(bytes);
    this.#weights = weights;
    this.backend = this.#loaded.backend(precision, why);
  }

  /** Bytes of weights → { bytes, precision, why }: quantized, if that was asked for and can be. */
  #inPrecision(bytes) {
    const { module, pool } = this.#loaded;
    const given = isInt8(bytes) ? 'int8' : 'float32';
    if (given === 'int8' && this.#precision === 'float32') {
      throw new InkdigitError('weights', "These weights are int8; precision 'float32' needs float32 weights.");
    }
    if (given === 'int8' || this.#precision !== 'int8') return { bytes, precision: given, why: 'the weights are' };
    try {
      return { bytes: module.quantize(bytes, pool), precision: 'int8', why: 'quantized here' };
    } catch (error) {
      if (error?.code !== 'input') throw error; // damaged weights, no memory
      return { bytes, precision: 'float32', why: error.message };
    }
  }

  /** InkdigitError once the engine is disposed of. */
  #needLive() {
    return this.#loaded.module;
  }

  /** A trainer of a copy of the weights, as learn.js needs it. Its calls fail once the engine is disposed of. */
  #makeLearner(bytes, learningRate, scope) {
    const trainer = new this.#loaded.module.Trainer(
      null,
      bytes,
      { type: 'adamw' },
      1,
      scope === 'head',
      this.#loaded.pool,
    );
    trainer.useDropout(false);
    const call = (body) => {
      this.#needLive();
      return guard(body);
    };
    return {
      classes: () => call(() => trainer.classes()),
      step: (images, labels) => call(() => trainer.step(images, labels, learningRate)),
      logits: (images, count) => call(() => trainer.logits(images, count)),
      remember: () => call(() => trainer.remember()),
      blend: (share) => call(() => trainer.blend(bytes, share)),
      save: () => call(() => trainer.save()),
      delete: () => trainer.delete(),
    };
  }
}

class EngineTrainer {
  #trainer; // undefined once disposed of
  #options;
  #module;
  #pool;
  #onDispose;
  #datasets = new Map(); // name → dataset
  #gate = new Gate(); // closed while paused

  constructor(module, pool, options, onDispose) {
    const { weights, layers, ...rest } = options;
    this.#options = readTrainerOptions(rest);
    this.#module = module;
    this.#pool = pool;
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

  get paused() {
    return this.#gate.closed;
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

  load(name, dataset) {
    this.#need();
    if (typeof name !== 'string') {
      throw new InkdigitError('input', `name: expected a string, got ${describe(name)}`);
    }
    this.#datasets.set(name, checkDataset(dataset));
  }

  async fit(dataset, options) {
    this.#need();
    const augment = (bytes, ranges, epoch, indices) =>
      guard(() => this.#module.augment(bytes, indices, ranges, this.seed, epoch, this.#pool));
    return fit({ trainer: this, augment, gate: this.#gate }, this.#find(dataset), options);
  }

  async evaluate(dataset, options) {
    const classes = guard(() => this.#need().classes());
    const logitsOf = (images, count) => guard(() => this.#need().logits(images, count));
    return evaluate({ logitsOf, classes }, this.#find(dataset), options);
  }

  activations(image) {
    const trainer = this.#need();
    if (checkFrames(image, 'image') !== 1) {
      throw new InkdigitError('input', `image: expected 784 values, got ${image.length}`);
    }
    return guard(() => trainer.activations(image));
  }

  pause() {
    this.#need();
    this.#gate.close();
  }

  resume() {
    this.#need();
    this.#gate.open();
  }

  exportWeights() {
    return guard(() => this.#need().save().buffer);
  }

  dispose() {
    this.#trainer?.delete();
    this.#trainer = undefined;
    this.#datasets.clear();
    this.#gate.open(); // a fit that waits ends with the error that says why
    this.#onDispose();
  }

  /** A dataset, or the name of one that was loaded → the dataset, checked. */
  #find(dataset) {
    if (typeof dataset !== 'string') return checkDataset(dataset);
    const found = this.#datasets.get(dataset);
    if (!found) throw new InkdigitError('input', `dataset: there is none named ${describe(dataset)}; load() it first.`);
    return found;
  }

  #need() {
    if (!this.#trainer) throw new InkdigitError('disposed', 'This trainer was disposed of. Create a new one.');
    return this.#trainer;
  }
}

/** The pictures of one class, as the network takes them. */
function framesOf(dataset, label) {
  const indices = [...dataset.labels.keys()].filter((i) => dataset.labels[i] === label);
  return readBatch(dataset, indices);
}

/** Of rows of probabilities, the class that is most often the most probable. */
function mostFrequentClass(probabilities, classes) {
  const counts = new Array(classes).fill(0);
  for (let begin = 0; begin < probabilities.length; begin += classes) {
    const row = probabilities.subarray(begin, begin + classes);
    ++counts[row.indexOf(Math.max(...row))];
  }
  return counts.indexOf(Math.max(...counts));
}

const sameBytes = (a, b) => a?.length === b.length && a.every((byte, i) => byte === b[i]);
