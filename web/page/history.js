/**
 * Undo for values that are replaced, never changed: every step keeps the whole earlier value.
 * Strokes are shared between steps, so a step costs one short array; a picture costs megabytes.
 */
const maxSteps = 500;
const maxHeavySteps = 20;

export class History {
  #past = [];
  #isHeavy;

  /** `isHeavy(value)`: of those only a few steps are kept. */
  constructor(initial, { isHeavy = () => false } = {}) {
    this.current = initial;
    this.#isHeavy = isHeavy;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  push(value) {
    this.#past.push(this.current);
    const heavy = this.#past.filter(this.#isHeavy);
    if (heavy.length > maxHeavySteps) this.#past.splice(0, this.#past.indexOf(heavy[0]) + 1);
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
