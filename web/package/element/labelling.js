/** What people call a field, and what is said of it. */
import { words } from './words.js';

const textOf = (elements) =>
  [...elements]
    .map((element) => element?.textContent?.trim())
    .filter(Boolean)
    .join(' ');

/** The text of the elements that an attribute names by their ids. */
function textNamedBy(field, attribute) {
  const root = field.getRootNode();
  const ids = (field.getAttribute(attribute) ?? '').split(/\s+/);
  return textOf(ids.map((id) => id && root.getElementById?.(id)));
}

/** The name that the page gives the field, or ''. `labels`: its label elements. */
const nameOf = (field, labels) =>
  textNamedBy(field, 'aria-labelledby') || field.getAttribute('aria-label') || textOf(labels) || field.title;

/** Puts words on everything in a field's view, and again when the text of one of its labels changes. */
export class Labelling {
  #field;
  #view;
  #watch = new MutationObserver(() => this.update());

  /** `field`: the element, of which attributes, `labels` and `length` are read; `view`: its FieldView. */
  constructor(field, view) {
    this.#field = field;
    this.#view = view;
  }

  /** A label names the field; what has the focus, and so is read out, is the input in it. */
  update() {
    const { length } = this.#field;
    this.#view.setLength(length);
    this.#view.showWords(words, length);
    const labels = [...(this.#field.labels ?? [])];
    this.#view.input.setAttribute('aria-label', nameOf(this.#field, labels) || words.name(length));
    this.#view.description.textContent = textNamedBy(this.#field, 'aria-describedby');
    this.#watch.disconnect();
    for (const label of labels) this.#watch.observe(label, { childList: true, characterData: true, subtree: true });
  }

  /** Until the next update(). */
  stop() {
    this.#watch.disconnect();
  }
}
