// The engine behind messages: { id, method, args } → { id, result } or { id, error }, and
// { id, progress } in between. Calls are answered in the order they came; only `abort` overtakes.
import { loadEngine } from './engine.js';
import { InkdigitError, packError } from './errors.js';
import { scaleBox, toPixels, toScaledPixels } from './pictures.js';
import { readWeights } from './weights.js';

let engine;
let trainer;
const aborts = new Map(); // id of a running or waiting call → AbortController

const methods = {
  async createClassifier(options) {
    engine = await loadEngine(options);
    return engine.backend;
  },
  async createTrainer({ engineOptions, trainerOptions }) {
    let { weights, scope } = trainerOptions;
    const loading = loadEngine({ ...engineOptions, weights: null });
    // A head alone is trained on top of trained layers; a whole network may start from nothing.
    if (weights !== undefined || scope === 'head') weights = await readWeights(weights, engineOptions.baseUrl);
    engine = await loading;
    trainer = engine.createTrainer({ ...trainerOptions, weights });
    return engine.backend;
  },
  classify: async (picture) => engine.classify(await toPixels(picture)),
  classifyAll: async (picture) => {
    const { pixels, scale } = await toScaledPixels(picture);
    return engine.classifyAll(pixels).map(({ box, ...reading }) => ({ ...reading, box: scaleBox(box, 1 / scale) }));
  },
  frame: async (picture) => engine.frame(await toPixels(picture)),
  classifyBatch: (frames) => engine.classifyBatch(frames),
  importWeights(bytes) {
    engine.importWeights(bytes);
    return engine.backend;
  },
  exportWeights: () => (trainer ?? engine).exportWeights(),
  memory: () => engine.memory(),
  step: (images, labels) => trainer.step(images, labels),
  features: (images) => trainer.features(images),
  fit: (dataset, options, context) => trainer.fit(dataset, { ...options, ...context }),
};

async function answer({ id, method, args }) {
  const { signal } = aborts.get(id);
  const onProgress = (progress) => postMessage({ id, progress });
  try {
    if (!Object.hasOwn(methods, method)) throw new InkdigitError('input', `There is no method ${method}.`);
    signal.throwIfAborted();
    const result = await methods[method](...args, { signal, onProgress });
    const buffer = ArrayBuffer.isView(result) ? result.buffer : result;
    postMessage({ id, result }, buffer instanceof ArrayBuffer ? [buffer] : []);
  } catch (error) {
    // An abort is the caller's own doing: it knows the reason.
    postMessage({ id, error: signal.aborted ? { aborted: true } : packError(error) });
  } finally {
    aborts.delete(id);
  }
}

let last = Promise.resolve();
addEventListener('message', ({ data: message }) => {
  if (message.method === 'abort') {
    aborts.get(message.args[0])?.abort();
    return;
  }
  aborts.set(message.id, new AbortController());
  last = last.then(() => answer(message));
});
