// Compiled, never run: the package's types as a user meets them. A line marked @ts-expect-error
// must not compile.
import type { Box, Stroke, StrokeReading } from 'inkdigit/drawing';
import { DrawingPad, LiveReader, attachPointerPen, readStrokes } from 'inkdigit/drawing';
import { InkDigitElement } from 'inkdigit/element';
import type { InkDigitReading } from 'inkdigit/element';
import {
  type Activation,
  type Classification,
  type Classifier,
  type Evaluation,
  type FineTuneReport,
  type FitReport,
  InkdigitError,
  type InkdigitErrorCode,
  type LocatedDigit,
  type Trainer,
  createClassifier,
  createTrainer,
  shippedWeights,
  train,
} from 'inkdigit';
import { type Engine, type EngineTrainer, loadEngine } from 'inkdigit/engine';
import { type Reader, loadReader } from 'inkdigit/reader';

export function padOfOnesOwn(canvas: HTMLCanvasElement, classifier: Classifier): DrawingPad {
  const pad = new DrawingPad(canvas, {
    onStroke: () => void readStrokes(classifier, pad.strokes, { width: pad.width }),
  });
  const detach: () => void = attachPointerPen(canvas, pad);
  detach();
  pad.dispose();
  pad.strokes = [];
  // @ts-expect-error it follows the canvas
  pad.width = 2;
  const reader = new LiveReader({
    classify: (drawn: readonly Stroke[]) => readStrokes(classifier, drawn),
    onResult: ([first]) => first.digit.toFixed(),
    onError: console.error,
  });
  reader.read(pad.strokes, { grows: true });
  return pad;
}

export async function classifiers(
  canvas: HTMLCanvasElement,
  file: File,
  bitmap: ImageBitmap,
  pixels: ImageData,
  element: HTMLImageElement | HTMLVideoElement,
): Promise<void> {
  const classifier: Classifier = await createClassifier();
  await createClassifier({
    weights: shippedWeights,
    baseUrl: '/inkdigit/',
    threads: 2,
    precision: 'float32',
    simd: 'auto',
  });
  await createClassifier({ weights: null, baseUrl: null, workerUrl: null }); // as a storage that has none gives it
  await createClassifier({ weights: new Uint8Array(8), baseUrl: new URL('https://example.org/') });
  // @ts-expect-error there is no such precision
  await createClassifier({ precision: 'float16' });

  for (const picture of [canvas, file, bitmap, pixels, element]) {
    const { digit, label, confidence, state, probabilities, frame }: Classification =
      await classifier.classify(picture);
    const text: 'blank' | 'digit' | 'unsure' = state;
    const numbers: [number, number, Float32Array, Uint8Array] = [digit, confidence, probabilities, frame];
    const blob: Blob = new Blob([frame]);
    void [text, numbers, label, blob];
  }
  const located: LocatedDigit[] = await classifier.classifyAll(file);
  for (const { box, digit, frame } of located) {
    const numbers: [number, number, Uint8Array] = [box.x + box.width, digit, frame];
    void numbers;
  }
  const { signal } = new AbortController();
  await createClassifier({ signal });
  await classifier.classify(canvas, { signal });
  await classifier.classifyAll(canvas, { signal });
  await classifier.prepareToLearn({ signal });
  // @ts-expect-error a controller is no signal
  await classifier.classify(canvas, { signal: new AbortController() });
  // @ts-expect-error words are no picture
  await classifier.classify('seven');
  const batch: Float32Array = await classifier.classifyBatch(new Float32Array(784));
  // @ts-expect-error frames are floats
  await classifier.classifyBatch(new Uint8Array(784));

  const report: FineTuneReport = await classifier.fineTune(
    [
      { drawing: pixels, label: 7 },
      { frame: new Uint8Array(784), label: 'tick' },
    ],
    {
      epochs: 3,
      learningRate: 1e-4,
      scope: 'head',
      maxLoss: 0.2,
      onProgress: ({ secondsLeft }) => secondsLeft.toFixed(),
      signal: new AbortController().signal,
    },
  );
  const { accepted, heldBack }: FineTuneReport = report;
  const lost: number = accepted ? heldBack.before - heldBack.after : 0;
  const undone: boolean = await classifier.undo();
  const reset: void = await classifier.resetWeights();
  const [symbol]: string[] = classifier.symbols;
  await classifier.removeSymbol(symbol ?? 'tick');
  void [lost, undone, reset];
  // @ts-expect-error a sample has a label
  await classifier.fineTune([{ drawing: pixels }]);
  // @ts-expect-error a sample is a drawing or a frame, not both
  await classifier.fineTune([{ drawing: pixels, frame: new Uint8Array(784), label: 1 }]);

  const weights: ArrayBuffer = await classifier.exportWeights();
  const nothing: void = await classifier.importWeights(weights);
  const { simd, threads, precision, why } = classifier.backend;
  // @ts-expect-error what was chosen cannot be changed
  classifier.backend.threads = 3;
  const framed: Uint8Array | null = await classifier.frame(file, { signal });
  classifier.dispose();
  classifier[Symbol.dispose]();
  void [framed, batch, report, nothing, simd, threads, precision, why];
}

