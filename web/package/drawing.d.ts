/**
 * The parts of a drawing pad: for a pad of your own that reads as `<ink-digit>` does. Strokes are read better than
 * pictures of them, since every digit is drawn again at one size and with one pen.
 */
import type { Classification } from './index.js';

/** Lengths are in pad heights, y downwards: a square pad goes from 0 to 1 both ways. */
export interface Point {
  x: number;
  y: number;
  /** 0…1; 0.5 for devices that report none. */
  pressure: number;
}

/** What the pen draws from when it is put down until it is lifted. */
export type Stroke = readonly Point[];

/** In pad heights. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface StrokeReading extends Classification {
  /** Around the strokes of this digit. */
  box: Box;
}

/** The least that is to be told of a picture of a digit: enough for the classifier of a test. */
export type DigitReading = Pick<Classification, 'digit' | 'state' | 'confidence'> & Partial<Classification>;

/** What reads strokes: a Classifier, a Reader or an Engine, or anything that answers as they do, at once or later. */
export interface DigitClassifier<Reading extends DigitReading = DigitReading> {
  classify(picture: ImageData): Reading | PromiseLike<Reading>;
}

/**
 * Reads strokes. → the digits in reading order, none if there is no stroke; a mere dot is 'unsure'. Of digits that are close together, touch or
 * overlap, what their strokes are read as tells which are of which; one stroke is of one digit. `count`: how many
 * digits are expected; 1 takes all strokes for one digit. On a pad that shows `count` cells side by side over its `width` (in pad heights,
 * default 1), strokes that do not fall apart into as many digits by themselves are told apart by their cells.
 */
export function readStrokes<Reading extends DigitReading = Classification>(
  classifier: DigitClassifier<Reading>,
  strokes: readonly Stroke[],
  options?: { count?: number; width?: number },
): Promise<(Reading & { box: Box })[]>;

/** One digit as the classifier reads it best: a new 280×280 ImageData, black on white. Needs a document. */
export function renderForClassifier(strokes: readonly Stroke[]): ImageData;

/** Draws strokes smoothed and with round ends, in the context's stroke style. `lineWidth` is in pixels. */
export function drawStrokes(
  context: CanvasRenderingContext2D,
  strokes: readonly Stroke[],
  options: { toPixels: (point: Point) => { x: number; y: number }; lineWidth: number; usePressure?: boolean },
): void;

/** Adds points to a stroke in place, but for those nearer than `smallestStep` to the one before. → whether there were any. */
export function extendStroke(stroke: Point[], points: readonly Point[], smallestStep: number): boolean;

/** → a function that runs `work` before the next frame, once, however often it is called until then. */
export function oncePerFrame(work: () => void): () => void;

/** By the places of strokes alone: → lists of strokes, one for each digit, in reading order. Digits that overlap may be in one. */
export function groupStrokes(strokes: readonly Stroke[]): Stroke[][];

export function boxAround(strokes: readonly Stroke[]): Box;

/** What a pen writes on. Points are in shares (0…1) of the canvas' width and height. */
export interface Pad {
  begin(point: Point): void;
  extend(points: Point[]): void;
  end(): void;
  /** Forgets the stroke that was begun: it was not meant. */
  cancel(): void;
}

/**
 * The paper of `<ink-digit>` for a page of your own: shows strokes on a canvas, at whatever size CSS gives it, in the canvas'
 * text colour; printed, in that of a light page. Give the canvas `touch-action: none`, or a finger scrolls the page instead of drawing.
 *
 *     const reader = new LiveReader({
 *       classify: (strokes) => readStrokes(classifier, strokes),
 *       onResult: (digits) => console.log(digits.map(({ digit }) => digit)),
 *       onError: console.error,
 *     });
 *     const pad = new DrawingPad(canvas, { onInk: (strokes) => reader.read(strokes, { grows: true }) });
 *     const detach = attachPointerPen(canvas, pad);
 *
 * Where the canvas outlives the pad, as in an effect of React: `detach(); pad.dispose();`.
 */
export class DrawingPad implements Pad {
  constructor(
    canvas: HTMLCanvasElement,
    handlers?: {
      /** Called before a stroke begins; false forbids it. */
      onBegin?: () => boolean;
      /** Called whenever there is more ink, with all strokes, the growing one included. */
      onInk?: (strokes: readonly Stroke[]) => void;
      /** Called when a stroke is finished. */
      onStroke?: (stroke: Stroke) => void;
      /** Called when a stroke is given up instead. */
      onCancel?: () => void;
      /** Draws what lies under the ink, whenever the pad is drawn. */
      drawBelow?: (context: CanvasRenderingContext2D) => void;
    },
  );
  /** Width of the canvas in pad heights; 1 while it is hidden. */
  readonly width: number;
  /** The finished strokes and the one that is being drawn, which is dropped when others are set. */
  strokes: readonly Stroke[];
  readonly isDrawing: boolean;
  /** Takes away the finished strokes; the one that is being drawn goes on. */
  beginAnew(): void;
  begin(point: Point): void;
  extend(points: Point[]): void;
  end(): void;
  cancel(): void;
  /** Draws no more and lets go of the canvas, which another pad may have then. The strokes are kept. */
  dispose(): void;
}

/**
 * Lets mouse, finger and pen write on `pad` over the canvas. The hand that holds a pen writes nothing.
 * → a function that ends it, and the stroke that is being drawn.
 */
export function attachPointerPen(canvas: HTMLCanvasElement, pad: Pad): () => void;

/**
 * Keeps a reading up to date while what is read changes faster than that: one reading is under way at a time, of those
 * that wait only the newest counts.
 */
export class LiveReader<Subject, Result> {
  constructor(handlers: {
    classify: (subject: Subject) => Promise<Result>;
    onResult: (result: Result, subject: Subject) => void;
    onError: (error: unknown, subject: Subject) => void;
    onBusy?: (isBusy: boolean) => void;
  });
  /** With `grows`, `subject` is the earlier one with more ink, and a reading of that one is still worth showing. */
  read(subject: Subject, options?: { grows?: boolean }): void;
  /** Whether a newer subject waits for its turn: what is shown now is not the last word. */
  readonly isBehind: boolean;
  /** A reading under way is never shown, and what is read next does not wait for it. */
  stop(): void;
}
