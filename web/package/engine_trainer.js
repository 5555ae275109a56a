// Training by the whole module, without a worker: one network, in steps or by the loops of fit.js and evaluate.js.
import { checkDataset } from './dataset.js';
import { InkdigitError, inputError } from './errors.js';
import { evaluate } from './evaluate.js';
import { fit } from './fit.js';
import { checkFinite, checkFrames, checkLabels, checkString, describe } from './inputs.js';
import { architectureJson } from './layers.js';
import { guard } from './loaded_module.js';
import { Gate } from './pace.js';
import { frameSize } from './shapes.js';
import { readTrainerOptions } from './trainer_options.js';
import { disposeSymbol } from './using.js';
import { plainBytes } from './weights.js';

/** See engine.d.ts. */
export class EngineTrainer {
  #trainer; // undefined once disposed of
  #options;
  #module;
  #pool;
  #onDispose;
  #datasets = new Map(); // name → dataset
  #gate = new Gate(); // closed while paused or evaluating
  #paused = false;
  #evaluations = 0; // under way

  constructor(module, pool, options, onDispose) {
    const { layers } = options;
    const weights = options.weights ?? undefined; // null is none, too
    this.#options = readTrainerOptions(options);
    this.#module = module;
    this.#pool = pool;
    this.#onDispose = onDispose;
    const { optimizer, seed, scope } = this.#options;
    const headOnly = scope === 'head';
    if (headOnly && weights === undefined) {
      throw new InkdigitError('input', "weights: scope 'head' trains on top of trained layers: give their weights.");
    }
    const network = {
      layers: layers === undefined ? undefined : architectureJson(layers),
      weights: weights === undefined ? undefined : plainBytes(weights),
    };
    this.#trainer = guard(() => new module.Trainer({ ...network, optimizer, seed, headOnly }, pool));
  }

  get [Symbol.toStringTag]() {
    return 'EngineTrainer';
  }

  get seed() {
    return this.#options.seed;
  }

  get paused() {
    return this.#paused;
  }

  step(images, labels, options) {
    const trainer = this.#need();
    checkLabels(labels);
    const isHead = this.#options.scope === 'head';
    const areFeatures = options?.areFeatures ?? (isHead && images?.length !== frameSize * labels.length);
    if (areFeatures && !isHead) throw new InkdigitError('input', "areFeatures: only scope 'head' steps on features.");
    if (areFeatures && images instanceof Float32Array) checkFinite(images, 'images');
    else checkFrames(images, 'images');
    const inputs = areFeatures ? images : this.#toInputs(images);
    return guard(() => trainer.step(inputs, labels, this.#options.learningRate));
  }

  features(images) {
    const trainer = this.#need();
    checkFrames(images, 'images');
    return guard(() => trainer.features(images));
  }

  load(name, dataset) {
    this.#need();
    checkString(name, 'name');
    this.#datasets.set(name, checkDataset(dataset));
  }

  async fit(dataset, options) {
    this.#need();
    const augment = (frames, ranges, epoch, indices) => {
      this.#need();
      return guard(() => this.#module.augment({ frames, indices, ranges, seed: this.seed, epoch }, this.#pool));
    };
    return fit({ trainer: this, augment, gate: this.#gate }, this.#find(dataset), options);
  }

  async evaluate(dataset, options) {
    const classes = guard(() => this.#need().classes());
    const logitsOf = (images) => guard(() => this.#need().logits(this.#toInputs(images)));
    const found = this.#find(dataset);
    ++this.#evaluations;
    this.#gate.close(); // a fit must not change weights that are being measured
    try {
      return await evaluate({ logitsOf, classes }, found, options);
    } finally {
      --this.#evaluations;
      this.#goOn();
    }
  }

  activations(image) {
    const trainer = this.#need();
    if (checkFrames(image, 'image') !== 1) throw inputError('image', '784 values', image.length);
    return guard(() => trainer.activations(image));
  }

  pause() {
    this.#need();
    this.#paused = true;
    this.#gate.close();
  }

  resume() {
    this.#need();
    this.#paused = false;
    this.#goOn();
  }

  exportWeights() {
    return guard(() => this.#need().save().buffer);
  }

  [disposeSymbol]() {
    this.dispose();
  }

  dispose() {
    this.#trainer?.delete();
    this.#trainer = undefined;
    this.#datasets.clear();
    this.#gate.open(); // a fit that waits ends with the error that says why
    this.#onDispose();
  }

  /** Pictures as the layers that are trained take them: to a head, their features. */
  #toInputs(images) {
    return this.#options.scope === 'head' ? guard(() => this.#need().features(images)) : images;
  }

  #goOn() {
    if (!this.#paused && this.#evaluations === 0) this.#gate.open();
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
