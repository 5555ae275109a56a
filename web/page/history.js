/**
 * Undo for values that are replaced, never changed: every step keeps the whole earlier value.
 * Strokes are shared between steps, so a step costs one short array; a picture costs megabytes, and is in one step alone.
 */
const maxSteps = 500;
const maxHeavySteps = 20;

export class History {
  #past = [];
  #isHeavy;
  #onDrop;

  /** `isHeavy(value)`: of those only a few steps are kept. `onDrop(value)`: a step is past, and cannot come back. */
  constructor(initial, { isHeavy = () => false, onDrop = () => {} } = {}) {
    this.current = initial;
    this.#isHeavy = isHeavy;
    this.#onDrop = onDrop;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  push(value) {
    this.#past.push(this.current);
    const heavy = this.#past.filter(this.#isHeavy);
    if (heavy.length > maxHeavySteps) this.#dropOldest(this.#past.indexOf(heavy[0]) + 1);
    if (this.#past.length > maxSteps) this.#dropOldest(1);
    this.current = value;
  }

  #dropOldest(count) {
    this.#past.splice(0, count).forEach((value) => this.#onDrop(value));
  }

  /** Goes one step back; returns whether there was one. */
  undo() {
    if (!this.canUndo) return false;
    const undone = this.current;
    this.current = this.#past.pop();
    this.#onDrop(undone);
    return true;
  }
}
