// The engine behind messages: { id, method, args } → { id, result } or { id, error }, and
// { id, progress } in between. Calls are begun in the order they came, and
// answered in it but for weights that must be fetched; `abort`, `pause` and `resume` overtake, and so do, while a fit is
// paused, those that leave the weights as they are.
import { InkdigitError, packError } from './errors.js';
import { noScript } from './files.js';
import { scaleBox, toPixels, toScaledPixels } from './pictures.js';
import { loadReader } from './reader.js';
import { checkPrecision, isInt8, readWeights, toFloat32 } from './weights.js';

let reader; // of a classifier: a Reader, until it has something else than int8 weights to read with; then an Engine
let loadOptions;
let given; // its weights (bytes), once they have been asked for
let engine; // promise of an Engine; made when first needed
let trainer;
const aborts = new Map(); // id of a running or waiting call → AbortController

/** What a classifier tells of the weights that it reads with. */
const reading = () => ({ backend: reader.backend, symbols: reader.symbols });

const isEngine = () => 'importWeights' in reader;

/** The engine's scripts are fetched only by those who need it. */
const loadEngine = async (options) => (await import('./engine.js').catch(noScript)).loadEngine(options);

/** An engine that reads as the classifier does. */
function fetchEngine() {
  engine ??= loadEngine(loadOptions);
  engine.catch(() => (engine = undefined)); // the next call tries again
  return engine;
}

/** Has the engine change its weights; once it has, it reads in the reader's place. */
async function changeWeights(change) {
  const loaded = await fetchEngine();
  await change(loaded);
  if (reader !== loaded) reader.dispose();
  reader = loaded;
  return reading();
}

const methods = {
  async createClassifier({ ahead, precision, ...options }) {
    checkPrecision(precision);
    const isShipped = options.weights === undefined;
    // Others are looked at first: not all can be read by the small module.
    if (!isShipped) options.weights = await readWeights(options.weights, options.baseUrl);
    const { weights } = options;
    loadOptions = { ...options, precision };
    const readsInt8 = precision !== 'float32' && (isShipped || isInt8(weights));
    reader = readsInt8 ? await loadReader(options, isShipped ? ahead : { weights }) : await fetchEngine();
    return reading();
  },
  async createTuner(options) {
    await (engine = loadEngine({ ...options, weights: null }));
  },
  async createTrainer({ engineOptions, trainerOptions }) {
    let { weights, scope } = trainerOptions;
    const loading = loadEngine({ ...engineOptions, weights: null });
    // A head alone is trained on top of trained layers; a whole network may start from nothing.
    if (weights !== undefined || scope === 'head') weights = await readWeights(weights, engineOptions.baseUrl);
    reader = await loading;
    trainer = reader.createTrainer({ ...trainerOptions, weights });
    return { backend: reader.backend };
  },
  classify: async (picture) => reader.classify(await toPixels(picture)),
  frame: async (picture) => reader.frame(await toPixels(picture)),
  classifyAll: async (picture) => {
    const { pixels, scale } = await toScaledPixels(picture);
    return reader.classifyAll(pixels).map(({ box, ...reading }) => ({ ...reading, box: scaleBox(box, 1 / scale) }));
  },
  prepareToTeach: async (weights, context) => (await engine).prepareToTeach(new Uint8Array(weights), context),
  teach: async (weights, samples, options, context) =>
    (await engine).teach(new Uint8Array(weights), samples, { ...options, ...context }, toPixels),
  classifyBatch: (frames) => reader.classifyBatch(frames),
  importWeights: (bytes) => changeWeights(async (loaded) => loaded.importWeights(await readWeights(bytes))),
  resetWeights: () => changeWeights((loaded) => loaded.resetWeights()),
  undo: () => ({ undone: isEngine() && reader.undo(), ...reading() }),
  removeSymbol: (name) => changeWeights((loaded) => loaded.removeSymbol(name)),
  async exportWeights() {
    if (trainer) return trainer.exportWeights();
    if (isEngine()) return reader.exportWeights();
    // Who asks for them wants to learn, most likely: the engine may come meanwhile.
    fetchEngine().catch(() => {});
    given ??= loadOptions.weights ?? (await readWeights(undefined, loadOptions.baseUrl));
    return (await toFloat32({ given })).slice().buffer;
  },
  memory: () => reader.memory(),
  step: (images, labels, options) => trainer.step(images, labels, options),
  features: (images) => trainer.features(images),
  load: (name, dataset) => trainer.load(name, dataset),
  fit: (dataset, options, context) => trainer.fit(dataset, { ...options, ...context }),
  evaluate: (dataset, options, context) => trainer.evaluate(dataset, { ...options, ...context }),
  activations: (image) => trainer.activations(image),
  pause: () => trainer.pause(),
  resume: () => trainer.resume(),
};

const leaveWeights = ['evaluate', 'load', 'activations', 'exportWeights', 'memory'];
const overtakes = (method) =>
  method === 'pause' || method === 'resume' || (trainer?.paused && leaveWeights.includes(method));

async function answer({ id, method, args }) {
  const { signal } = aborts.get(id);
  const onProgress = (progress) => postMessage({ id, progress });
  try {
    signal.throwIfAborted(); // before its turn: then, as later, nobody waits for an answer
    if (!Object.hasOwn(methods, method)) throw new InkdigitError('input', `There is no method ${method}.`);
    const result = await methods[method](...args, { signal, onProgress });
    const buffer = ArrayBuffer.isView(result) ? result.buffer : result;
    postMessage({ id, result }, buffer instanceof ArrayBuffer ? [buffer] : []);
  } catch (error) {
    postMessage({ id, error: packError(error) });
  } finally {
    aborts.delete(id);
  }
}

let last = Promise.resolve();

/** Answers once all before it are answered. */
function answerInTurn(message) {
  last = last.then(() => {
    const answered = answer(message);
    if (message.method !== 'exportWeights') return answered;
    return Promise.race([answered, new Promise((next) => setTimeout(next))]); // who fetches them lets others go on
  });
}

addEventListener('message', ({ data: message }) => {
  if (message.method === 'abort') {
    aborts.get(message.args[0])?.abort();
    return;
  }
  aborts.set(message.id, new AbortController());
  if (overtakes(message.method)) answer(message);
  else answerInTurn(message);
});
postMessage({ isListening: true });
