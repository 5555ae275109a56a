/**
 * The engine without a worker, synchronous once it is loaded: for a worker of your own and for
 * Node 20 or newer. On a page's main thread use `inkdigit` instead, which never blocks the page.
 *
 * Everything handed over is copied, everything returned is yours. Errors are {@link InkdigitError}.
 */

/** Where a failure comes from; the message says what to do. */
export type InkdigitErrorCode =
  /** This browser, or this version of the package, cannot do it. */
  | 'unsupported'
  /** A file of the package, or the weights, did not come from its address. */
  | 'load'
  /** A weights file is damaged, incomplete or for another network. */
  | 'weights'
  /** What was handed over is not what the method takes. */
  | 'input'
  | 'memory'
  /** The object was disposed of, before the call or while it waited. */
  | 'disposed';

export class InkdigitError extends Error {
  constructor(code: InkdigitErrorCode, message: string, options?: { cause?: unknown });
  readonly name: 'InkdigitError';
  readonly code: InkdigitErrorCode;
}

/** Where weights come from: the address or the bytes of a safetensors file (copied). */
export type WeightsSource = string | URL | ArrayBuffer | ArrayBufferView;

/** Address of the float32 weights that the package ships, which learning starts from. */
export const shippedWeights: URL;

export interface LoadOptions {
  /**
   * Folder of the package's files, if they are not beside this module (as after bundling).
   * Relative addresses count from the page, in Node from the working folder.
   */
  baseUrl?: string | URL;
  /**
   * Number of threads, the calling one included. Default: one for each core, at most 4, used for
   * batches and training; single pictures are then read on one. A number asked for is used
   * throughout. Where threads cannot be had there is one, and `backend.why` says why.
   */
  threads?: number;
  /**
   * Arithmetic of reading. 'int8' (default) is faster and its shipped weights are a quarter of the download; the
   * answers are those of 'float32' for all but one picture in thousands. float32 weights that are given or imported
   * are quantized here, which takes a moment; a network that cannot be is read as float32 (see `backend.precision`).
   * Learning is always float32.
   */
  precision?: 'int8' | 'float32';
  /** Default 'auto': relaxed SIMD where the browser has it. 'relaxed' throws `unsupported` elsewhere. */
  simd?: 'auto' | 'relaxed' | 'baseline';
}

/** What was really chosen; `precision` and its reason follow the weights that are imported. */
export interface Backend {
  readonly simd: 'relaxed' | 'baseline';
  readonly threads: number;
  readonly precision: 'int8' | 'float32';
  /** The reasons, in words. */
  readonly why: string;
}

/** A picture: 4 bytes (red, green, blue, alpha) a pixel, row by row. An ImageData is one. */
export interface Pixels {
  readonly data: Uint8ClampedArray | Uint8Array;
  /** Pixels; width × height is 2^24 at most. */
  readonly width: number;
  readonly height: number;
}

export interface Classification {
  /** The most probable digit, 0…9; -1 when blank. */
  digit: number;
  /** Its probability, 0…1; 0 when blank. */
  confidence: number;
  /** 'blank': no ink at all. 'unsure': ink, but like no digit, or like two. */
  state: 'blank' | 'digit' | 'unsure';
  /** [10], adding up to 1; all 0 when blank. */
  probabilities: Float32Array;
  /**
   * How much the ink is like any digit at all, nats: the logarithm of the sum of the logits' exponentials. Below a threshold
   * that the weights bring along it is 'unsure', however probable one digit is among the ten. 0 when blank.
   */
  energy: number;
  /** [784] = 28×28, row by row: what the network saw. 0 is paper, 255 is ink. */
  frame: Uint8Array;
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
}

export interface FitProgress {
  /** From 1. */
  epoch: number;
  epochs: number;
  /** Steps taken of this fit, from 1. */
  step: number;
  steps: number;
  /** Mean cross-entropy of this step's batch, in nats. */
  loss: number;
  seconds: number;
  secondsLeft: number;
}

export interface FitOptions {
  /** Default 1. */
  epochs?: number;
  /** Default 32. */
  batchSize?: number;
  /** Show each picture slightly changed every time. `true`: small rotations, scales, shears, shifts and bends. */
  augment?: boolean | AugmentOptions;
  /** Stop early, after the first epoch whose mean loss is this or less, in nats. Default 0: never. */
  targetLoss?: number;
  onProgress?: (progress: FitProgress) => void;
  /** When aborted, fit rejects with the signal's reason; the trainer stands after its last whole step. */
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
   * features (or as many as the network has), see `features`.
   * Returns the batch's mean cross-entropy before the step, in nats.
   */
  step(images: Float32Array, labels: Uint8Array): number;
  /** n×784 in 0…1 → what enters the first dense layer, n×9216 for the default layers: to be kept and stepped on. */
  features(images: Float32Array): Float32Array;
  /** Epochs of steps over a dataset, letting other tasks run in between. */
  fit(dataset: Dataset, options?: FitOptions): Promise<FitReport>;
  /** The whole network as a safetensors file. */
  exportWeights(): ArrayBuffer;
  dispose(): void;
}

export interface Engine {
  readonly backend: Backend;
  classify(picture: Pixels): Classification;
  /** The digits of a picture, row by row from the top, each from left to right. Empty if it is blank. */
  classifyAll(picture: Pixels): LocatedDigit[];
  /** n×784 in 0…1, already framed → n×10 probabilities. */
  classifyBatch(frames: Float32Array): Float32Array;
  /** The 28×28 picture, 0…255, that the network would see; null if there is no ink. */
  frame(picture: Pixels): Uint8Array | null;
  /**
   * The float32 weights, as they were given; the shipped ones are fetched for it. Rejects with `weights` if only int8
   * weights were given.
   */
  exportWeights(): Promise<ArrayBuffer>;
  /** float32 or int8 weights (see `precision`). After an error the old weights are still there. */
  importWeights(bytes: ArrayBuffer | ArrayBufferView): void;
  /**
   * `weights` are bytes here, since this is synchronous. Absent: drawn from `seed`; scope 'head' needs them.
   * Dispose of it when done; the engine's own dispose does so too.
   */
  createTrainer(options?: TrainerOptions & { weights?: ArrayBuffer | ArrayBufferView }): EngineTrainer;
  memory(): MemoryUse;
  /** Frees the memory and ends the threads. May be called again. */
  dispose(): void;
}

/**
 * Fetches and starts the engine. `weights` default to the shipped ones; with null there are none
 * until importWeights (enough for trainers).
 */
export function loadEngine(options?: LoadOptions & { weights?: WeightsSource | null }): Promise<Engine>;
