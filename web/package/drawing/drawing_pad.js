/** The paper that a pen writes on: strokes on a canvas. Lengths are in pad heights, see drawing.d.ts. */
import { oncePerFrame } from './once_per_frame.js';
import { extendStroke } from './stroke_growth.js';
import { drawStrokes } from './stroke_renderer.js';

/** Pen width on the pad, in pad heights. */
const penWidth = 0.052;
/** Points nearer than this to the one before add nothing but work. */
const smallestStep = 0.0015;

const shortTransition = 'color 1ms';

const clamp = (value) => Math.min(1, Math.max(0, value));

/** See drawing.d.ts. */
export class DrawingPad {
  #canvas;
  #context;
  #strokes = []; // finished ones
  #stroke = null; // the one being drawn
  #drawSoon = oncePerFrame(() => this.#draw());
  #handlers;
  #sizes; // ResizeObserver
  #isFitted = false; // the canvas has been drawn at the size that it has
  #life = new AbortController(); // for the listeners on the canvas
  #given; // the page's own inline styles of the canvas, which it gets back
  #transition; // that of the canvas while the pad is on it
  /** Paper is white: what is printed from a dark page has the ink of a light one, and no time for transitions. */
  #print = ({ type }) => {
    const isPrinting = type === 'beforeprint';
    const { style } = this.#canvas;
    style.colorScheme = isPrinting ? 'light' : this.#given.colorScheme;
    style.transition = isPrinting ? 'none' : this.#transition;
    this.#draw();
  };

  constructor(canvas, handlers = {}) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d');
    this.#handlers = handlers;
    this.#watchSize();
    const { style } = canvas;
    this.#given = { colorScheme: style.colorScheme, transition: style.transition };
    // The ink has the canvas' text colour. A change of it, whoever makes it, shows as a transition too short to be seen.
    style.transition = shortTransition;
    if (this.#given.transition) style.transition = `${this.#given.transition}, ${shortTransition}`; // without effect on `none`
    this.#transition = style.transition;
    for (const type of ['transitionend', 'contextrestored']) {
      canvas.addEventListener(type, () => this.#drawSoon(), { signal: this.#life.signal });
    }
  }

  dispose() {
    this.#life.abort();
    this.#sizes.disconnect();
    this.#hearOfPrinting(false);
    Object.assign(this.#canvas.style, this.#given);
  }

  get [Symbol.toStringTag]() {
    return 'DrawingPad';
  }

  get width() {
    return this.#canvas.clientHeight === 0 ? 1 : this.#canvas.clientWidth / this.#canvas.clientHeight;
  }

  get strokes() {
    return this.#stroke ? [...this.#strokes, this.#stroke] : this.#strokes;
  }

  set strokes(strokes) {
    this.#stroke = null;
    this.#strokes = strokes;
    this.#drawSoon();
  }

  get isDrawing() {
    return this.#stroke !== null;
  }

  beginAnew() {
    this.#strokes = [];
    this.#drawSoon();
  }

  begin(point) {
    if (this.#handlers.onBegin?.() === false) return;
    this.#stroke = [this.#inside(point)];
    this.#grown();
  }

  extend(points) {
    if (!this.#stroke) return;
    const inside = points.map((point) => this.#inside(point));
    if (extendStroke(this.#stroke, inside, smallestStep)) this.#grown();
  }

  end() {
    const stroke = this.#stroke;
    if (!stroke) return;
    this.#strokes = this.strokes;
    this.#stroke = null;
    this.#handlers.onStroke?.(stroke);
  }

  cancel() {
    if (!this.#stroke) return;
    this.#stroke = null;
    this.#drawSoon();
    this.#handlers.onCancel?.();
  }

  /** From shares of the canvas to pad heights; a point outside lands on the edge, as people see it. */
  #inside({ x, y, pressure = 0.5 }) {
    return { x: clamp(x) * this.width, y: clamp(y), pressure };
  }

  #grown() {
    this.#handlers.onInk?.(this.strokes);
    this.#drawSoon();
  }

  #watchSize() {
    this.#sizes = new ResizeObserver(() => this.#fit());
    try {
      this.#sizes.observe(this.#canvas, { box: 'device-pixel-content-box' }); // zooming may change only the pixels per unit
    } catch {
      this.#sizes.observe(this.#canvas);
    }
  }

  #fit() {
    const [width, height] = [this.#canvas.clientWidth, this.#canvas.clientHeight].map((length) =>
      Math.round(length * devicePixelRatio),
    );
    const isShown = width > 0 && height > 0;
    this.#hearOfPrinting(isShown);
    const isSame = width === this.#canvas.width && height === this.#canvas.height;
    if (isShown && isSame && this.#isFitted) return;
    this.#isFitted = isShown; // its colour may change while it is hidden
    if (!isShown) return;
    this.#canvas.width = width;
    this.#canvas.height = height;
    this.#draw();
  }

  /** Only while it is shown: the window must not hold a pad that was taken away. */
  #hearOfPrinting(isShown) {
    const listen = isShown ? addEventListener : removeEventListener;
    for (const type of ['beforeprint', 'afterprint']) listen(type, this.#print);
  }

  #draw() {
    if (this.#life.signal.aborted) return;
    const { width, height } = this.#canvas;
    this.#context.clearRect(0, 0, width, height);
    this.#handlers.drawBelow?.(this.#context);
    this.#context.strokeStyle = getComputedStyle(this.#canvas).color;
    drawStrokes(this.#context, this.strokes, {
      toPixels: ({ x, y }) => ({ x: x * height, y: y * height }),
      lineWidth: penWidth * height,
      usePressure: true,
    });
  }
}
