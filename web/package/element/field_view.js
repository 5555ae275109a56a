/** What an `<ink-digit>` is made of, in its shadow tree. Built node by node: no markup is parsed, so Trusted Types agree. */
import { noticeOf } from './notice.js';
import { styleSheet } from './style.js';

function node(name, attributes = {}, ...children) {
  const made =
    name === 'svg' || name === 'path'
      ? document.createElementNS('http://www.w3.org/2000/svg', name)
      : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const icon = (d) => node('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true' }, node('path', { d }));

export class FieldView {
  canvas = node('canvas', { part: 'pad', role: 'img' });
  invitation = node('span', { part: 'invitation', 'aria-hidden': 'true' });
  notice = node('span', { part: 'notice', class: 'notice' });
  input = node('input', {
    part: 'input',
    type: 'text',
    inputmode: 'numeric',
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    enterkeyhint: 'done',
    'aria-describedby': 'description hint',
  });
  undo = node(
    'button',
    { part: 'button undo', class: 'undo', type: 'button' },
    icon('M9 5L4 10L9 15M4 10H14A5 5 0 0 1 14 20H11'),
  );
  clear = node('button', { part: 'button clear', type: 'button' }, icon('M6 6L18 18M18 6L6 18'));
  #description = node('span', { id: 'description', hidden: '' }); // the page's, which shows it itself
  #hint = node('span', { id: 'hint', class: 'unseen' });
  #announcement = node('span', { class: 'unseen', role: 'status' });
  #cells = node('div', { class: 'cells' });
  #paper = node('div', { part: 'paper', class: 'paper' }, this.#cells, this.canvas, this.invitation);
  #root;
  #shown = ''; // of the notice
  #pointer = ''; // what last pressed on the notice: 'mouse', 'touch' or 'pen'

  constructor(root) {
    this.#root = root;
    this.adopt(document);
    root.append(
      node(
        'div',
        { part: 'field', class: 'field' },
        this.#paper,
        // The input is the first that can have the focus, and so gets it when a label is clicked.
        node('div', { part: 'bar', class: 'bar' }, this.input, this.undo, this.clear),
        this.notice, // over the paper
      ),
      this.#description,
      this.#hint,
      this.#announcement,
    );
    this.notice.addEventListener('pointerdown', ({ pointerType }) => (this.#pointer = pointerType));
  }

  /** The field has come to another document, where it has no styles yet. */
  adopt(document) {
    if (document.defaultView) this.#root.adoptedStyleSheets = [styleSheet(document)];
  }

  showWords(words, length, minLength) {
    this.canvas.setAttribute('aria-label', words.pad);
    this.invitation.textContent = words.invitation(length, minLength);
    this.#hint.textContent = words.hint(length, minLength);
    for (const [button, word] of [
      [this.undo, words.undo],
      [this.clear, words.clear],
    ]) {
      button.setAttribute('aria-label', word);
      button.title = word;
    }
  }

  /** Shows how the field stands: its FieldContent, and the element's attributes. */
  show(content, field, isDisabled) {
    const { input, canvas, undo, clear, invitation } = this;
    const { answer, hasInk, inkCounts, isEmpty, isFixed } = content;
    input.disabled = isDisabled;
    input.readOnly = field.readOnly;
    input.setAttribute('aria-required', field.required);
    canvas.classList.toggle('overruled', hasInk && answer.isTyped);
    invitation.hidden = !isEmpty || isFixed || answer.state === 'failed';
    undo.disabled = clear.disabled = isFixed;
    // Not `disabled`: a button that has the focus must not lose it.
    undo.setAttribute('aria-disabled', !inkCounts);
    clear.setAttribute('aria-disabled', isEmpty);
    this.#showNotice(...noticeOf(content, field));
  }

  /** Of the input, which has the focus and so is read out. */
  showName(name, description) {
    this.input.setAttribute('aria-label', name);
    this.#description.textContent = description;
  }

  /** `value`: of the attribute aria-invalid, or null. */
  showInvalid(value) {
    if (value === null) this.input.removeAttribute('aria-invalid');
    else this.input.setAttribute('aria-invalid', value);
  }

  /** Text over the lower edge of the paper, with buttons: [{ text, label, part, onClick }]. */
  #showNotice(text, buttons = []) {
    // The same stays: a button must not go away under the pointer that presses it, nor lose the focus.
    const shown = JSON.stringify([text, buttons]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const made = buttons.map(({ text: face, label, part, onClick }) => {
      const button = node('button', { part: `button ${part}`, type: 'button', 'aria-label': label ?? face }, face);
      button.addEventListener('click', ({ detail }) => {
        // Before the button goes, for the field is not left. What is tapped calls up no keyboard: clicks of one have no detail.
        const next = detail > 0 && this.#pointer !== 'mouse' ? this.clear : this.input;
        next.focus({ preventScroll: true });
        onClick();
      });
      return button;
    });
    this.notice.replaceChildren(text, ...made);
    this.notice.hidden = text === '' && made.length === 0;
  }

  /** For screen readers. */
  announce(text) {
    if (this.#announcement.textContent !== text) this.#announcement.textContent = text;
  }

  setLength(length, minLength) {
    // Through the object model, which a policy without inline styles allows.
    this.#paper.style.setProperty('--_length', length);
    this.#paper.classList.toggle('several', length > 1);
    const count = minLength < length ? 1 : length; // cells for each would ask for all
    if (this.#cells.childElementCount === count) return;
    this.#cells.replaceChildren(...Array.from({ length: count }, () => node('span', { class: 'cell' })));
  }
}
