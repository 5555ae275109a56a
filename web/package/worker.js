// The engine behind messages: { id, method, args } → { id, result } or { id, error }, and
// { id, progress } in between. Calls are answered in the order they came; `abort`, `pause` and `resume` overtake, and
// so do, while a fit is paused, those that only look.
import { loadEngine } from './engine.js';
import { InkdigitError, packError } from './errors.js';
import { scaleBox, toPixels, toScaledPixels } from './pictures.js';
import { readWeights } from './weights.js';

let engine;
let trainer;
const aborts = new Map(); // id of a running or waiting call → AbortController

/** What a classifier tells of the weights that it reads with. */
const reading = () => ({ backend: engine.backend, symbols: engine.symbols });

const methods = {
  async createClassifier(options) {
    engine = await loadEngine(options);
    return reading();
  },
  async createTuner(options) {
    engine = await loadEngine({ ...options, weights: null });
    return {};
  },
  async createTrainer({ engineOptions, trainerOptions }) {
    let { weights, scope } = trainerOptions;
    const loading = loadEngine({ ...engineOptions, weights: null });
    // A head alone is trained on top of trained layers; a whole network may start from nothing.
    if (weights !== undefined || scope === 'head') weights = await readWeights(weights, engineOptions.baseUrl);
    engine = await loading;
    trainer = engine.createTrainer({ ...trainerOptions, weights });
    return { backend: engine.backend };
  },
  classify: async (picture) => engine.classify(await toPixels(picture)),
  classifyAll: async (picture) => {
    const { pixels, scale } = await toScaledPixels(picture);
    return engine.classifyAll(pixels).map(({ box, ...reading }) => ({ ...reading, box: scaleBox(box, 1 / scale) }));
  },
  async teach(weights, samples, options, context) {
    const readable = samples.map(async ({ drawing, frame, label }) =>
      frame === undefined ? { drawing: await toPixels(drawing), label } : { frame, label },
    );
    return engine.teach(new Uint8Array(weights), await Promise.all(readable), { ...options, ...context });
  },
  classifyBatch: (frames) => engine.classifyBatch(frames),
  importWeights(bytes) {
    engine.importWeights(bytes);
    return reading();
  },
  async resetWeights() {
    await engine.resetWeights();
    return reading();
  },
  undo: () => ({ undone: engine.undo(), ...reading() }),
  async removeSymbol(name) {
    await engine.removeSymbol(name);
    return reading();
  },
  exportWeights: () => (trainer ?? engine).exportWeights(),
  memory: () => engine.memory(),
  step: (images, labels) => trainer.step(images, labels),
  features: (images) => trainer.features(images),
  load: (name, dataset) => trainer.load(name, dataset),
  fit: (dataset, options, context) => trainer.fit(dataset, { ...options, ...context }),
  evaluate: (dataset, options, context) => trainer.evaluate(dataset, { ...options, ...context }),
  activations: (image) => trainer.activations(image),
  pause: () => trainer.pause(),
  resume: () => trainer.resume(),
};

const looks = ['evaluate', 'activations', 'exportWeights', 'memory'];
const overtakes = (method) => method === 'pause' || method === 'resume' || (trainer?.paused && looks.includes(method));

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
  if (overtakes(message.method)) answer(message);
  else last = last.then(() => answer(message));
});
postMessage({ isListening: true });
