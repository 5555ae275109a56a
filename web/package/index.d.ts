/**
 * Reads handwritten digits, and learns, in workers of its own: the page stays free.
 *
 * Everything handed over is copied when the call is made, everything returned is yours.
 * Calls of one object are answered in order. Errors are {@link InkdigitError}.
 */
import type {
  Activation,
  Backend,
  Classification,
  Dataset,
  EvaluateOptions,
  Evaluation,
  FitOptions,
  FitProgress,
  FitReport,
  LayerSpec,
  LoadOptions,
  LocatedDigit,
  MemoryUse,
  Pixels,
  TrainerOptions,
  WeightsSource,
} from './engine.js';

export { InkdigitError, shippedWeights } from './engine.js';
export type {
  Activation,
  AugmentOptions,
  Backend,
  Classification,
  Dataset,
  EvaluateOptions,
  Evaluation,
  FitOptions,
  FitProgress,
  FitReport,
  InkdigitErrorCode,
  LayerSpec,
  LoadOptions,
  LocatedDigit,
  MemoryUse,
  OptimizerOptions,
  Pixels,
  TrainerOptions,
  WeightsSource,
} from './engine.js';

/**
 * What can be read. Pictures of a canvas are taken as they look when the call is made. An image
 * file (Blob, File) may be of any kind the browser knows, up to 64 MB; large ones are scaled down.
 */
export type Picture = ImageData | ImageBitmap | HTMLCanvasElement | OffscreenCanvas | Blob | Pixels;

/** A labelled example: a drawing, or the `frame` of an earlier classification. */
export type Sample =
  { drawing: Picture; frame?: undefined; label: number } | { frame: Uint8Array; drawing?: undefined; label: number };

export interface FineTuneOptions {
  /** At most; it ends sooner when the samples are learnt. Default 200. */
  epochs?: number;
  /** Per step. Default 0.0001. */
  learningRate?: number;
  onProgress?: (progress: FitProgress) => void;
  /** When aborted, fineTune rejects with the signal's reason and the weights stay as they were. */
  signal?: AbortSignal;
}

/** How the samples are read: how many right, and the mean cross-entropy in nats. */
export interface Score {
  correct: number;
  loss: number;
}

export interface FineTuneReport {
  samples: number;
  /** Those that were run. */
  epochs: number;
  before: Score;
  after: Score;
  seconds: number;
}

export interface Classifier {
  readonly backend: Backend;
  classify(picture: Picture): Promise<Classification>;
  /**
   * Reads a number: the digits of a picture, row by row from the top, each from left to right, and where they
   * stand. Empty if the picture is blank; a single digit is read as `classify` reads it.
   */
  classifyAll(picture: Picture): Promise<LocatedDigit[]>;
  /** n×784 in 0 (paper) … 1 (ink), already framed → n×10 probabilities. */
  classifyBatch(frames: Float32Array): Promise<Float32Array>;
  /**
   * Learns from labelled drawings: trains the dense layers on small variations of them, in a second
   * worker, while this classifier goes on with its old weights, and then takes the new ones. Several
   * samples, of several digits, teach best: what is not among them is forgotten a little.
   * On any failure the old weights stay. To be able to go back, keep `exportWeights()`.
   */
  fineTune(samples: Sample[], options?: FineTuneOptions): Promise<FineTuneReport>;
  /** A safetensors file. */
  exportWeights(): Promise<ArrayBuffer>;
  /** After an error (code `weights`) the old weights are still there. */
  importWeights(bytes: ArrayBuffer | ArrayBufferView): Promise<void>;
  memory(): Promise<MemoryUse>;
  /** Ends the worker and frees its memory; calls that wait for an answer reject with code `disposed`. */
  dispose(): void;
}

export interface Trainer {
  readonly backend: Backend;
  /**
   * One optimizer step. `images`: n×784 in 0…1 for n labels; with scope 'head' also n×9216
   * features, see `features`. Resolves to the batch's mean cross-entropy before the step, in nats.
   */
  step(images: Float32Array, labels: Uint8Array): Promise<number>;
  /** n×784 in 0…1 → what enters the first dense layer, n×9216 for the default layers: to be kept and stepped on. */
  features(images: Float32Array): Promise<Float32Array>;
  /** Keeps a copy of a dataset in the worker, under a name that fit and evaluate take for it; in place of an earlier one. */
  load(name: string, dataset: Dataset): Promise<void>;
  /** Epochs of steps over a dataset, or one that was loaded under this name. */
  fit(dataset: Dataset | string, options?: FitOptions): Promise<FitReport>;
  /** How the weights, as they are when its turn comes, do on a dataset. */
  evaluate(dataset: Dataset | string, options?: EvaluateOptions): Promise<Evaluation>;
  /**
   * What each layer makes of one picture, 784 values in 0…1, in order; the last are the logits. A ReLU behind a layer with
   * weights is part of that layer, and dropout is left out.
   */
  activations(image: Float32Array): Promise<Activation[]>;
  /**
   * Overtakes all calls that wait: a running fit, and any later one, stands still after a whole step until `resume`. Aborting
   * it works meanwhile; evaluate, activations, exportWeights and memory do not wait for it then, but are answered at once.
   */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** The whole network as a safetensors file. */
  exportWeights(): Promise<ArrayBuffer>;
  memory(): Promise<MemoryUse>;
  /** Ends the worker and frees its memory; calls that wait for an answer reject with code `disposed`. */
  dispose(): void;
}

export interface WorkerOptions {
  /**
   * Browsers start workers from the page's own origin only. Where the package comes from another (a CDN), give the address
   * of a file of your own, with the one line `import 'https://…/inkdigit/worker.js';`, or `'blob:'`, which makes
   * that file on the fly; the page's policy must then allow `worker-src blob:` and the other origin in `script-src`.
   */
  workerUrl?: string | URL;
}

/** A classifier in a worker of its own. `weights` default to the shipped ones. */
export function createClassifier(
  options?: LoadOptions & WorkerOptions & { weights?: WeightsSource },
): Promise<Classifier>;

/**
 * A trainer in a worker of its own. `weights`: where to start. Absent: drawn from `seed`; for scope
 * 'head', which needs trained layers below it, the shipped ones.
 */
export function createTrainer(
  options?: Pick<LoadOptions, 'baseUrl' | 'threads'> & WorkerOptions & TrainerOptions & { weights?: WeightsSource },
): Promise<Trainer>;

export interface TrainOptions
  extends Pick<LoadOptions, 'baseUrl' | 'threads'>, TrainerOptions, Omit<FitOptions, 'firstEpoch'> {
  /** Where to start, as for createTrainer. */
  weights?: WeightsSource;
}

/** createTrainer, fit and exportWeights in one call: trains in a worker, which is gone afterwards. */
export function train(
  dataset: Dataset,
  options?: TrainOptions,
): Promise<{
  /** A safetensors file, for createClassifier or importWeights. */
  weights: ArrayBuffer;
  report: FitReport;
}>;
