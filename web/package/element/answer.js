/** What a field holds: its value, where that is from, and how far it is known. Who changes it tells of it, and draws and reads. */
import { guessesOf } from './reading.js';

export class Answer {
  value = '';
  state = 'blank'; // see InkDigitState in element.d.ts
  guesses = []; // of an unsure reading, the likeliest first
  isTyped = false; // typed, chosen or set, not read: the ink does not count
  isDirty = false; // it is the user's or the page's: the `value` attribute no longer counts
  #error = null; // the last
  #told = ''; // the value that the last `change` told of

  /** Why drawings cannot be read, in state 'failed'; else null. */
  get error() {
    return this.state === 'failed' ? this.#error : null;
  }

  /** What was read is final once it has settled. */
  get isSettling() {
    return this.value !== this.#told && !this.isTyped && this.state !== 'reading';
  }

  /** Typed or chosen, or set by the page; '' if there is nothing any more, ink neither. */
  write(value) {
    this.#set(value, value === '' ? 'blank' : 'digit');
    this.isTyped = value !== '';
    this.isDirty = true;
  }

  /** The value is that of the attribute again. */
  writeDefault(value) {
    this.write(value);
    this.isDirty = false;
    this.tell();
  }

  /** What the browser has kept, see kept_state.js. What gave a value is not read anew, which may fail now. */
  restore({ value, isTyped, strokes, state }) {
    this.write(value);
    this.tell();
    if (strokes.length === 0 || (isTyped && value !== '')) return;
    this.isTyped = false;
    this.state = value === '' ? 'reading' : state;
  }

  /** There is ink that has not been read. The value stays what it was until then. */
  ink() {
    this.isDirty = true;
    this.isTyped = false;
    this.state = 'reading';
  }

  /** The ink was read, see readingOf() in reading.js. → whether the value is another. */
  read(reading, takesGuess) {
    const { state, value } = reading;
    const isOther = this.#set(state === 'digit' || takesGuess ? value : '', state);
    this.guesses = guessesOf(reading);
    return isOther;
  }

  /** Drawings cannot be read; what was typed stays. → whether the value is another. */
  fail(error) {
    this.#error = error;
    return !this.isTyped && this.#set('', 'failed');
  }

  /** Perhaps they can, by now. */
  forgive() {
    if (this.state === 'failed') this.state = 'blank';
  }

  /** The value is final: `change` tells of it. → whether it did not yet. */
  tell() {
    const isNew = this.value !== this.#told;
    this.#told = this.value;
    return isNew;
  }

  #set(value, state) {
    const isOther = value !== this.value;
    this.value = value;
    this.state = state;
    this.guesses = [];
    return isOther;
  }
}
