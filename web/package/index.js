// The package as pages use it: everything runs in workers of its own. See index.d.ts.
import { absoluteFolder, absoluteUrl } from './files.js';
import { fineTune } from './fine_tune.js';
import { toMessage } from './messages.js';
import { WorkerClient } from './worker_client.js';

export { InkdigitError } from './errors.js';
export { shippedWeights } from './weights.js';

/** Starts a worker and makes `method`'s object in it: → { client, backend }. */
async function start(method, baseUrl, options) {
  const client = new WorkerClient(baseUrl);
  try {
    return { client, backend: await client.call(method, [options]) };
  } catch (error) {
    client.dispose();
    throw error;
  }
}

/** URLs count from the page, but are opened by the worker. */
const absoluteWeights = async (weights) =>
  typeof weights === 'string' || weights instanceof URL ? (await absoluteUrl(weights, 'weights')).href : weights;

export async function createClassifier(options = {}) {
  const { threads, precision, simd } = options;
  const baseUrl = await absoluteFolder(options.baseUrl);
  const weights = await absoluteWeights(options.weights);
  const { client, backend } = await start('createClassifier', baseUrl, { weights, baseUrl, threads, precision, simd });
  return new Classifier(client, backend, baseUrl);
}

export async function createTrainer(options = {}) {
  const { threads, layers, optimizer, learningRate, seed, scope } = options;
  const baseUrl = await absoluteFolder(options.baseUrl);
  const weights = await absoluteWeights(options.weights);
  const { client, backend } = await start('createTrainer', baseUrl, {
    engineOptions: { baseUrl, threads },
    trainerOptions: { weights, layers, optimizer, learningRate, seed, scope },
  });
  return new Trainer(client, backend);
}

class Classifier {
  #client;
  #baseUrl;
  #tuning = Promise.resolve(); // the last fineTune: they take turns
  #trainers = new Set(); // of fineTune, to be ended with this

  constructor(client, backend, baseUrl) {
    this.#client = client;
    this.#baseUrl = baseUrl;
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
    this.backend = await this.#client.call('importWeights', [bytes]);
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
        const trainer = await createTrainer({ baseUrl: this.#baseUrl, ...options });
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

  async fit(dataset, { onProgress, signal, ...options } = {}) {
    return this.#client.call('fit', [dataset, options], { onProgress, signal });
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
