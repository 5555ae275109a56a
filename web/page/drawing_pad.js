/**
 * The sheet of paper: shows a sheet (see sheet.js) and the stroke that is being drawn on it.
 * Pens (pointer_pen.js, keyboard_pen.js) write on it through begin, extend, end and cancel.
 */
import { isEmpty } from './sheet.js';
import { drawStrokes, extendStroke, oncePerFrame } from './inkdigit/drawing.js';

/** Pen width as a share of the pad's side. */
const kPenWidth = 0.052;
/** Points nearer than this (in pad sides) to the one before add nothing but work. */
const kSmallestStep = 0.0015;

const clamp = (value) => Math.min(1, Math.max(0, value));

export class DrawingPad {
  #canvas;
  #context;
  #sheet;
  #stroke = null;
  #redrawSoon = oncePerFrame(() => this.#draw());
  #onProgress;
  #onStroke;
  #onCancel;

  /**
   * `onProgress(strokes)` is called while a stroke grows, with that stroke included;
   * `onStroke(stroke)` once it is finished; `onCancel()` when it is given up instead.
   */
  constructor(canvas, { sheet, onProgress, onStroke, onCancel }) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d');
    this.#sheet = sheet;
    this.#onProgress = onProgress;
    this.#onStroke = onStroke;
    this.#onCancel = onCancel;
    new ResizeObserver(() => this.#fit()).observe(canvas);
    addEventListener('resize', () => this.#fit()); // zooming may change only the pixels per unit
    for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
      matchMedia(query).addEventListener('change', () => this.#redrawSoon());
    }
    this.#fit();
  }

  show(sheet) {
    this.#sheet = sheet;
    this.#redrawSoon();
  }

  get isDrawing() {
    return this.#stroke !== null;
  }

  begin(point) {
    this.#stroke = [this.#inside(point)];
    this.#grown();
  }

  extend(points) {
    if (!this.#stroke) return;
    const inside = points.map((point) => this.#inside(point));
    if (extendStroke(this.#stroke, inside, kSmallestStep)) this.#grown();
  }

  end() {
    const stroke = this.#stroke;
    this.#stroke = null;
    if (stroke) this.#onStroke(stroke);
  }

  /** Forgets the stroke that was being drawn. */
  cancel() {
    if (!this.#stroke) return;
    this.#stroke = null;
    this.#redrawSoon();
    this.#onCancel();
  }

  /** Ink stays on the paper: a point outside lands on the edge, as people see it. */
  #inside({ x, y, pressure = 0.5 }) {
    return { x: clamp(x), y: clamp(y), pressure };
  }

  /** The finished strokes (none on a picture, which makes way for a new drawing) and the one that is being drawn. */
  get #strokes() {
    return this.#stroke ? [...this.#sheet.strokes, this.#stroke] : this.#sheet.strokes;
  }

  #grown() {
    this.#onProgress(this.#strokes);
    this.#redrawSoon();
  }

  #fit() {
    const side = Math.round(this.#canvas.clientWidth * devicePixelRatio);
    if (side === 0 || side === this.#canvas.width) return;
    this.#canvas.width = this.#canvas.height = side;
    this.#draw();
  }

  #draw() {
    const context = this.#context;
    const side = this.#canvas.width;
    context.clearRect(0, 0, side, side);
    this.#canvas.parentElement.toggleAttribute('data-blank', isEmpty(this.#sheet) && !this.#stroke);
    if (this.#sheet.picture && !this.#stroke) {
      this.#drawPicture(this.#sheet.picture);
      return;
    }
    context.strokeStyle = getComputedStyle(this.#canvas).color; // follows the theme
    drawStrokes(context, this.#strokes, {
      toPixels: ({ x, y }) => ({ x: x * side, y: y * side }),
      lineWidth: kPenWidth * side,
      usePressure: true,
    });
  }

  #drawPicture({ image, pixelated }) {
    const side = this.#canvas.width;
    const scale = Math.min(side / image.width, side / image.height);
    const width = image.width * scale;
    const height = image.height * scale;
    this.#context.imageSmoothingEnabled = !pixelated;
    this.#context.drawImage(image, (side - width) / 2, (side - height) / 2, width, height);
  }
}
