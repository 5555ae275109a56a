/**
 * Undo for values that are replaced, never changed: every step keeps the whole earlier value.
 * Strokes are shared between steps, so a step costs one short array.
 */
const maxSteps = 500;

export class History {
  #past = [];

  constructor(initial) {
    this.current = initial;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  push(value) {
    this.#past.push(this.current);
    if (this.#past.length > maxSteps) this.#past.shift();
    this.current = value;
  }

  /** Goes one step back; returns whether there was one. */
  undo() {
    if (!this.canUndo) return false;
    this.current = this.#past.pop();
    return true;
  }
}
