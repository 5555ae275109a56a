/**
 * What a field reads by: a classifier of the page's own or the one that all fields share, borrowed when it may be needed and given back
 * once the field has left the page and reads no more.
 */
import { borrowClassifier } from './shared_classifier.js';

export class ClassifierLoan {
  #own = null;
  #loan = null; // of the shared classifier
  #isFetched = false; // that one
  #isConnected = false; // the field
  #isInView = false;
  #mayWake = true;
  #isInUse = false;
  #visibility;
  #field;
  #onReady;
  #onFailure;

  /**
   * `field`: the element, of which `baseUrl` and `workerUrl` are asked. `onReady()`: the shared classifier has come; `onFailure(error)`:
   * it cannot be had now.
   */
  constructor(field, { onReady, onFailure }) {
    this.#field = field;
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

  /** The field has come into the page. The classifier is fetched when it can be seen. */
  enter() {
    this.#isConnected = true;
    this.#visibility ??= new IntersectionObserver(
      (entries) => {
        this.#isInView = entries.at(-1).isIntersecting;
        this.#wakeInView();
      },
      { rootMargin: '200px' },
    );
    this.#visibility.observe(this.#field);
  }

  /** What is being read when the field leaves the page is read to its end. */
  leave() {
    this.#isConnected = false;
    this.#visibility.disconnect();
    this.#giveBackIfGone();
  }

  set isInUse(isInUse) {
    this.#isInUse = isInUse;
    this.#giveBackIfGone();
  }

  /** There may be something to read: the field is not fixed. */
  set mayWake(mayWake) {
    this.#mayWake = mayWake;
    this.#wakeInView();
  }

  /** Starts the classifier as soon as it may be needed. */
  wake() {
    if (this.#isConnected && this.#mayWake) this.borrow();
  }

  #wakeInView() {
    if (this.#isInView) this.wake();
  }

  /** → the classifier, or a promise of it. */
  borrow() {
    return this.#own ?? (this.#loan ?? this.#begin()).classifier;
  }

  #begin() {
    const { baseUrl, workerUrl } = this.#field;
    const loan = borrowClassifier({ baseUrl: baseUrl || undefined, workerUrl: workerUrl || undefined });
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

  #giveBackIfGone() {
    if (!this.#isConnected && !this.#isInUse) this.giveBack();
  }
}
