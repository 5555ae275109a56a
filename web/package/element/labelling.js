/** What people call a field, and what is said of it. */
import { watchNames } from './name_watch.js';
import { spokenText } from './spoken_text.js';
import { words } from './words.js';

/** The elements that the page set as a property, in browsers that have it, or that an attribute names by their ids. */
function namedBy(field, property, attribute) {
  if (field[property]) return field[property];
  const root = field.getRootNode();
  const ids = (field.getAttribute(attribute) ?? '').split(/\s+/);
  return ids.map((id) => id && root.getElementById?.(id)).filter(Boolean);
}

/** Puts words on everything in a field's view, and again when what names or describes the field changes. */
export class Labelling {
  #field;
  #view;
  #texts = new MutationObserver(() => this.#name()); // of what names it
  #endWatch = () => {};

  /** `field`: the element, of which attributes, `labels`, `length` and `minLength` are read; `view`: its FieldView. */
  constructor(field, view) {
    this.#field = field;
    this.#view = view;
  }

  /** The field has come into the page. */
  start() {
    this.#endWatch();
    this.#endWatch = watchNames(this.#field.getRootNode(), () => this.#name());
    this.update();
  }

  stop() {
    this.#endWatch();
    this.#texts.disconnect();
  }

  update() {
    const { length, minLength } = this.#field;
    this.#view.setLength(length, minLength);
    this.#view.showWords(words, length, minLength);
    this.#name();
  }

  /** A label names the field; what has the focus, and so is read out, is the input in it. */
  #name() {
    const field = this.#field;
    const labels = [...(field.labels ?? [])];
    const names = namedBy(field, 'ariaLabelledByElements', 'aria-labelledby');
    const descriptions = namedBy(field, 'ariaDescribedByElements', 'aria-describedby');
    const textOf = (elements) =>
      elements
        .map((element) => spokenText(element, field))
        .filter(Boolean)
        .join(' ');
    const given = textOf(names) || field.getAttribute('aria-label') || textOf(labels);
    const description = textOf(descriptions) || (given ? field.title : ''); // as that of any other field
    this.#view.showName(given || field.title || words.name(field.length, field.minLength), description);
    this.#texts.disconnect();
    for (const element of [...labels, ...names, ...descriptions]) {
      this.#texts.observe(element, {
        ...{ childList: true, characterData: true, subtree: true },
        attributeFilter: ['aria-label', 'alt', 'aria-hidden', 'hidden', 'class', 'style'],
      });
    }
  }
}
