/** A box over each digit on the pad, with what it was read as; a list for screen readers. */
import { confidenceText, nameOf } from './label_words.js';
import { linesOf } from './number_words.js';

/** CSS pixels: of a label, and at least between two. */
const labelHeight = 20;
const labelGap = 4;

/** What labels say, the most first: where they would hide each other or other lines, they say less. */
const amounts = ['all', 'name', 'nothing'];

const areApart = (a, b) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;

export class DigitBoxes {
  #list;
  #lines = [];

  #onPick;

  constructor(list) {
    this.#list = list;
    list.addEventListener('click', ({ target }) => {
      const index = [...list.children].indexOf(target.closest('li'));
      if (index >= 0) this.#onPick?.(index);
    });
    new ResizeObserver(() => this.#placeLabels()).observe(list);
  }

  /** `digits`: results with a `box` in pad sides, in reading order. `isDrawn`: by the pen, whose line is wider than its points. */
  show(digits, { isDrawn = true } = {}) {
    this.#list.hidden = digits.length === 0;
    this.#list.toggleAttribute('data-drawn', isDrawn);
    this.#lines = linesOf(digits);
    this.#list.replaceChildren(...digits.map(boxOf));
    this.#placeLabels();
  }

  /** Says of one of them that the page shows more about it. */
  mark(index) {
    [...this.#list.children].forEach((item, i) => {
      if (i === index) item.setAttribute('aria-current', 'true');
      else item.removeAttribute('aria-current');
    });
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

  #placeLabels() {
    const side = this.#list.clientWidth; // CSS pixels
    if (side === 0) return;
    const items = [...this.#list.children];
    const widths = items.map((item) => widthsOf(item.firstChild)).values();
    const lines = this.#lines.map((line) =>
      line.map(({ box }) => ({ widths: widths.next().value, box: inPixels(box, side) })),
    );
    const place = (amount) => lines.map((line) => labelsOf(line, amount, side));
    const amount = amounts.find((one) => one === 'nothing' || areAllApart(place(one), lines));
    const labels = place(amount).flat();
    items.forEach((item, i) => {
      item.toggleAttribute('data-above', labels[i].isAbove);
      setAmount(item.firstChild, amount);
    });
  }
}

function setAmount(label, amount) {
  label.classList.toggle('visually-hidden', amount === 'nothing');
  label.lastChild.classList.toggle('visually-hidden', amount !== 'all');
}

/** Of a label, by what it says, in CSS pixels: names may be long. */
function widthsOf(label) {
  setAmount(label, 'all');
  const all = label.offsetWidth + labelGap;
  return { all, name: all - label.lastChild.offsetWidth };
}

function boxOf(reading) {
  const { state, box } = reading;
  const item = document.createElement('li');
  item.dataset.state = state;
  item.style.setProperty('--left', box.left);
  item.style.setProperty('--top', box.top);
  item.style.setProperty('--width', box.right - box.left);
  item.style.setProperty('--height', box.bottom - box.top);
  const label = document.createElement('span');
  const confidence = document.createElement('span');
  confidence.textContent = `\u00a0·\u00a0${confidenceText(reading)}`;
  label.append(nameOf(reading), confidence);
  item.append(label);
  return item;
}

const inPixels = ({ left, top, right, bottom }, side) => ({
  left: left * side,
  top: top * side,
  right: right * side,
  bottom: bottom * side,
});

/** Where the labels of a line lie: below their boxes; above them at the foot of the pad, and where the one before is too close. */
function labelsOf(line, amount, side) {
  let before = null;
  return line.map(({ widths, box }) => {
    const width = amount === 'all' ? widths.all : widths.name;
    const middle = (box.left + box.right) / 2;
    const isClose = before !== null && middle - before.middle < (width + before.width) / 2;
    const isAbove = isClose ? !before.isAbove : box.bottom + labelHeight > side;
    const top = isAbove ? box.top - labelHeight : box.bottom;
    const [left, right] = [middle - width / 2, middle + width / 2];
    before = { isAbove, middle, width, left, right, top, bottom: top + labelHeight };
    return before;
  });
}

/** Whether no label hides another one, or a digit of another line. */
function areAllApart(placement, lines) {
  const labels = placement.flat();
  return placement.every((line, i) =>
    line.every(
      (label) =>
        labels.every((other) => other === label || areApart(label, other)) &&
        lines.every((digits, k) => k === i || digits.every(({ box }) => areApart(label, box))),
    ),
  );
}
