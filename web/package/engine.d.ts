/**
 * The engine without a worker, synchronous once it is loaded: for a worker of your own and for
 * Node 20 or newer. On a page's main thread use `inkdigit` instead, which never blocks the page.
 *
 * Everything handed over is copied, except samples and datasets, which must stay as they are until the call has ended;
 * everything returned is yours. Errors are {@link InkdigitError}.
 */

declare global {
  /** As TypeScript's own `esnext.disposable` has it, which not everyone's settings include. */
  interface SymbolConstructor {
    readonly dispose: unique symbol;
  }
}

/** Where a failure comes from; the message says what to do. */
export type InkdigitErrorCode =
  /** This browser, or this version of the package, cannot do it; or the engine stopped unexpectedly, and a new one is needed. */
  | 'unsupported'
  /** A file of the package, or the weights, did not come from its address. */
  | 'load'
  /**
   * A weights file is damaged, incomplete or for another network. Or there are none that would do: the engine was loaded
   * without weights, or has only int8 ones, which can neither be learnt from nor exported.
   */
  | 'weights'
  /** What was handed over is not what the method takes. */
  | 'input'
  /** There is not enough memory for it. What was there before goes on. */
  | 'memory'
  /** The object was disposed of, before the call or while it waited. */
  | 'disposed';

export class InkdigitError extends Error {
  constructor(code: InkdigitErrorCode, message: string, options?: { cause?: unknown });
  readonly name: 'InkdigitError';
  readonly code: InkdigitErrorCode;
}

/** Where weights come from: the address (in Node also the path) or the bytes (copied) of a safetensors file, which may be compressed by gzip. */
export type WeightsSource = string | URL | ArrayBuffer | ArrayBufferView;

/** Address of the float32 weights that the package ships, which learning starts from. */
export const shippedWeights: URL;

export interface LoadOptions {
  /**
   * Folder of the package's files, if they are not beside this module (as after bundling).
   * Relative addresses count from the page, in Node from the working folder. null is as absent.
   */
  baseUrl?: string | URL | null;
  /**
   * Number of threads, 1 to 64, the calling one included. Default: what reads int8 weights, a reader or a classifier, has one, with
   * which it starts sooner and with less code; what learns, an engine, and a classifier that reads float32 weights (those of a
   * lesson are), has one for each core, at most 4, for batches and training, and reads single pictures on one. A number asked for
   * is used throughout. Where threads cannot be had there is one, and `backend.why` says why.
   */
  threads?: number;
  /**
   * Arithmetic of reading. By default that of the weights: the shipped ones are int8, a sixth of the download and faster where
   * there is relaxed SIMD, with the answers of float32 for all but one picture in thousands; what was learnt is float32. 'int8':
   * float32 weights are quantized when they are given, which takes about a second; a network that cannot be is read as float32
   * (see `backend.precision`). 'float32': the shipped float32 weights are fetched. Learning is always float32.
   */
  precision?: 'int8' | 'float32';
  /** Default 'auto': relaxed SIMD where the browser has it. 'relaxed' throws `unsupported` elsewhere. */
  simd?: 'auto' | 'relaxed' | 'baseline';
}

/** What was really chosen; `precision`, a classifier's `threads` and their reasons follow the weights that are imported. */
export interface Backend {
  readonly simd: 'relaxed' | 'baseline';
  readonly threads: number;
  readonly precision: 'int8' | 'float32';
  /** The reasons, in words. */
  readonly why: string;
}

/** Bytes of your own, which a Blob takes, too. */
export type Bytes = Uint8Array & { readonly buffer: ArrayBuffer };

/** A picture: 4 bytes (red, green, blue, alpha) a pixel, row by row. An ImageData is one. */
export interface Pixels {
  readonly data: Uint8ClampedArray | Uint8Array;
  /** Pixels; width × height is 2^24 at most. */
  readonly width: number;
  readonly height: number;
}

export interface Classification {
  /** What is most probable, if it is a digit, 0…9; -1 if it is a symbol, or blank. */
  digit: number;
  /** What is most probable: '0'…'9' or the name of a symbol of the user's own; '' when blank. */
  label: string;
  /** Its probability, 0…1; 0 when blank. */
  confidence: number;
  /** 'blank': no ink, or none but specks. 'unsure': ink, but like no digit or symbol, or like two. 'digit': any other reading. */
  state: 'blank' | 'digit' | 'unsure';
  /** Of the ten digits, then of the symbols in their order, adding up to 1; all 0 when blank. */
  probabilities: Float32Array;
  /**
   * How much the ink is like any digit at all, nats: the logarithm of the sum of the logits' exponentials. Below a threshold
   * that the weights bring along it is 'unsure', however probable one digit is among the ten. 0 when blank.
   */
  energy: number;
  /** [784] = 28×28, row by row: what the network saw. 0 is paper, 255 is ink. */
  frame: Bytes;
}

