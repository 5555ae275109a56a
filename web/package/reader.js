// Reading with int8 weights by the small module, without a worker. An Engine reads so too, by the whole module.
import { readerBuilds } from './builds.js';
import { absoluteFolder } from './files.js';
import { checkFrames, checkNames, checkOptions, checkPixels, readerOptions } from './inputs.js';
import { guard, LoadedModule } from './loaded_module.js';
import { digitCount, frameSize } from './shapes.js';
import { disposeSymbol } from './using.js';
import { loadBoth, loadModule } from './wasm_module.js';
import { ownWeights, readWeights } from './weights.js';

export { InkdigitError } from './errors.js';

/** Large batches go to the module in parts, so that its memory need not hold them whole. */
const framesPerCall = 256;

/** See reader.d.ts. `ahead`, for the package alone: what fetchAhead() fetched, or weights (bytes) alone; they are kept, not copied. */
export async function loadReader(options = {}, ahead) {
  checkOptions(options);
  checkNames(options, 'loadReader', readerOptions);
  const weights = ahead?.weights ?? ownWeights(options.weights);
  const baseUrl = await absoluteFolder(options.baseUrl);
  const [started, bytes] = await loadBoth(
    loadModule(readerBuilds, { ...options, baseUrl }, ahead),
    readWeights(weights, baseUrl, 'int8'),
  );
  const loaded = guard(() => new LoadedModule(started, options.threads));
  try {
    loaded.load(bytes);
    return new Reader(loaded, loaded.backend('int8', 'the weights are of this precision'));
  } catch (error) {
    loaded.dispose();
    throw error;
  }
}

export class Reader {
  #loaded;

  constructor(loaded, backend) {
    this.#loaded = loaded;
    this.backend = backend;
  }

  get [Symbol.toStringTag]() {
    return 'Reader';
  }

  classify(picture) {
    const classifier = this.#loaded.classifier();
    checkPixels(picture);
    return guard(() => classifier.classify(picture.data, picture.width, picture.height));
  }

  classifyAll(picture) {
    const classifier = this.#loaded.classifier();
    checkPixels(picture);
    return guard(() => classifier.classifyAll(picture.data, picture.width, picture.height));
  }

  classifyBatch(frames) {
    this.#loaded.classifier();
    const count = checkFrames(frames);
    const classifier = this.#loaded.classifier(count);
    const readPart = (begin) => {
      const part = frames.subarray(begin * frameSize, (begin + framesPerCall) * frameSize);
      return guard(() => classifier.classifyBatch(part));
    };
    if (count <= framesPerCall) return readPart(0);
    const classes = digitCount + this.symbols.length;
    const probabilities = new Float32Array(count * classes);
    for (let begin = 0; begin < count; begin += framesPerCall) probabilities.set(readPart(begin), begin * classes);
    return probabilities;
  }

  frame(picture) {
    const { module } = this.#loaded;
    checkPixels(picture);
    return guard(() => module.frameDigit(picture.data, picture.width, picture.height));
  }

  get symbols() {
    const classifier = this.#loaded.classifier();
    return guard(() => classifier.symbols());
  }

  memory() {
    const { module } = this.#loaded;
    return { heapBytes: module.heapBytes(), liveObjects: module.liveObjects() };
  }

  [disposeSymbol]() {
    this.dispose();
  }

  dispose() {
    this.#loaded.dispose();
  }
}
