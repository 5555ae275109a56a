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
  #entries = new Map(); // of the list, by contentOf: { item, sample, isKept }

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

  /** What is in the list already stays as it is, with its picture and the focus, and changes with its sample alone. */
  show(samples) {
    this.#samples = samples;
    const kept = new Set(samples.map(contentOf));
    this.#removed = this.#removed.filter((sample) => !kept.has(contentOf(sample)));
    const all = [...samples, ...this.#removed];
    const { activeElement } = document;
    const focused = this.#buttons().indexOf(activeElement);
    const hadFocus = this.#details.contains(activeElement);
    this.#details.hidden = all.length === 0;
    if (hadFocus && this.#details.hidden) this.#actions.leave();
    // Pictures are drawn when they are looked at.
    const shown = this.#details.open ? all.sort((a, b) => b.time - a.time) : [];
    this.#showEntries(
      shown.map((sample) => [contentOf(sample), sample]),
      kept,
    );
    if (focused < 0 || this.#details.hidden) return;
    if (this.#list.contains(activeElement))
      activeElement.focus(); // it may have changed its place
    else (this.#buttons()[focused] ?? this.#details.querySelector('summary')).focus();
  }

  /** `shown`: [[contentOf(sample), sample]], in their order. */
  #showEntries(shown, kept) {
    const before = this.#entries;
    this.#entries = new Map(shown.map(([content, sample]) => [content, before.get(content) ?? this.#entry(sample)]));
    for (const [content, { item }] of before) if (!this.#entries.has(content)) item.remove();
    let next = this.#list.firstElementChild;
    for (const [content, sample] of shown) {
      const entry = this.#entries.get(content);
      update(entry, sample, kept.has(content));
      if (entry.item === next) next = next.nextElementSibling;
      else this.#list.insertBefore(entry.item, next);
    }
  }

  #buttons() {
    return [...this.#list.querySelectorAll('button')];
  }

  #entry({ frame, label }) {
    const item = document.createElement('li');
    const words = document.createElement('span');
    words.textContent = labelText(label);
    const entry = { item };
    const button = makeButton('', () => {
      const { sample, isKept } = entry;
      if (isKept && !this.#removed.includes(sample)) this.#removed.push(sample); // it may be pressed again before it is gone
      (isKept ? this.#actions.onForget : this.#actions.onPutBack)(sample);
    });
    item.append(this.#picture(frame), words, button);
    return entry;
  }
}

function update(entry, sample, isKept) {
  const { item } = entry;
  entry.sample = sample;
  if (entry.isKept === isKept) return;
  entry.isKept = isKept;
  item.toggleAttribute('data-removed', !isKept);
  const text = isKept ? 'Remove' : 'Put back';
  item.lastChild.textContent = text;
  item.lastChild.setAttribute('aria-label', `${text} this drawing of ${oneLabel(sample.label)}`);
}
