/** The footer: what the reader runs on, and why it is that. */
import { plural } from './quantities.js';

export class BackendView {
  #what;
  #why;

  /** The elements of both. */
  constructor(what, why) {
    this.#what = what;
    this.#why = why;
  }

  /** `backend`: that of a classifier. */
  show({ simd, threads, precision, why }) {
    const parts = [
      `WebAssembly with ${simd === 'relaxed' ? 'relaxed' : 'baseline'} SIMD`,
      plural(threads, 'thread'),
      precision,
    ];
    this.tell(parts.join(' · '), reasonsText(why));
  }

  /** Says something else in its place. */
  tell(what, why = '') {
    this.#what.textContent = what;
    this.#why.textContent = why;
  }
}

/** The package's reasons, "1 thread: enough; int8: …", as questions with their answers. */
const reasonsText = (why = '') =>
  why
    .split('; ')
    .map((reason) => reason.replace(/^([^:]+): (.*)/, (_, what, answer) => `Why ${what}? ${capitalised(answer)}.`))
    .join(' ');

const capitalised = (text) => text.charAt(0).toUpperCase() + text.slice(1);
