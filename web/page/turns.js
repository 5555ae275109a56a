/** Calls that take turns: each begins when all before it have ended, well or not. What fails is its own caller's to deal with. */
export class Turns {
  #last = Promise.resolve(); // the end of the last one; it never rejects

  /** → what comes of `call()`. */
  async take(call) {
    const before = this.#last;
    let end;
    this.#last = new Promise((resolve) => (end = resolve));
    await before;
    try {
      return await call();
    } finally {
      end();
    }
  }
}
