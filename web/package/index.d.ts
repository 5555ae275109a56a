/**
 * Reads handwritten digits, and learns, in workers of its own: the page stays free.
 *
 * Everything handed over is copied when the call is made, everything returned is yours.
 * Calls of one object are answered in order, except that lessons (`fineTune`, `prepareToLearn`), changes of the weights that
 * wait for one, and a classifier's `exportWeights`, which may have to fetch them, are overtaken by other calls. Errors are {@link InkdigitError}.
 */
import type {
  Activation,
  Backend,
  Bytes,
  Classification,
  Dataset,
  EvaluateOptions,
  Evaluation,
  FineTuneOptions,
  FineTuneReport,
  FitOptions,
  FitReport,
  Label,
  LayerSpec,
  LoadOptions,
  LocatedDigit,
  MemoryUse,
  Pixels,
  StepOptions,
  TrainerOptions,
  WeightsSource,
} from './engine.js';

export { InkdigitError, shippedWeights } from './engine.js';
export type {
  Activation,
  AugmentOptions,
  Backend,
  Bytes,
  Classification,
  Dataset,
  EvaluateOptions,
  Evaluation,
  FineTuneOptions,
  FineTuneReport,
  FitOptions,
  FitProgress,
  FitReport,
  InkdigitErrorCode,
  Label,
  LayerSpec,
  LoadOptions,
  LocatedDigit,
  MemoryUse,
  OptimizerOptions,
  Pixels,
  Score,
  StepOptions,
  TrainerOptions,
  WeightsSource,
} from './engine.js';

/**
 * What can be read. Canvases, images and videos are taken as they look when the call is made; images from other origins
 * need `crossorigin` and a server that allows it (CORS). An image file (Blob, File) may be PNG, JPEG, WebP or what else of pixels
 * the browser knows, up to 64 MB; an SVG is read as an image. Large pictures are scaled down, except ImageData and {@link Pixels}, which may have 4096 × 4096 pixels at most.
 */
export type Picture =
  | ImageData
  | ImageBitmap
  | HTMLCanvasElement
  | OffscreenCanvas
  | HTMLImageElement
  | HTMLVideoElement
  | VideoFrame
  | Blob
  | Pixels;

/** A labelled example: a drawing, or the `frame` of an earlier classification. */
export type Sample =
  { drawing: Picture; frame?: undefined; label: Label } | { frame: Uint8Array; drawing?: undefined; label: Label };

export interface CallOptions {
  /** When aborted, the call rejects at once with the signal's reason, while it waits for its turn and while it is answered. */
  signal?: AbortSignal;
}

