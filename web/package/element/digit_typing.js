/** Typing digits into an input: only those, and no more of them than there is room for. */
import { digitsOf } from './typed_digits.js';

export class DigitTyping {
  #input;
  #length;
  #onTyped;
  #value = ''; // of the field
  #wanted = null; // what the input is to be after the event `input`: [text, caret]
  #isComposing = false; // an input method is at work, which writing into the input would disturb

  /** `length()`: how many digits there may be; `onTyped(value)`: what stands in the input now. */
  constructor(input, { length, onTyped }) {
    this.#input = input;
    this.#length = length;
    this.#onTyped = onTyped;
    input.addEventListener('beforeinput', (event) => this.#before(event));
    input.addEventListener('input', (event) => {
      event.stopPropagation(); // the field's own tells of it
      if (!this.#isComposing) this.#take();
    });
    input.addEventListener('compositionstart', () => (this.#isComposing = true));
    input.addEventListener('compositionend', () => {
      this.#isComposing = false;
      this.#take();
    });
    // All that is told if the field is taken away meanwhile.
    input.addEventListener('blur', () => (this.#isComposing = false));
  }

  /** Shows the field's value. */
  show(value) {
    this.#value = value;
    if (this.#input.value !== value && !this.#isComposing) this.#input.value = value;
  }

  /** The page, which hears of it after us, may prevent it. */
  #before(event) {
    this.#wanted = null;
    const { value, selectionStart, selectionEnd, disabled, readOnly } = this.#input;
    if (disabled || readOnly || !event.data || event.isComposing) return;
    const length = this.#length();
    // A single digit is replaced by the next.
    const [start, end] = length === 1 ? [0, value.length] : [selectionStart, selectionEnd];
    const room = Math.max(0, length - value.length + end - start);
    const typed = digitsOf(event.data).slice(0, room);
    if (typed === '') event.preventDefault();
    else this.#wanted = [value.slice(0, start) + typed + value.slice(end), start + typed.length];
  }

  #take() {
    const input = this.#input;
    if (this.#wanted) {
      const [text, caret] = this.#wanted;
      this.#wanted = null;
      input.value = text; // mostly what it is already
      input.setSelectionRange(caret, caret);
      this.#onTyped(text);
      return;
    }
    const digits = digitsOf(input.value);
    const length = this.#length();
    // What is erased of a value that is too long takes nothing else along.
    const most = Math.max(length, Math.min(digits.length, this.#value.length - 1));
    const value = most === 1 ? digits.slice(-1) : digits.slice(0, most);
    // If it is the same, all that came is no digit, or one too many.
    if (value === this.#value) this.show(value);
    else this.#onTyped(value);
  }
}
