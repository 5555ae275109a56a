// The package as pages use it: everything runs in workers of its own. See index.d.ts.
import { fetchAhead } from './fetch_ahead.js';
import { absoluteFolder, absoluteUrl } from './files.js';
import { asBytes, checkLongOptions, checkNames, engineOptions } from './inputs.js';
import { copyOf, toMessage } from './messages.js';
import { Turns } from './turns.js';
import { disposeSymbol } from './using.js';
import { isAddress } from './weights.js';
import { WorkerClient } from './worker_client.js';

export { InkdigitError } from './errors.js';
export { shippedWeights } from './weights.js';

/** A worker that learns is kept for so long after a lesson, in milliseconds, for the next. */
const tunerRest = 60_000;

/**
 * Starts a worker and makes `method`'s object in it, unless `signal` aborts: → { client, and what the method answers }. `fetched`:
 * promise of what is fetched for it meanwhile, if anything.
 */
async function start(method, { baseUrl, workerUrl }, signal, options, fetched) {
  signal?.throwIfAborted();
  const client = new WorkerClient(baseUrl, workerUrl);
  const make = async () => {
    const ahead = await fetched;
    const transfer = ahead ? [ahead.weights.buffer] : [];
    return { client, ...(await client.call(method, [{ ...options, ahead }], { transfer })) };
  };
  try {
    return await orAborted(make(), signal);
  } catch (error) {
    client.dispose();
    throw error;
  }
}

/** Where the package's files and its worker are, absolute. */
const places = async ({ baseUrl, workerUrl }) => ({
  baseUrl: await absoluteFolder(baseUrl),
  workerUrl: workerUrl && workerUrl !== 'blob:' ? (await absoluteUrl(workerUrl, 'workerUrl')).href : workerUrl,
});

/** URLs count from the page, but are opened by the worker; bytes are as they are now. null, as from a storage, is none. */
const weightsToSend = async (weights) =>
  isAddress(weights) ? (await absoluteUrl(weights, 'weights')).href : copyOf(weights ?? undefined);

export async function createClassifier(options = {}) {
  checkLongOptions(options);
  checkNames(options, 'createClassifier', [...engineOptions, 'workerUrl', 'signal']);
  const { threads, precision, simd, signal } = options;
  const [place, weights] = await Promise.all([places(options), weightsToSend(options.weights)]);
  const { baseUrl } = place;
  const workerOptions = { weights, baseUrl, threads, precision, simd };
  const { fetched } = await fetchAhead(workerOptions); // begun first: starting a worker keeps this thread busy
  const started = await start('createClassifier', place, signal, workerOptions, fetched);
  return new Classifier(started, { ...place, threads, simd });
}

export async function createTrainer(options = {}) {
  checkLongOptions(options);
  const { baseUrl, workerUrl, threads, signal, weights: source, ...trainerOptions } = options;
  const [place, weights] = await Promise.all([places({ baseUrl, workerUrl }), weightsToSend(source)]);
  const { client, backend } = await start('createTrainer', place, signal, {
    engineOptions: { baseUrl: place.baseUrl, threads },
    trainerOptions: { ...trainerOptions, weights },
  });
  return new Trainer(client, backend);
}

export async function train(dataset, options = {}) {
  checkLongOptions(options);
  const { epochs, batchSize, augment, targetLoss, onProgress, signal, ...trainerOptions } = options;
  const copy = copyOf(dataset);
  const training = async () => {
    const trainer = await createTrainer({ ...trainerOptions, signal });
    try {
      const report = await trainer.fit(copy, { epochs, batchSize, augment, targetLoss, onProgress, signal });
      return { weights: await trainer.exportWeights(), report };
    } finally {
      trainer.dispose();
    }
  };
  return orAborted(training(), signal);
}

// Objects with a name of their own are left as they are by Vue, whose proxies of all others hide private members.

class Classifier {
  #client;
  #symbols;
  #tunerOptions;
  #tuner; // WorkerClient of the worker that learns; made for the first lesson
  #tunerTimer;
  #tunerCalls = 0;
  #lessons = new Turns(); // and changes of the weights that wait for them

  constructor({ client, backend, symbols }, tunerOptions) {
    this.#client = client;
    this.#tunerOptions = tunerOptions;
    this.#read({ backend, symbols });
  }

  get [Symbol.toStringTag]() {
    return 'Classifier';
  }

