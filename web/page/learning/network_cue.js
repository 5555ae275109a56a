/** Beside the result: that a network from the Train view reads, and the way back. */
import { baseOf } from './lesson_book.js';

export class NetworkCue {
  #root;
  #leave;

  /** `onReset()`: the shipped network is wanted again. `leave()`: puts the focus elsewhere when the button that has it goes. */
  constructor(root, { onReset, leave }) {
    this.#root = root;
    this.#leave = leave;
    root.querySelector('button').addEventListener('click', onReset);
  }

  show(book) {
    const { base } = baseOf(book);
    const isTrained = base?.kind === 'training';
    const hadFocus = this.#root.contains(document.activeElement);
    this.#root.hidden = !isTrained;
    if (hadFocus && !isTrained) this.#leave();
    this.#root.querySelector('span').textContent = isTrained ? `Reading with ${base.title} ·` : '';
  }
}
