/**
 * Keeps the reading up to date while the drawing changes faster than it can be read:
 * one request is under way at a time, and of those that wait only the newest counts.
 */
export class LiveReader {
  #classify;
  #onResult;
  #onError;
  #onBusy;
  #run = null; // what reads now, an object of its own; null if nothing does
  #next = null;
  #oldestWanted = 0;
  #sequence = 0;

  /** `classify(subject)` → Promise of a result; `onBusy(isBusy)` tells whether a newer reading is on its way. */
  constructor({ classify, onResult, onError, onBusy = () => {} }) {
    this.#classify = classify;
    this.#onResult = onResult;
    this.#onError = onError;
    this.#onBusy = onBusy;
  }

  get [Symbol.toStringTag]() {
    return 'LiveReader';
  }

  /**
   * Asks for a reading of `subject`. With `grows`, it is the earlier subject with more ink: a reading of that one, if it
   * comes first, is worth showing. Without, all earlier readings are stale and never shown.
   */
  read(subject, { grows = false } = {}) {
    const sequence = ++this.#sequence;
    if (!grows) this.#oldestWanted = sequence;
    this.#next = { subject, sequence };
    this.#onBusy(true);
    if (!this.#run) this.#readAll();
  }

  /** A newer subject waits for its turn: what is shown now is not the last word. */
  get isBehind() {
    return this.#next !== null;
  }

  /** Nothing is to be read any more: a reading under way is never shown, and what is read next does not wait for it. */
  stop() {
    this.#oldestWanted = ++this.#sequence;
    this.#next = null;
    this.#run = null;
    this.#onBusy(false);
  }

  async #readAll() {
    const run = (this.#run = {});
    while (this.#next && this.#run === run) {
      const { subject, sequence } = this.#next;
      this.#next = null;
      let tell;
      try {
        const result = await this.#classify(subject);
        tell = () => this.#onResult(result, subject);
      } catch (error) {
        tell = () => this.#onError(error, subject);
      }
      try {
        if (sequence >= this.#oldestWanted) tell();
      } catch (error) {
        reportError(error); // as that of a listener: reading goes on
      }
    }
    if (this.#run !== run) return; // it was stopped
    this.#run = null;
    this.#onBusy(false);
  }
}