export async function trainers(images: Float32Array, labels: Uint8Array): Promise<void> {
  const trainer: Trainer = await createTrainer({
    layers: [
      { type: 'conv2d', units: 8, kernel: 3 },
      { type: 'relu' },
      { type: 'max_pool2d' },
      { type: 'dropout', rate: 0.2 },
      { type: 'dense', units: 10, name: 'out' },
    ],
    optimizer: { type: 'sgd', momentum: 0.9 },
    learningRate: 0.01,
    seed: 3,
    scope: 'all',
    threads: 2,
    signal: new AbortController().signal,
  });
  // @ts-expect-error a convolution has a kernel
  await createTrainer({ layers: [{ type: 'conv2d', units: 8 }] });
  // @ts-expect-error there is no such optimizer
  await createTrainer({ optimizer: 'rmsprop' });
  const loss: number = await trainer.step(images, labels);
  await trainer.step(images, labels, { areFeatures: false });
  const report: FitReport = await trainer.fit(
    { images, labels },
    { epochs: 2, batchSize: 32, augment: { rotation: 5 } },
  );
  await trainer.load('digits', { images, labels });
  await trainer.fit('digits', { firstEpoch: 2 });
  const { confusion, probabilities }: Evaluation = await trainer.evaluate('digits', { probabilities: true });
  const [{ name, shape, data }]: Activation[] = await trainer.activations(images);
  await trainer.pause();
  await trainer.resume();
  const weights: ArrayBuffer = await trainer.exportWeights();
  const trained: { weights: ArrayBuffer; report: FitReport } = await train(
    { images, labels },
    {
      epochs: 2,
      seed: 3,
      optimizer: 'sgd',
      threads: 1,
      workerUrl: 'blob:',
      onProgress: ({ epoch }) => epoch.toFixed(),
    },
  );
  // @ts-expect-error a number is no dataset
  await trainer.evaluate(7);
  trainer[Symbol.dispose]();
  void [loss, report, weights, confusion, probabilities, name, shape, data, trained];
}

export async function engines(picture: ImageData): Promise<void> {
  const engine: Engine = await loadEngine({ weights: null });
  const { digit } = engine.classify(picture); // synchronous
  engine.classify({ data: new Uint8Array(4), width: 1, height: 1 });
  const trainer: EngineTrainer = engine.createTrainer({ weights: await engine.exportWeights(), scope: 'head' });
  const loss: number = trainer.step(trainer.features(new Float32Array(784)), Uint8Array.of(digit));
  trainer.step(new Float32Array(9216), Uint8Array.of(digit), { areFeatures: true });
  await engine.prepareToTeach(await engine.exportWeights());
  const taught = await engine.teach(await engine.exportWeights(), [{ drawing: picture, label: 1 }]);
  trainer[Symbol.dispose]();
  engine[Symbol.dispose]();
  void [loss, taught];
}

export function errors(error: unknown): string {
  if (!(error instanceof InkdigitError)) return 'something else';
  const code: InkdigitErrorCode = error.code;
  switch (code) {
    case 'unsupported':
    case 'load':
    case 'weights':
    case 'input':
    case 'memory':
    case 'disposed':
      return error.message;
    default:
      return code satisfies never; // all are named above
  }
}

// The element by its tag name, its events by theirs.
export async function useElement(classifier: Classifier, strokes: Stroke[]) {
  const field = document.createElement('ink-digit');
  field.length = 5;
  field.minLength = 2;
  field.labels.forEach((label) => (label.htmlFor = field.id));
  field.classifier = classifier;
  field.addEventListener('classify', ({ detail }) => {
    const { value, digits }: InkDigitReading = detail;
    return value.length === digits.length;
  });
  field.addEventListener('keydown', ({ key }) => key === 'Enter'); // the browser's own events are typed, too
  // @ts-expect-error: read only
  field.state = 'blank';
  const [first] = await readStrokes(classifier, strokes, { count: 1 });
  return [field.value, first.box.left, first.digit];
}

export function useWords() {
  InkDigitElement.setWords({ clear: 'Löschen', invitation: (length) => `${length} zeichnen` });
  // @ts-expect-error: by setWords(), which shows them
  InkDigitElement.words.clear = 'Löschen';
  // @ts-expect-error: there is no such word
  InkDigitElement.setWords({ clean: 'Putzen' });
}

// What a field and strokes are read by: a classifier, a reader or an engine, also one made up for a test.
export async function useClassifiers(classifier: Classifier, reader: Reader, engine: Engine, strokes: Stroke[]) {
  const field = document.createElement('ink-digit');
  for (const one of [classifier, reader, engine, null]) field.classifier = one;
  field.classifier = { classify: async () => ({ digit: 7, state: 'digit', confidence: 1 }) };
  field.classifier = { classify: () => ({ digit: 7, state: 'digit', confidence: 1 }) };
  // @ts-expect-error: there is no such state
  field.classifier = { classify: async () => ({ digit: 7, state: 'seven', confidence: 1 }) };
  // @ts-expect-error: how sure it is has to be told
  field.classifier = { classify: async () => ({ digit: 7, state: 'digit' }) };
  const whole: StrokeReading[][] = [
    await readStrokes(classifier, strokes),
    await readStrokes(reader, strokes),
    await readStrokes(engine, strokes),
  ];
  const [read] = await readStrokes({ classify: () => ({ digit: 7, state: 'digit', confidence: 1 }) }, strokes);
  const told: [number, Box] = [read.digit, read.box];
  // @ts-expect-error: it told of none
  void read.frame.length;
  return [whole, told];
}

export async function readers(pixels: ImageData): Promise<void> {
  const reader: Reader = await loadReader({ threads: 1, simd: 'baseline' });
  const read: Classification = reader.classify(pixels);
  const engineReads: Reader = await loadEngine();
  // @ts-expect-error it only reads
  reader.fineTune([]);
  // @ts-expect-error it reads int8 alone
  await loadReader({ precision: 'float32' });
  reader[Symbol.dispose]();
  void [read, engineReads];
}
