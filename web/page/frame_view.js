/** A 28×28 picture of grey levels as MNIST has them: ink 255, paper 0. */
import { frameSide } from './shapes.js';

/** Ink with transparency for the paper, so that the page's colours show through. */
export function drawFrame(canvas, frame, [red, green, blue] = [255, 255, 255]) {
  canvas.width = canvas.height = frameSide;
  if (!frame) return;
  const pixels = new ImageData(frameSide, frameSide);
  frame.forEach((ink, i) => pixels.data.set([red, green, blue, ink], i * 4));
  canvas.getContext('2d').putImageData(pixels, 0, 0);
}

/** The same as an opaque picture, white ink on black, for the classifier and for the pad. */
export function frameToImageData(frame) {
  const pixels = new ImageData(frameSide, frameSide);
  frame.forEach((ink, i) => pixels.data.set([ink, ink, ink, 255], i * 4));
  return pixels;
}

/** A figure: the picture, with a caption and a text for those who do not see it. */
export class FrameView {
  #canvas;
  #caption;

  constructor(figure) {
    this.#canvas = figure.querySelector('canvas');
    this.#caption = figure.querySelector('figcaption');
  }

  /** `frame`: 784 bytes, or null for nothing. */
  show(frame, { label, caption }) {
    drawFrame(this.#canvas, frame);
    this.#canvas.setAttribute('aria-label', label);
    if (caption) this.#caption.textContent = caption;
  }
}
