// The package as pages use it: everything runs in workers of its own. See index.d.ts.
import { absoluteFolder, absoluteUrl } from './files.js';
import { fineTune } from './fine_tune.js';
import { toMessage } from './messages.js';
import { WorkerClient } from './worker_client.js';

export { InkdigitError } from './errors.js';
export { shippedWeights } from './weights.js';

/** Starts a worker and makes `method`'s object in it: → { client, backend }. */
async function start(method, { baseUrl, workerUrl }, options) {
  const client = new WorkerClient(baseUrl, workerUrl);
  try {
    return { client, backend: await client.call(method, [options]) };
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

/** URLs count from the page, but are opened by the worker. */
const absoluteWeights = async (weights) =>
  typeof weights === 'string' || weights instanceof URL ? (await absoluteUrl(weights, 'weights')).href : weights;

export async function createClassifier(options = {}) {
  const { threads, precision, simd } = options;
  const place = await places(options);
  const { baseUrl } = place;
  const weights = await absoluteWeights(options.weights);
  const { client, backend } = await start('createClassifier', place, { weights, baseUrl, threads, precision, simd });
  return new Classifier(client, backend, place);
}

export async function createTrainer(options = {}) {
  const { threads, layers, optimizer, learningRate, seed, scope } = options;
  const place = await places(options);
  const weights = await absoluteWeights(options.weights);
  const { client, backend } = await start('createTrainer', place, {
    engineOptions: { baseUrl: place.baseUrl, threads },
    trainerOptions: { weights, layers, optimizer, learningRate, seed, scope },
  });
  return new Trainer(client, backend);
}

export async function train(dataset, options = {}) {
  const { epochs, batchSize, augment, targetLoss, onProgress, signal, ...trainerOptions } = options;
  signal?.throwIfAborted();
  const trainer = await createTrainer(trainerOptions);
  try {
    const report = await trainer.fit(dataset, { epochs, batchSize, augment, targetLoss, onProgress, signal });
    return { weights: await trainer.exportWeights(), report };
  } finally {
    trainer.dispose();
  }
}

class Classifier {
  #client;
  #place; // { baseUrl, workerUrl }
  #tuning = Promise.resolve(); // the last fineTune: they take turns
  #trainers = new Set(); // of fineTune, to be ended with this

  constructor(client, backend, place) {
    this.#client = client;
    this.#place = place;
    this.backend = backend;
  }

  async classify(picture) {
    const { message, transfer } = toMessage(picture);
    return this.#client.call('classify', [message], { transfer });
  }

  async classifyAll(picture) {
    const { message, transfer } = toMessage(picture);
    return this.#client.call('classifyAll', [message], { transfer });
  }

  async classifyBatch(frames) {
    return this.#client.call('classifyBatch', [frames]);
  }

  async fineTune(samples, options = {}) {
    const tuning = this.#tuning.then(() => fineTune(this.#tools(), samples, options));
    this.#tuning = tuning.catch(() => {});
    return tuning;
  }

  async exportWeights() {
    return this.#client.call('exportWeights');
  }

  async importWeights(bytes) {
    return this.#client.call('importWeights', [bytes]);
  }

  async memory() {
    return this.#client.call('memory');
  }

  dispose() {
    this.#client.dispose();
    for (const trainer of this.#trainers) trainer.dispose();
  }

  /** What fineTune needs of a classifier. */
  #tools() {
    return {
      classifier: this,
      frame: (drawing) => {
        const { message, transfer } = toMessage(drawing);
        return this.#client.call('frame', [message], { transfer });
      },
      withTrainer: async (options, use) => {
        const trainer = await createTrainer({ ...this.#place, ...options });
        this.#trainers.add(trainer);
        try {
          return await use(trainer);
        } finally {
          this.#trainers.delete(trainer);
          trainer.dispose();
        }
      },
    };
  }
}

class Trainer {
  #client;

  constructor(client, backend) {
    this.#client = client;
    this.backend = backend;
  }

  async step(images, labels) {
    return this.#client.call('step', [images, labels]);
  }

  async features(images) {
    return this.#client.call('features', [images]);
  }

  async load(name, dataset) {
    return this.#client.call('load', [name, dataset]);
  }

  async fit(dataset, { onProgress, signal, ...options } = {}) {
    return this.#client.call('fit', [dataset, options], { onProgress, signal });
  }

  async evaluate(dataset, { onProgress, signal, ...options } = {}) {
    return this.#client.call('evaluate', [dataset, options], { onProgress, signal });
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

  dispose() {
    this.#client.dispose();
  }
}