export interface Classifier {
  readonly backend: Backend;
  classify(picture: Picture, options?: CallOptions): Promise<Classification>;
  /**
   * Reads a number: the digits of a picture, row by row from the top, each from left to right, and where they
   * stand. Empty if the picture is blank; a single digit is read as `classify` reads it.
   */
  classifyAll(picture: Picture, options?: CallOptions): Promise<LocatedDigit[]>;
  /**
   * n×784 in 0 (paper) … 1 (ink), already framed (see `frame`) → n×(10 + symbols) probabilities. Each frame is read once, as
   * it is: where `classify` would also look at it widened or turned, the two may differ. There is no `state`, no `energy`
   * and no blank: paper gets probabilities, too.
   */
  classifyBatch(frames: Float32Array): Promise<Float32Array>;
  /** The 28×28 picture, 0…255, that the network would see, for fineTune, or divided by 255 for classifyBatch; null if there is no ink. */
  frame(picture: Picture, options?: CallOptions): Promise<Bytes | null>;
  /**
   * Learns from labelled drawings, of which one may do: a copy of the weights is trained, in a second worker, on small
   * variations of them, among pictures that the package ships for it (1.6 MB, fetched when first needed), while this
   * classifier goes on with its old weights. It takes the new ones if they cost little on pictures held back: see `accepted`
   * of the report. Samples of symbols are to come along in later lessons, too: the package has none to rehearse.
   * On any failure the old weights stay. fineTune, undo, removeSymbol, importWeights and resetWeights take turns.
   * Rejects with `weights` if only int8 weights were given: import the float32 file, or call `resetWeights`.
   */
  fineTune(samples: Sample[], options?: FineTuneOptions): Promise<FineTuneReport>;
  /**
   * Fetches and works out, in the second worker, what the next lesson will need, which is a good part of its time: such as
   * when someone has said that a digit is misread, but not yet what it is. What is ready is kept for a minute, as after a lesson.
   */
  prepareToLearn(options?: CallOptions): Promise<void>;
  /**
   * Back to the weights before the last accepted fineTune or other change of them, up to ten times; resolves to false
   * if there are none to go back to. They are kept in memory alone: to keep some for longer, use `exportWeights`.
   */
  undo(): Promise<boolean>;
  /** Names of the user's own symbols, in the order of their classes, which come after the ten digits. */
  readonly symbols: string[];
  /** Forgets a symbol; `undo` brings it back. */
  removeSymbol(name: string): Promise<void>;
  /**
   * The float32 weights as a safetensors file; the names of symbols travel in its metadata, and a checksum, by which damage
   * is told. Rejects with `weights` if only int8 weights were given.
   */
  exportWeights(): Promise<ArrayBuffer>;
  /** The file may be compressed by gzip. After an error (code `weights`) the old weights are still there. */
  importWeights(bytes: ArrayBuffer | ArrayBufferView): Promise<void>;
  /** Back to the weights that the package ships, which are fetched; `undo` takes that back, too. */
  resetWeights(): Promise<void>;
  memory(): Promise<MemoryUse>;
  /** Ends the worker and frees its memory; calls that wait for an answer reject with code `disposed`. */
  dispose(): void;
  /** The same, for `using`. */
  [Symbol.dispose](): void;
}

export interface Trainer {
  readonly backend: Backend;
  /**
   * One optimizer step. `images`: n×784 in 0…1 for n labels; with scope 'head' also n×9216
   * features (or as many as the network has), see `features` and {@link StepOptions}. Resolves to the batch's mean
   * cross-entropy before the step, in nats; if that is not finite, since training has diverged, no step was taken.
   */
  step(images: Float32Array, labels: Uint8Array, options?: StepOptions): Promise<number>;
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
   * it works meanwhile; load, evaluate, activations, exportWeights and memory do not wait for it then, but are answered at once.
   */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** The whole network as a safetensors file. */
  exportWeights(): Promise<ArrayBuffer>;
  memory(): Promise<MemoryUse>;
  /** Ends the worker and frees its memory; calls that wait for an answer reject with code `disposed`. */
  dispose(): void;
  /** The same, for `using`. */
  [Symbol.dispose](): void;
}

export interface WorkerOptions {
  /**
   * Browsers start workers from the page's own origin only. Where the package comes from another (a CDN), give the
   * address of a file of your own, with the one line `import 'https://…/inkdigit/worker.js';`, or `'blob:'`, which makes
   * that file on the fly; the page's policy must then allow `worker-src blob: https://…`. The other origin must send
   * `Access-Control-Allow-Origin`, and stand in `script-src` and `connect-src`.
   */
  workerUrl?: string | URL | null;
  /** When aborted before all is there, the call rejects with the signal's reason, and the worker ends. */
  signal?: AbortSignal;
}

/** A classifier in a worker of its own. `weights` default to the shipped ones, also for null. */
export function createClassifier(
  options?: LoadOptions & WorkerOptions & { weights?: WeightsSource | null },
): Promise<Classifier>;

/**
 * A trainer in a worker of its own. `weights`: where to start. Absent or null: drawn from `seed`; for scope
 * 'head', which needs trained layers below it, the shipped ones.
 */
export function createTrainer(
  options?: Pick<LoadOptions, 'baseUrl' | 'threads'> &
    WorkerOptions &
    TrainerOptions & { weights?: WeightsSource | null },
): Promise<Trainer>;

export interface TrainOptions
  extends Pick<LoadOptions, 'baseUrl' | 'threads'>, WorkerOptions, TrainerOptions, Omit<FitOptions, 'firstEpoch'> {
  /** Where to start, as for createTrainer. */
  weights?: WeightsSource | null;
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