/** One digit of several in a picture. */
export interface LocatedDigit extends Classification {
  /** In pixels of the picture, from its top left corner. Of a large image file, of the file's own pixels, upright. */
  box: { x: number; y: number; width: number; height: number };
}

/** One step of a network; see `layers` of {@link TrainerOptions}. */
export type LayerSpec =
  /** Square kernel of `kernel` pixels, 'valid' padding, stride 1. */
  | { type: 'conv2d'; units: number; kernel: number; name?: string }
  /** 2×2, stride 2. */
  | { type: 'max_pool2d' }
  | { type: 'dense'; units: number; name?: string }
  | { type: 'relu' }
  | { type: 'tanh' }
  /** `rate`: share of the inputs set to zero in training, in [0, 1). */
  | { type: 'dropout'; rate: number };

export interface OptimizerOptions {
  type: 'sgd' | 'adamw';
  /** SGD: share of the last step that is kept (Nesterov). Default 0.9. */
  momentum?: number;
  /** AdamW. Default 0.9. */
  beta1?: number;
  /** AdamW. Default 0.999. */
  beta2?: number;
  /** AdamW. Default 1e-7. */
  epsilon?: number;
  /** Share of the weights taken off per step and learning rate; not on biases. Default 0. */
  weightDecay?: number;
}

export interface TrainerOptions {
  /**
   * The network, from 28×28×1 to one output per class. Default: that of the weights, else that of
   * the shipped weights. Layers without a name are called conv1, conv2, … and dense1, dense2, ….
   */
  layers?: LayerSpec[];
  /** Default 'adamw'. */
  optimizer?: 'sgd' | 'adamw' | OptimizerOptions;
  /** Per step. Default 0.001 for AdamW, 0.01 for SGD. */
  learningRate?: number;
  /** Draws weights, dropout, order and augmentation: the same seed on one thread gives the same weights. Default 1. */
  seed?: number;
  /** 'head' leaves everything before the first dense layer as it is, and is much faster. Default 'all'. */
  scope?: 'all' | 'head';
}

export interface Dataset {
  /** n×784: Float32Array in 0 (paper) … 1 (ink), or Uint8Array in 0…255. */
  images: Float32Array | Uint8Array;
  /** n classes. */
  labels: Uint8Array;
}

/** Ranges, symmetric about "unchanged", from which each picture's change is drawn; absent is 0. */
export interface AugmentOptions {
  /** Degrees. */
  rotation?: number;
  /** Share, each axis by itself: 0.1 is 0.9…1.1. */
  scale?: number;
  /** Horizontal shift per pixel of height. */
  shear?: number;
  /** Pixels. */
  shift?: number;
  /** Pixels, root mean square of the displacement. */
  elasticStrength?: number;
  /** Pixels, standard deviation of the Gaussian that smooths it. Default 4. */
  elasticSmoothness?: number;
  /** Share of the pictures, 0…1, of which a patch of paper hides a part. */
  occlusion?: number;
}

export interface StepOptions {
  /**
   * Whether `images` are features. Default: for scope 'head', whether they are other than 784 values for each label; where a
   * network has 784 features of a picture, this has to say it.
   */
  areFeatures?: boolean;
}

/** How far fit, or fineTune, is; of a lesson each step counts as an epoch. */
export interface FitProgress {
  /** From 1, and from `firstEpoch` + 1. Of a lesson: as `step`. */
  epoch: number;
  /** The last one that was asked for: `firstEpoch` + `epochs`. Of a lesson: as `steps`. */
  epochs: number;
  /** Steps taken of this fit or lesson, from 1. */
  step: number;
  /** Those there are to be, at most: a lesson ends when the samples are learnt, a fit at its `targetLoss`. */
  steps: number;
  /** Mean cross-entropy of this step's batch, in nats. */
  loss: number;
  /** Without pauses. */
  seconds: number;
  /** If all steps are taken. A lesson is then still to be measured. */
  secondsLeft: number;
}

export interface FitOptions {
  /** Default 1. */
  epochs?: number;
  /**
   * The number of the first epoch, from 0: order and augmentation follow from it, so that epochs run one by one, by a fit
   * each, are the same as in one fit. Default 0.
   */
  firstEpoch?: number;
  /** Default 32. */
  batchSize?: number;
  /** Show each picture slightly changed every time. `true`: small rotations, scales, shears, shifts and bends. */
  augment?: boolean | AugmentOptions;
  /** Stop early, after the first epoch whose mean loss is this or less, in nats. Default 0: never. */
  targetLoss?: number;
  onProgress?: (progress: FitProgress) => void;
  /** When aborted, fit rejects with the signal's reason; the trainer stands after its last whole step, as it does when training diverges. */
  signal?: AbortSignal;
}

