/** Calls that take turns. */
export class Turns {
  #last; // promise that the last of them has ended; absent once it has

  get areOver() {
    return !this.#last;
  }

  /** Calls `call` once all before it have ended, at once if they have: → what comes of it. */
  take(call) {
    const result = this.#last ? this.#last.then(call) : call();
    const end = result
      .catch(() => {})
      .then(() => {
        if (this.#last === end) this.#last = undefined;
      });
    this.#last = end;
    return result;
  }
}
