/** A box over each digit on the pad, with what it was read as; a list for screen readers. */
import { confidenceText, nameOf } from './prediction_view.js';

/** A label takes so many CSS pixels; where digits stand closer, every other label is above its box. */
const labelWidth = 72;

const middle = ({ left, right }) => (left + right) / 2;

export class DigitBoxes {
  #list;

  #onPick;

  constructor(list) {
    this.#list = list;
    list.addEventListener('click', ({ target }) => {
      const index = [...list.children].indexOf(target.closest('li'));
      if (index >= 0) this.#onPick?.(index);
    });
  }

  /** `digits`: results with a `box` in pad sides, in reading order. */
  show(digits) {
    this.#list.hidden = digits.length === 0;
    const distance = digits.length > 1 ? labelWidth / this.#list.clientWidth : 0;
    let isAbove = false;
    this.#list.replaceChildren(
      ...digits.map((reading, i) => {
        const { state, box } = reading;
        const item = document.createElement('li');
        item.dataset.state = state;
        const before = digits[i - 1]?.box;
        isAbove = !isAbove && before !== undefined && Math.abs(middle(box) - middle(before)) < distance;
        item.toggleAttribute('data-above', isAbove);
        item.style.setProperty('--left', box.left);
        item.style.setProperty('--top', box.top);
        item.style.setProperty('--width', box.right - box.left);
        item.style.setProperty('--height', box.bottom - box.top);
        const label = document.createElement('span');
        label.textContent = `${nameOf(reading)}\u00a0·\u00a0${confidenceText(reading)}`;
        item.append(label);
        return item;
      }),
    );
  }

  /** Marks one of them; while one is marked, another can be picked by a tap. -1: none is. `onPick(index)`. */
  choose(index, onPick) {
    this.#onPick = onPick;
    this.#list.toggleAttribute('data-choosing', index >= 0);
    [...this.#list.children].forEach((item, i) => item.toggleAttribute('data-chosen', i === index));
  }

  clear() {
    this.show([]);
  }
}
