/** The drawings that the next lessons learn from: each can be removed and, while the list is open, put back. */
import { makeButton } from '../controls.js';
import { labelText, oneLabel } from '../label_words.js';
import { contentOf } from './lesson_book.js';

export class KeptDrawings {
  #details;
  #list;
  #actions;
  #picture;
  #samples = [];
  #removed = []; // since the list was opened

  /**
   * `details`: its element. `actions`: onForget(sample), onPutBack(sample), and leave(), which puts the focus elsewhere when all of this
   * goes. `picture(frame)` → a canvas.
   */
  constructor(details, actions, picture) {
    this.#details = details;
    this.#list = details.querySelector('.kept-list');
    this.#actions = actions;
    this.#picture = picture;
    details.addEventListener('toggle', () => {
      this.#removed = [];
      this.show(this.#samples);
    });
  }

  show(samples) {
    this.#samples = samples;
    const kept = new Set(samples.map(contentOf));
    this.#removed = this.#removed.filter((sample) => !kept.has(contentOf(sample)));
    const all = [...samples, ...this.#removed];
    const focused = this.#buttons().indexOf(document.activeElement);
    const hadFocus = this.#details.contains(document.activeElement);
    this.#details.hidden = all.length === 0;
    if (hadFocus && this.#details.hidden) this.#actions.leave();
    // Pictures are drawn when they are looked at.
    const shown = this.#details.open ? all.sort((a, b) => b.time - a.time) : [];
    this.#list.replaceChildren(...shown.map((sample) => this.#item(sample, kept.has(contentOf(sample)))));
    if (focused >= 0 && !this.#details.hidden)
      (this.#buttons()[focused] ?? this.#details.querySelector('summary')).focus();
  }

  #buttons() {
    return [...this.#list.querySelectorAll('button')];
  }

  #item(sample, isKept) {
    const item = document.createElement('li');
    item.toggleAttribute('data-removed', !isKept);
    const text = isKept ? 'Remove' : 'Put back';
    const button = makeButton(text, () => {
      if (isKept && !this.#removed.includes(sample)) this.#removed.push(sample); // it may be pressed again before it is gone
      (isKept ? this.#actions.onForget : this.#actions.onPutBack)(sample);
    });
    button.setAttribute('aria-label', `${text} this drawing of ${oneLabel(sample.label)}`);
    const label = document.createElement('span');
    label.textContent = labelText(sample.label);
    item.append(this.#picture(sample.frame), label, button);
    return item;
  }
}
