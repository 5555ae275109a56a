/**
 * Teaches the classifier and keeps what it learns: every change of the weights goes through here, one at a time over all tabs of
 * this page (a lock), and ends in the store before it counts as done. No view, no words.
 */
import { best } from '../ranking.js';
import { digitCount } from '../shapes.js';
import { openTabChannel } from '../tab_channel.js';
import { Turns } from '../turns.js';
import {
  activeSamples,
  at,
  checkBook,
  emptyBook,
  fallenBackTo,
  isShipped,
  lessonBefore,
  lessonSamples,
  waysBack,
  withLesson,
  withReset,
  withSampleAgain,
  withSamples,
  withoutSample,
} from './lesson_book.js';
import { checksum, ConflictError } from './lesson_store.js';

const lockName = 'inkdigit learning';
const channelName = 'inkdigit learning';
/** A tab that holds the lock longer than this, in milliseconds, hangs: the store's own check must do then. */
const longestWait = 15_000;
const mostAttempts = 3;
/** Of MNIST's pictures that are held back, in points: a lesson that costs more is not taken. */
export const maxLoss = 0.1;

export class Tutor {
  #store;
  #classifier = null;
  #onChange;
  #channel = openTabChannel(channelName);
  #turns = new Turns(); // of the changes of this tab, with or without a lock
  #isAhead = false; // the classifier has weights that the book does not know yet
  #isAdopting = false; // the storage is waited for

  book = emptyBook();

  /**
   * `onChange({ byOtherTab })` is called whenever the book, the weights or the store's trouble are not what they were, before the one
   * who asked for the change hears of it.
   */
  constructor({ store, onChange }) {
    this.#store = store;
    this.#onChange = onChange;
    this.#channel?.addEventListener('message', () => this.#followOtherTabs());
    addEventListener('pageshow', ({ persisted }) => persisted && this.#followOtherTabs());
    document.addEventListener('visibilitychange', () => document.hidden || this.#followOtherTabs());
  }

  /** Why lessons are not kept; null when they are. See LessonStore. */
  get trouble() {
    return this.#store.trouble;
  }

  /** Whether closing the page would lose something. */
  get hasUnsaved() {
    return this.#store.hasUnsaved;
  }

  get canUndo() {
    return lessonBefore(this.book) !== undefined;
  }

  /** Names of own symbols, in the order of their classes. */
  get symbols() {
    return this.#classifier?.symbols ?? [];
  }

  /** Of all classes: the digits, then the symbols. */
  get labels() {
    return [...Array(digitCount).keys(), ...this.symbols];
  }

  get samples() {
    return activeSamples(this.book);
  }

  /**
   * Creates the classifier by `create(options)`, with the last good weights.
   * → { classifier, damages, isSetAside }: what was found damaged, as Errors; weights that were are passed over, a book is set aside.
   */
  async start(create) {
    this.#classifier = null;
    const { book, damage } = await this.#store.read();
    const damages = damage ? [damage] : [];
    for (const id of waysBack(book)) {
      try {
        const weights = isShipped(book, id) ? undefined : await this.#weightsOf(book, id);
        this.#classifier = await create(weights ? { weights } : {});
        this.book = fallenBackTo(book, id);
        break;
      } catch (error) {
        if (error instanceof DOMException) {
          // The storage's: it goes on as if nothing could be read, until it can be.
          this.#classifier = await create({});
          this.book = emptyBook();
          break;
        }
        // From the shipped weights no way leads on; and what is not the weights' fault would only happen again.
        if (isShipped(book, id) || error.code !== 'weights') throw error;
        damages.push(error);
      }
    }
    this.#tellChange();
    if (this.trouble) this.#adoptLaterIfSilent();
    else this.#followOtherTabs(); // what they changed meanwhile went unheard
    return { classifier: this.#classifier, damages, isSetAside: damage !== undefined };
  }

  stop() {
    this.#classifier = null;
  }

  /**
   * A lesson: learns `samples` [{ frame, label }] beside all earlier ones, and keeps it.
   * → { accepted, heldBack, correct, lesson? }: `correct` is how many of the samples are read right now, `lesson` its id.
   * Rejects, with everything as it was, when `signal` aborts or learning fails.
   */
  async teach(samples, { kind = 'correction', title, readAs, onProgress, signal } = {}) {
    return this.#alone(async () => {
      const options = { maxLoss, onProgress, signal };
      const report = await this.#classifier.fineTune(lessonSamples(this.book, samples), options);
      const heldBack = report.heldBack ?? null;
      if (report.accepted === false) return { accepted: false, heldBack, correct: 0 };
      this.#isAhead = true;
      const [{ frame, label }] = samples;
      await this.#keepLesson({ kind, title, label, readAs, frame: frame.slice(), heldBack }, { samples });
      return { accepted: true, heldBack, correct: await this.#countCorrect(samples), lesson: this.book.current };
    }, signal);
  }

  /** A lesson is likely to come: what it will need is fetched and worked out meanwhile. */
  prepare() {
    this.#classifier?.prepareToLearn().catch(() => {}); // the lesson itself will tell what is wrong
  }

  /** Keeps samples that were read right, for the lessons to come. */
  async confirm(samples) {
    return this.#alone(() => this.#write(withSamples(this.book, samples.map(toKeep))));
  }

  /** A kept drawing is kept no more. What was learnt from it stays. */
  async forget(sample) {
    return this.#alone(() => this.#write(withoutSample(this.book, sample)));
  }

  /** A drawing that was kept, and removed, is kept again. */
  async putBack(sample) {
    return this.#alone(() => this.#write(withSampleAgain(this.book, sample)));
  }

  /** Takes over a weights file from outside. Rejects with the engine's error, and nothing changes, when it does not fit. */
  async importWeights(bytes, { title, samples = [], kind = 'import' }) {
    return this.#alone(async () => {
      await this.#classifier.importWeights(bytes);
      this.#isAhead = true;
      await this.#keepLesson({ kind, title, frame: null, heldBack: null }, { samples });
    });
  }

