// The engine without a worker: for workers of one's own, and for Node. worker.js is a shell around it.
import { engineBuilds } from './builds.js';
import { EngineTrainer } from './engine_trainer.js';
import { InkdigitError } from './errors.js';
import { absoluteFolder } from './files.js';
import { checkNames, checkOptions, checkString, engineOptions } from './inputs.js';
import { guard, LoadedModule } from './loaded_module.js';
import { Reader } from './reader.js';
import { checkLesson, withPixels } from './samples.js';
import { Teacher } from './teacher.js';
import { Turns } from './turns.js';
import { loadBoth, loadModule } from './wasm_module.js';
import { checkPrecision, isInt8, ownWeights, plainBytes, readSource, toFloat32 } from './weights.js';

export { InkdigitError } from './errors.js';
export { shippedWeights } from './weights.js';

/** Weights to go back to: the last so many. */
const longestHistory = 10;

/** See engine.d.ts. */
export async function loadEngine(options = {}) {
  checkOptions(options);
  checkNames(options, 'loadEngine', engineOptions);
  const { precision } = options;
  checkPrecision(precision);
  const weights = ownWeights(options.weights);
  const baseUrl = await absoluteFolder(options.baseUrl);
  const [started, source] = await loadBoth(
    loadModule(engineBuilds, { ...options, baseUrl }),
    weights === null ? null : readSource(weights, baseUrl, precision),
  );
  const shipped = weights === undefined ? source : undefined;
  return guard(() => new Engine(new LoadedModule(started, options.threads), { baseUrl, precision, shipped }, source));
}

class Engine extends Reader {
  #loaded;
  #precision; // what was asked for, if anything
  #weights; // see readSource() in weights.js
  #shipped; // those that the package ships, once they have come: the way back needs no network
  #trainers = new Set();
  #history = []; // weights before the last lessons and imports
  #turns = new Turns(); // of calls that change the weights some time later
  #changesAtOnce = 0; // by calls that wait for no turn
  #baseUrl;
  #teacher;

  /** `weights`, see #weights, may be null. On an error there is no engine. */
  constructor(loaded, { baseUrl, precision, shipped }, weights) {
    super(loaded, loaded.backend(precision ?? 'float32', 'there are no weights yet'));
    this.#loaded = loaded;
    this.#baseUrl = baseUrl;
    this.#precision = precision;
    this.#shipped = shipped;
    this.#teacher = new Teacher(loaded, baseUrl, (drawing) => this.frame(drawing));
    if (!weights) return;
    try {
      this.#take(weights);
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  get [Symbol.toStringTag]() {
    return 'Engine';
  }

  async exportWeights() {
    this.#loaded.classifier();
    return (await toFloat32(this.#weights)).slice().buffer;
  }

  importWeights(weights) {
    this.#change({ given: plainBytes(weights).slice() });
    ++this.#changesAtOnce;
  }

  async resetWeights() {
    return this.#changeInTurn(async () => {
      this.#needLive();
      this.#shipped ??= await readSource(undefined, this.#baseUrl, this.#precision);
      return { weights: this.#shipped };
    });
  }

  undo() {
    this.#needLive();
    if (this.#history.length === 0) return false;
    this.#take(this.#history.at(-1));
    this.#history.pop();
    ++this.#changesAtOnce;
    return true;
  }

  async removeSymbol(name) {
    checkString(name, 'name');
    return this.#changeInTurn(async () => {
      const weights = new Uint8Array(await this.exportWeights());
      const { module, pool } = this.#loaded;
      return { weights: { given: guard(() => module.removeSymbol(weights, name, pool)) } };
    });
  }

  async fineTune(samples, options = {}) {
    checkLesson(samples, options);
    return this.#changeInTurn(async () => {
      const before = new Uint8Array(await this.exportWeights());
      const { report, weights } = await this.#teacher.teach(before, samples, options);
      return { weights: weights && { given: weights }, report };
    });
  }

  // The teacher keeps the weights that it has seen last.

  async prepareToTeach(weights, options) {
    return this.#teacher.prepare(plainBytes(weights).slice(), options);
  }

  /** `toPixels`, for the package alone: gives what stands as `drawing` in the samples as pixels, later. */
  async teach(weights, samples, options = {}, toPixels) {
    const bytes = plainBytes(weights).slice();
    checkLesson(samples, options);
    const readable = toPixels ? await withPixels(samples, toPixels) : samples;
    const taught = await this.#teacher.teach(bytes, readable, options);
    return { ...taught, weights: taught.weights?.slice() ?? null };
  }

  createTrainer(options = {}) {
    checkOptions(options);
    const { module, pool } = this.#loaded;
    const trainer = new EngineTrainer(module, pool, options, () => this.#trainers.delete(trainer));
    this.#trainers.add(trainer);
    return trainer;
  }

  dispose() {
    for (const user of [...this.#trainers, this.#teacher]) user.dispose();
    super.dispose();
  }

  /**
   * Takes, in turn, what `make()` resolves to: { weights: see #weights, or null for none, report }. → `report`. Whoever calls
   * importWeights or undo after this call, but before its end, wants those weights: then it rejects.
   */
  #changeInTurn(make) {
    const before = this.#changesAtOnce;
    return this.#turns.take(async () => {
      const { weights, report } = await make();
      if (this.#changesAtOnce !== before) {
        throw new InkdigitError('input', 'The weights were changed meanwhile, and stay so.');
      }
      if (weights) this.#change(weights);
      return report;
    });
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
    if (given === 'int8' || this.#precision !== 'int8')
      return { bytes, precision: given, why: 'the weights are of this precision' };
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
}
