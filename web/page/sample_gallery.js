/** One original MNIST image of each digit: ten buttons, and the images themselves for comparison. */
import { drawFrame } from './frame_view.js';
import { digitCount, frameAt, frameSize } from './shapes.js';

const headerBytes = 16;

/** Reads the ten images (an IDX file, in the order of the digits) → ten Uint8Array(784). */
export async function loadSamples(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The sample images could not be loaded (${response.status}).`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const expected = headerBytes + digitCount * frameSize;
  if (bytes.length !== expected) {
    throw new Error(`The sample images have ${bytes.length} bytes, not ${expected}.`);
  }
  const frames = bytes.subarray(headerBytes);
  return Array.from({ length: digitCount }, (_, digit) => frameAt(frames, digit));
}

/** Ten buttons in `list`, there from the start so that nothing moves later; `onChoose(digit)` is called when one is pressed. */
export class SampleGallery {
  #list;
  #canvases;

  constructor(list, onChoose) {
    this.#list = list;
    this.#canvases = Array.from({ length: digitCount }, (_, digit) => {
      const canvas = document.createElement('canvas');
      drawFrame(canvas, null);
      const button = document.createElement('button');
      button.type = 'button';
      button.setAttribute('aria-label', `Read the sample ${digit}`);
      button.append(canvas);
      button.addEventListener('click', () => onChoose(digit));
      const item = document.createElement('li');
      item.append(button);
      list.append(item);
      return canvas;
    });
  }

  show(samples) {
    samples.forEach((frame, digit) => drawFrame(this.#canvases[digit], frame));
  }

  /** Says, in the place of the buttons, why there are none. */
  fail(text) {
    const item = document.createElement('li');
    item.className = 'failure';
    item.textContent = text;
    this.#list.replaceChildren(item);
  }
}
