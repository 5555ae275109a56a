/** Beside the result: that a network from the Train view reads, and the way back. */
import { baseOf } from './lesson_book.js';

export class NetworkCue {
  #root;

  /** `onReset()`: the shipped network is wanted again. */
  constructor(root, { onReset }) {
    this.#root = root;
    root.querySelector('button').addEventListener('click', onReset);
  }

  show(book) {
    const { base } = baseOf(book);
    const isTrained = base?.kind === 'training';
    if (!isTrained && this.#root.contains(document.activeElement)) document.activeElement.blur(); // it goes
    this.#root.hidden = !isTrained;
    this.#root.querySelector('span').textContent = isTrained ? `Reading with ${base.title} ·` : '';
  }
}