export interface FitReport {
  /** Those that were run: fewer than asked for when `targetLoss` was reached. */
  epochs: number;
  steps: number;
  /** Mean cross-entropy of each epoch, in nats, measured while it learned. */
  losses: number[];
  seconds: number;
}

export interface EvaluateOptions {
  /** Also give each picture's probabilities, such as to find the worst mistakes. Default false. */
  probabilities?: boolean;
  /** Pictures so far, of how many, and the seconds they took. */
  onProgress?: (progress: { done: number; count: number; seconds: number }) => void;
  /** When aborted, evaluate rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** How a network does on labelled pictures. */
export interface Evaluation {
  /** Pictures. */
  count: number;
  /** Those whose most probable class is their label. */
  correct: number;
  /** correct / count. */
  accuracy: number;
  /** Mean cross-entropy, nats. */
  loss: number;
  /** classes×classes pictures, row by row: the row is the label, the column what it was taken for. */
  confusion: Uint32Array;
  /** n×classes, when asked for. */
  probabilities?: Float32Array;
}

/** What one layer makes of a picture. */
export interface Activation {
  /** Of the layer's weights, such as 'conv1'; of layers without weights, their type. */
  name: string;
  type: LayerSpec['type'];
  /** [height, width, channels], or [units]. */
  shape: number[];
  /** In that order, the last axis running fastest. */
  data: Float32Array;
}

/**
 * What a drawing is: a digit (0…9, or '0'…'9' as in `label` of a {@link Classification}), or the name (1 to 20 characters) of a
 * symbol of the user's own, such as a tick. A name that is new adds a class, at most 16.
 */
export type Label = number | string;

export interface FineTuneOptions {
  /**
   * Steps at most; in each, variations of the samples are practised among pictures to rehearse. It ends sooner when they are learnt.
   * Default 40.
   */
  epochs?: number;
  /** Per step. Default 0.0008. */
  learningRate?: number;
  /** 'head' teaches the dense layers alone, which forgets less and is faster; 'all' the whole network. Default 'head'. */
  scope?: 'all' | 'head';
  /**
   * Points of accuracy (hundredths) that may be lost on pictures held back. If a lesson costs more, a part of the way to what
   * was learnt is tried, and if that costs too much, too, the lesson is not taken. Default 0.1.
   */
  maxLoss?: number;
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
  /** Whether the classifier has taken the new weights. If not, it has the old ones, bit for bit. */
  accepted: boolean;
  samples: number;
  /** Steps that were taken. */
  epochs: number;
  /** On the samples. A symbol that is new is never read before. */
  before: Score;
  /** The same after the lesson; as before, if it was not accepted. */
  after: Score;
  /**
   * On MNIST's test pictures: `count` of them, and accuracies in 0…1. They are estimated from a tenth: those that the shipped weights
   * misread or read right by the smallest margins, which are forgotten first, and a sample of the others. For the shipped weights
   * that is exact to a few hundredths of a point, for others to a point or two.
   */
  heldBack: { count: number; before: number; after: number };
  seconds: number;
}

/** What an engine holds of its module's memory. */
export interface MemoryUse {
  /** Bytes allocated now. */
  heapBytes: number;
  /** Classifiers, trainers and thread pools. */
  liveObjects: number;
}

export interface EngineTrainer {
  readonly seed: number;
  /**
   * One optimizer step. `images`: n×784 in 0…1 for n labels; with scope 'head' also n×9216
   * features (or as many as the network has), see `features` and {@link StepOptions}.
   * Returns the batch's mean cross-entropy before the step, in nats; if that is not finite, since training has diverged, no
   * step was taken.
   */
  step(images: Float32Array, labels: Uint8Array, options?: StepOptions): number;
  /** n×784 in 0…1 → what enters the first dense layer, n×9216 for the default layers: to be kept and stepped on. */
  features(images: Float32Array): Float32Array;
  /** Keeps a dataset (as it is, not copied) under a name that fit and evaluate take for it; in place of an earlier one. */
  load(name: string, dataset: Dataset): void;
  /** Epochs of steps over a dataset, or one that was loaded under this name, letting other tasks run in between. */
  fit(dataset: Dataset | string, options?: FitOptions): Promise<FitReport>;
  /** How the weights, as they are now, do on a dataset, letting other tasks run in between; fits stand still meanwhile. */
  evaluate(dataset: Dataset | string, options?: EvaluateOptions): Promise<Evaluation>;
  /**
   * What each layer makes of one picture, 784 values in 0…1, in order; the last are the logits. A ReLU behind a layer with
   * weights is part of that layer, and dropout is left out.
   */
  activations(image: Float32Array): Activation[];
  /** Fits stand still, after a whole step, from now until `resume`; aborting them works meanwhile. */
  pause(): void;
  resume(): void;
  readonly paused: boolean;
  /** The whole network as a safetensors file. */
  exportWeights(): ArrayBuffer;
  dispose(): void;
  /** The same, for `using`. */
  [Symbol.dispose](): void;
}

/** Reads pictures; synchronous. */
export interface Reader {
  readonly backend: Backend;
  classify(picture: Pixels): Classification;
  /** The digits of a picture, row by row from the top, each from left to right. Empty if it is blank. */
  classifyAll(picture: Pixels): LocatedDigit[];
  /**
   * n×784 in 0…1, already framed → n×(10 + symbols) probabilities. Each frame is read once, as it is: where `classify` would
   * also look at it widened or turned, the two may differ. There is no `state`, no `energy` and no blank: paper gets
   * probabilities, too.
   */
  classifyBatch(frames: Float32Array): Float32Array;
  /** The 28×28 picture, 0…255, that the network would see; null if there is no ink. */
  frame(picture: Pixels): Bytes | null;
  /** Names of the user's own symbols, in the order of their classes, which come after the ten digits. */
  readonly symbols: string[];
  memory(): MemoryUse;
  /** Frees the memory and ends the threads. May be called again. */
  dispose(): void;
  /** The same, for `using`. */
  [Symbol.dispose](): void;
}

export interface Engine extends Reader {
  /** Forgets a symbol; `undo` brings it back. Rejects with `weights` if only int8 weights were given. */
  removeSymbol(name: string): Promise<void>;
  /**
   * Learns from labelled drawings, letting other tasks run in between: a copy of the weights is trained on small variations of
   * them, among pictures that the package ships for it (fetched when first needed), and taken if it costs little on others.
   * Samples of symbols are to come along in later lessons, too: the package has none to rehearse.
   * On any failure the old weights stay. fineTune, removeSymbol and resetWeights take turns; where undo or importWeights,
   * which do not, changes the weights before one of them has ended, that one rejects with `input` and changes nothing.
   * Rejects with `weights` if only int8 weights were given: import the float32 file, or call `resetWeights`.
   */
  fineTune(
    samples: (
      { drawing: Pixels; frame?: undefined; label: Label } | { frame: Uint8Array; drawing?: undefined; label: Label }
    )[],
    options?: FineTuneOptions,
  ): Promise<FineTuneReport>;
  /**
   * Fetches and reads, for a first lesson on these weights (see `teach`), what it would have to, which is a good part of its
   * time. It is kept for the lessons that follow: 74 MB for the shipped network, 96 MB at most. When `signal` is aborted, it rejects
   * with the signal's reason.
   */
  prepareToTeach(weights: ArrayBuffer | ArrayBufferView, options?: { signal?: AbortSignal }): Promise<void>;
  /** The lesson of fineTune alone, on any weights: this engine's own stay. `weights` are null if the lesson is not accepted. */
  teach(
    weights: ArrayBuffer | ArrayBufferView,
    samples: Parameters<Engine['fineTune']>[0],
    options?: FineTuneOptions,
  ): Promise<{ report: FineTuneReport; weights: Bytes | null }>;
  /**
   * Back to the weights before the last accepted fineTune or other change of them, up to ten times; false if there are none to
   * go back to.
   */
  undo(): boolean;
  /**
   * The float32 weights, as they were given; the shipped ones are fetched for it. Rejects with `weights` if only int8
   * weights were given.
   */
  exportWeights(): Promise<ArrayBuffer>;
  /** float32 or int8 weights (see `precision`), not compressed. After an error the old weights are still there. */
  importWeights(bytes: ArrayBuffer | ArrayBufferView): void;
  /** Back to the weights that the package ships, which are fetched; `undo` takes that back, too. */
  resetWeights(): Promise<void>;
  /**
   * `weights` are bytes here, not compressed, since this is synchronous. Absent: drawn from `seed`; scope 'head' needs them.
   * Dispose of it when done; the engine's own dispose does so too.
   */
  createTrainer(options?: TrainerOptions & { weights?: ArrayBuffer | ArrayBufferView | null }): EngineTrainer;
}

/**
 * Fetches and starts the engine. `weights` default to the shipped ones; with null there are none
 * until importWeights (enough for trainers).
 */
export function loadEngine(options?: LoadOptions & { weights?: WeightsSource | null }): Promise<Engine>;
