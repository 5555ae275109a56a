// Long work that lets others in: messages (such as an abort) are taken between steps, and it can be made to wait.

/** After so many milliseconds of steps, waiting tasks are let in. */
const yieldInterval = 30;

/** Work waits at it while it is closed. */
export class Gate {
  #opening; // while closed: { promise, resolve }

  get closed() {
    return this.#opening !== undefined;
  }

  close() {
    if (this.#opening) return;
    let resolve;
    const promise = new Promise((done) => (resolve = done));
    this.#opening = { promise, resolve };
  }

  open() {
    this.#opening?.resolve();
    this.#opening = undefined;
  }

  /** Resolves once it is open, or when `signal` aborts. */
  async pass(signal) {
    if (!this.#opening || signal?.aborted) return;
    let onAbort;
    const aborted = new Promise((resolve) => signal?.addEventListener('abort', (onAbort = resolve)));
    await Promise.race([this.#opening.promise, aborted]);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** → { next(): to be awaited before every step, seconds(): at work so far, end() }. */
export function makePace({ gate, signal } = {}) {
  const turn = makeTurn();
  const started = performance.now();
  let last = started;
  let waited = 0; // milliseconds at the gate
  return {
    async next() {
      if (performance.now() - last >= yieldInterval) {
        await turn.pass();
        last = performance.now();
      }
      if (gate?.closed) {
        const closed = performance.now();
        while (gate.closed && !signal?.aborted) await gate.pass(signal);
        last = performance.now();
        waited += last - closed;
      }
      signal?.throwIfAborted();
    },
    seconds: () => (performance.now() - started - waited) / 1000,
    end: turn.end,
  };
}

/** Lets waiting tasks run, without the 4 ms that browsers add to nested timers. */
function makeTurn() {
  // Node would go on with a channel's messages for long before anything else.
  const { setImmediate } = globalThis;
  if (setImmediate) return { pass: () => new Promise((resolve) => setImmediate(resolve)), end() {} };
  const { port1, port2 } = new MessageChannel();
  const pass = () =>
    new Promise((resolve) => {
      port1.onmessage = resolve;
      port2.postMessage(null);
    });
  return { pass, end: () => port1.close() };
}