  get symbols() {
    return [...this.#symbols];
  }

  async classify(picture, options) {
    return this.#readPicture('classify', picture, options);
  }

  async classifyAll(picture, options) {
    return this.#readPicture('classifyAll', picture, options);
  }

  async frame(picture, options) {
    return this.#readPicture('frame', picture, options);
  }

  async classifyBatch(frames) {
    return this.#client.call('classifyBatch', [frames]);
  }

  async fineTune(samples, options = {}) {
    checkLongOptions(options);
    const { onProgress, signal, ...settings } = options;
    const { message, transfer } = samplesMessage(samples); // as they are now
    let isTaken = false;
    const lesson = this.#lessons.take(async () => {
      signal?.throwIfAborted();
      const learnt = await this.#callTuner('teach', [message, settings], { transfer, onProgress, signal });
      signal?.throwIfAborted();
      isTaken = true;
      if (learnt.weights) await this.#changeNow('importWeights', learnt.weights);
      return learnt.report;
    });
    // Whoever gives up need not wait for what is being fetched, nor for others' turns.
    return orAborted(lesson, signal, () => !isTaken);
  }

  async prepareToLearn(options = {}) {
    checkLongOptions(options);
    const { signal } = options;
    return orAborted(this.#callTuner('prepareToTeach', [], { signal }), signal);
  }

  async undo() {
    return this.#change('undo');
  }

  async removeSymbol(name) {
    return this.#change('removeSymbol', name);
  }

  async exportWeights() {
    return this.#client.call('exportWeights');
  }

  async importWeights(bytes) {
    return this.#change('importWeights', asBytes(bytes).slice());
  }

  async resetWeights() {
    return this.#change('resetWeights');
  }

  async memory() {
    return this.#client.call('memory');
  }

  [disposeSymbol]() {
    this.dispose();
  }

  dispose() {
    this.#client.dispose();
    this.#endTuner();
  }

  #readPicture(method, picture, options = {}) {
    checkLongOptions(options);
    const { message, transfer } = toMessage(picture);
    return this.#client.call(method, [message], { transfer, signal: options.signal });
  }

  /** Has the worker change the weights after the lessons there are; without any at once, so that it is in order with all calls. */
  #change(method, argument) {
    const change = () => this.#changeNow(method, argument);
    return this.#lessons.areOver ? change() : this.#lessons.take(change);
  }

  async #changeNow(method, argument) {
    const { undone, ...reading } = await this.#client.call(method, [argument]);
    this.#read(reading);
    return undone; // of undo
  }

  /** What the weights that are read with now bring along. */
  #read({ backend, symbols }) {
    this.backend = backend;
    this.#symbols = symbols;
  }

  /** Calls the worker that learns, with the weights as they are; it is kept for a while afterwards. */
  async #callTuner(method, args, options = {}) {
    if (this.#client.closed) throw this.#client.closed;
    const tuner = (this.#tuner ??= startTuner(this.#tunerOptions));
    ++this.#tunerCalls;
    clearTimeout(this.#tunerTimer);
    try {
      return await tuner.call(method, [await this.exportWeights(), ...args], options);
    } catch (error) {
      // An abort and wrong samples do it no harm; after all else the next lesson has another.
      if (this.#tuner === tuner && !options.signal?.aborted && error.code !== 'input') this.#endTuner(error);
      throw error;
    } finally {
      if (--this.#tunerCalls === 0 && this.#tuner) this.#tunerTimer = setTimeout(() => this.#endTuner(), tunerRest);
    }
  }

  /** Calls that wait for it are rejected, for this reason. */
  #endTuner(reason) {
    this.#tuner?.dispose(reason);
    this.#tuner = undefined;
  }
}

/** A worker that loads its engine; what it is asked for waits for that, and is told what goes wrong. */
function startTuner({ baseUrl, workerUrl, ...engineOptions }) {
  const tuner = new WorkerClient(baseUrl, workerUrl);
  tuner.call('createTuner', [{ baseUrl, ...engineOptions }]).catch(() => {});
  return tuner;
}

/** What comes of `work`, or a rejection as soon as `signal` aborts, if it still may. */
async function orAborted(work, signal, mayAbort = () => true) {
  if (!signal) return work;
  let onAbort;
  const aborted = new Promise((_, reject) => {
    onAbort = () => mayAbort() && reject(signal.reason);
    signal.addEventListener('abort', onAbort);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Samples as they are sent to the worker, which may be later: drawings as they look now. → { message, transfer }. */
function samplesMessage(samples) {
  if (!Array.isArray(samples)) return { message: samples, transfer: [] }; // the engine says what is wrong
  const transfer = [];
  const message = samples.map((sample, i) => {
    const { drawing, frame, label } = sample ?? {};
    if (frame !== undefined) return { frame: copyOf(frame), label };
    const name = `samples[${i}].drawing`;
    const picture = toMessage(drawing, name);
    transfer.push(...picture.transfer);
    return { drawing: picture.transfer.length > 0 ? picture.message : copyOf(picture.message, name), label };
  });
  return { message, transfer };
}

class Trainer {
  #client;

  constructor(client, backend) {
    this.#client = client;
    this.backend = backend;
  }

  get [Symbol.toStringTag]() {
    return 'Trainer';
  }

  async step(images, labels, options) {
    return this.#client.call('step', [images, labels, options]);
  }

  async features(images) {
    return this.#client.call('features', [images]);
  }

  async load(name, dataset) {
    return this.#client.call('load', [name, dataset]);
  }

  async fit(dataset, options = {}) {
    return this.#callLong('fit', dataset, options);
  }

  async evaluate(dataset, options = {}) {
    return this.#callLong('evaluate', dataset, options);
  }

  async activations(image) {
    return this.#client.call('activations', [image]);
  }

  async pause() {
    return this.#client.call('pause');
  }

  async resume() {
    return this.#client.call('resume');
  }

  async exportWeights() {
    return this.#client.call('exportWeights');
  }

  async memory() {
    return this.#client.call('memory');
  }

  [disposeSymbol]() {
    this.dispose();
  }

  dispose() {
    this.#client.dispose();
  }

  /** A call that tells of its progress and can be aborted. */
  #callLong(method, dataset, options) {
    checkLongOptions(options);
    const { onProgress, signal, ...settings } = options;
    return this.#client.call(method, [dataset, settings], { onProgress, signal });
  }
}