  async removeSymbol(name) {
    return this.#alone(async () => {
      await this.#classifier.removeSymbol(name);
      this.#isAhead = true;
      await this.#keepLesson({ kind: 'removal', label: name, frame: null, heldBack: null });
    });
  }

  async exportWeights() {
    if (!this.#classifier) throw new Error('The reader is not ready.');
    return this.#classifier.exportWeights();
  }

  /** Takes the lesson `id` back, if it is still the current one. → whether it was. */
  async undo(id) {
    return this.#alone(async () => {
      if (id !== this.book.current) return false;
      await this.#goTo(lessonBefore(this.book));
      return true;
    });
  }

  /** Goes to any point of the history, back or forth; 0: the shipped weights. */
  async goTo(id) {
    return this.#alone(() => this.#goTo(id));
  }

  /** Back to the shipped weights, by a step of its own: nothing that was taught is lost. */
  async reset() {
    return this.#alone(async () => {
      if (isShipped(this.book)) return;
      await this.#classifier.resetWeights();
      this.#isAhead = true;
      await this.#write(withReset(this.book, Date.now()));
    });
  }

  // --- One change ------------------------------------------------------------------------------------------------

  async #goTo(id) {
    if (id === undefined || id === this.book.current) return;
    await this.#readWith(this.book, id);
    this.#isAhead = true;
    await this.#write(at(this.book, id));
  }

  /** The weights of this point of the history. */
  async #readWith(book, id) {
    if (isShipped(book, id)) await this.#classifier.resetWeights();
    else await this.#classifier.importWeights(await this.#weightsOf(book, id));
  }

  async #weightsOf(book, id) {
    const lesson = book.lessons.find((one) => one.id === id);
    if (!lesson) throw new Error('This lesson is no longer kept.');
    return this.#store.weights(lesson);
  }

  /** The classifier's weights, which are new, become a lesson of the book. */
  async #keepLesson(lesson, { samples = [] } = {}) {
    const weights = await this.#classifier.exportWeights();
    const described = {
      ...lesson,
      symbols: this.symbols,
      time: Date.now(),
      bytes: weights.byteLength,
      sha256: await checksum(weights),
    };
    await this.#write(withLesson(this.book, described, samples.map(toKeep)), weights);
  }

  async #write(book, weights) {
    this.book = await this.#store.write(checkBook(book), { before: this.book, weights });
    this.#isAhead = false;
    if (!this.trouble) this.#channel?.postMessage(this.book.revision);
  }

  async #countCorrect(samples) {
    const frames = new Float32Array(samples.flatMap(({ frame }) => Array.from(frame, (ink) => ink / 255)));
    const probabilities = await this.#classifier.classifyBatch(frames);
    const classes = probabilities.length / samples.length;
    return samples.filter(({ label }, i) => {
      const row = probabilities.subarray(i * classes, (i + 1) * classes);
      return label === this.labels[best(row)];
    }).length;
  }

  // --- One at a time ---------------------------------------------------------------------------------------------

  /**
   * Runs `change` while no other change runs, in this tab or another, on the newest book. When it fails half-way, the
   * weights go back to the book's. When another tab was faster nevertheless, it is run again on that tab's book.
   */
  async #alone(change, signal) {
    const run = async () => {
      if (!this.#classifier) throw new Error('The reader is not ready.');
      for (let attempt = 1; ; ++attempt) {
        await this.#catchUp();
        try {
          return await change();
        } catch (error) {
          if (!(error instanceof ConflictError) || attempt === mostAttempts) throw error;
        }
      }
    };
    const runOrRestore = async () => {
      try {
        return await withLock(run, signal);
      } catch (error) {
        await this.#restore();
        throw error;
      }
    };
    try {
      return await this.#turns.take(runOrRestore);
    } finally {
      this.#tellChange();
      this.#adoptLaterIfSilent();
    }
  }

  /** What a view throws is reported as that of a listener: the change is made all the same. */
  #tellChange(change = {}) {
    try {
      this.#onChange(change);
    } catch (error) {
      reportError(error);
    }
  }

  async #restore() {
    try {
      if (!(await this.#catchUp()) && this.#isAhead) await this.#takeWeights(this.book, this.book.current);
    } catch {
      // The classifier itself has failed: the next reading says so.
    }
  }

  /** Takes over what another tab has kept, if anything. → whether there was something. */
  async #catchUp() {
    if (!(await this.#store.hasChanged(this.book))) return false;
    const { book, isUnread } = await this.#store.read();
    if (isUnread) return false; // what is in use stays
    for (const id of waysBack(book)) {
      try {
        await this.#takeWeights(book, id);
        this.book = fallenBackTo(book, id);
        return true;
      } catch (error) {
        if (isShipped(book, id) || error.code !== 'weights') throw error;
      }
    }
  }

  #adoptLaterIfSilent() {
    if (this.trouble?.reason === 'silent') this.#adoptLater();
  }

  /** When the storage answers after all, its book is taken over, and what waits here is kept in it. */
  async #adoptLater() {
    if (this.#isAdopting) return;
    this.#isAdopting = true;
    try {
      await this.#store.answered();
    } catch {
      return; // the next change will tell what is wrong
    } finally {
      this.#isAdopting = false;
    }
    this.#alone(() => this.trouble && this.#write(this.book)).catch(() => {});
  }

  async #takeWeights(book, id) {
    await this.#readWith(book, id);
    this.#isAhead = false;
  }

  #followOtherTabs() {
    if (!this.#classifier) return;
    this.#turns.take(async () => {
      if (await this.#catchUp().catch(() => false)) this.#tellChange({ byOtherTab: true });
      if (this.trouble) this.#adoptLater(); // what waits is kept in the other tab's book
    });
  }
}

/** A sample as the book keeps it: its frame is a copy of its own. */
const toKeep = ({ frame, label, time = Date.now() }) => ({ frame: frame.slice(), label, time });

/** Runs `work` while no other tab does; without locks, or when one is held too long, it runs all the same. */
async function withLock(work, signal) {
  signal?.throwIfAborted();
  if (!navigator.locks) return work();
  const waiting = new AbortController();
  const giveUp = () => waiting.abort();
  const patience = setTimeout(giveUp, longestWait);
  signal?.addEventListener('abort', giveUp);
  let started = false;
  try {
    return await navigator.locks.request(lockName, { signal: waiting.signal }, () => {
      started = true;
      clearTimeout(patience);
      return work();
    });
  } catch (error) {
    signal?.throwIfAborted();
    if (started) throw error;
    return work();
  } finally {
    clearTimeout(patience);
    signal?.removeEventListener('abort', giveUp);
  }
}
