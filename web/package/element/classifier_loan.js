/** What a field reads by: a classifier of the page's own or, while it is needed, the one that all fields share. */
import { borrowClassifier } from './shared_classifier.js';

export class ClassifierLoan {
  #own = null;
  #loan = null; // of the shared classifier
  #isFetched = false; // that one
  #onReady;
  #onFailure;

  /** `onReady()`: the shared classifier has come; `onFailure(error)`: it cannot be had now. */
  constructor({ onReady, onFailure }) {
    this.#onReady = onReady;
    this.#onFailure = onFailure;
  }

  /** The page's own, or null. */
  get own() {
    return this.#own;
  }

  set own(classifier) {
    this.#own = classifier ?? null;
    this.giveBack();
  }

  /** There is nothing to wait for. */
  get isReady() {
    return this.#isFetched || this.#own !== null;
  }

  /** → the classifier, or a promise of it. `place`: { baseUrl, workerUrl }. */
  borrow(place) {
    return this.#own ?? (this.#loan ?? this.#begin(place)).classifier;
  }

  #begin(place) {
    const loan = borrowClassifier(place);
    this.#loan = loan;
    loan.classifier.then(
      () => {
        if (this.#loan !== loan) return;
        this.#isFetched = true;
        this.#onReady();
      },
      (error) => {
        if (this.#loan !== loan) return;
        this.giveBack({ isBroken: true });
        this.#onFailure(error);
      },
    );
    return loan;
  }

  /** With `isBroken`, the next that needs one asks anew. */
  giveBack({ isBroken = false } = {}) {
    if (isBroken) this.#loan?.discard();
    else this.#loan?.release();
    this.#loan = null;
    this.#isFetched = false;
  }
}
