/** A box over each digit on the pad, with what it was read as; a list for screen readers. */
const percent = (share) => `${Math.floor(share * 100)}%`;

export class DigitBoxes {
  #list;

  constructor(list) {
    this.#list = list;
  }

  /** `digits`: results with a `box` in pad sides, in reading order. */
  show(digits) {
    this.#list.hidden = digits.length === 0;
    this.#list.replaceChildren(
      ...digits.map(({ digit, confidence, state, box }) => {
        const item = document.createElement('li');
        item.dataset.state = state;
        item.style.setProperty('--left', box.left);
        item.style.setProperty('--top', box.top);
        item.style.setProperty('--width', box.right - box.left);
        item.style.setProperty('--height', box.bottom - box.top);
        const label = document.createElement('span');
        label.textContent = `${digit}\u00a0·\u00a0${percent(confidence)}`;
        item.append(label);
        return item;
      }),
    );
  }

  clear() {
    this.show([]);
  }
}
