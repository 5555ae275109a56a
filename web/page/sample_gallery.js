/** One original MNIST image of each digit: ten buttons, and the images themselves for comparison. */
import { makeButton } from './controls.js';
import { drawFrame } from './frame_view.js';
import { technicalDetails } from './technical_details.js';
import { digitCount, frameAt, frameSize } from './shapes.js';

const headerBytes = 16;

/** Reads the ten images (an IDX file, in the order of the digits) → ten Uint8Array(784). */
export async function loadSamples(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} for ${url.pathname}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const expected = headerBytes + digitCount * frameSize;
  if (bytes.length !== expected) {
    throw new Error(`${url.pathname} has ${bytes.length} bytes, not ${expected}.`);
  }
  const frames = bytes.subarray(headerBytes);
  return Array.from({ length: digitCount }, (_, digit) => frameAt(frames, digit));
}

/** Ten buttons in `list`, there from the start so that nothing moves later; `onChoose(digit)` is called when one is pressed. */
export class SampleGallery {
  #list;
  #items;
  #canvases;

  constructor(list, onChoose) {
    this.#list = list;
    this.#canvases = Array.from({ length: digitCount }, (_, digit) => {
      const canvas = document.createElement('canvas');
      drawFrame(canvas, null);
      const button = makeButton('', () => onChoose(digit));
      button.setAttribute('aria-label', `Read the sample ${digit}`);
      button.append(canvas);
      const item = document.createElement('li');
      item.append(button);
      list.append(item);
      return canvas;
    });
    this.#items = [...list.children];
  }

  show(samples) {
    this.#replace(this.#items);
    samples.forEach((frame, digit) => drawFrame(this.#canvases[digit], frame));
  }

  /** If what goes has the focus, what comes gets it. */
  #replace(items) {
    const hadFocus = this.#list.contains(document.activeElement);
    this.#list.replaceChildren(...items);
    if (hadFocus) this.#list.querySelector('button').focus();
  }

  /** Says, in the place of the buttons, that there are none; `onAgain()`: they are asked for once more. */
  fail(detail, onAgain) {
    const item = document.createElement('li');
    item.className = 'failure';
    item.append(
      'The samples could not be loaded. Check the connection, then try again. ',
      technicalDetails(detail),
      makeButton('Try again', onAgain),
    );
    this.#replace([item]);
  }
}
