/**
 * Keeps the book of lessons and the weights of its lessons in IndexedDB. A change is one transaction: all of it is kept, or
 * nothing. It is refused when another tab has changed the book since (ConflictError).
 *
 * Where nothing can be kept (storage denied, silent, full, or written by a later version of this page), changes wait in memory,
 * the page works on with them, and `trouble` says why. But for a later version's, the storage is tried again with each change.
 */
import { Database } from '../database.js';
import { promisifyRequest } from '../vendor/idb-keyval/index.js';
import { activeSamples, checkBook, emptyBook, bookVersion, withSamples } from './lesson_book.js';

const bookKey = 'book';
const setAsideKey = 'set aside';
const weightsKey = (id) => `weights ${id}`;

/** Another tab was faster: read the book again, then try again. */
export class ConflictError extends Error {}

/** Weights that are not those that were kept. It has the code of the engine's error for weights that it cannot take. */
class DamageError extends Error {
  code = 'weights';
}

export class LessonStore {
  #database = new Database('inkdigit', 'learning');
  /** Weights by id that the storage does not have: null is one that is to go. */
  #unsaved = new Map();
  /** A book that the storage does not have. */
  #unsavedBook = null;

  /**
   * Why lessons are not kept: null when they are; else `{ reason, detail }` with reason
   * 'denied' | 'silent' | 'full' | 'newer' | 'failed' and the browser's own words.
   */
  trouble = null;

  /** Whether something that was taught is in memory alone. */
  get hasUnsaved() {
    const { lessons = [], samples = [] } = this.#unsavedBook ?? {};
    return lessons.length > 0 || samples.length > 0;
  }

  /**
   * Reads the book. `damage` is what was found to be wrong with it: then it is set aside and the book is empty. `isUnread`: the
   * storage has failed, and the book is what waits here. → { book, damage?, isUnread? }
   */
  async read() {
    if (this.#unsavedBook && this.#isNewer) return { book: this.#unsavedBook };
    let stored;
    try {
      stored = await this.#database.run('readonly', (store) => promisifyRequest(store.get(bookKey)));
    } catch (error) {
      this.trouble = troubleOf(error);
      return { book: this.#unsavedBook ?? emptyBook(), isUnread: true };
    }
    if (stored?.version > bookVersion) {
      this.trouble = { reason: 'newer', detail: `Version ${stored.version}; this page knows ${bookVersion}.` };
      return { book: emptyBook() };
    }
    if (this.#unsavedBook && isSame(stored, this.#unsavedBook)) return { book: this.#unsavedBook };
    // What is stored comes from elsewhere: of what waited, the drawings at least are taken along, and wait on.
    const waiting = this.#unsavedBook ? activeSamples(this.#unsavedBook) : [];
    this.#forgetUnsaved();
    if (waiting.length === 0) this.trouble = null;
    let book = emptyBook();
    let damage;
    try {
      if (stored !== undefined) book = checkBook(stored);
    } catch (error) {
      damage = error;
      await this.#setAside();
    }
    if (waiting.length > 0) book = this.#unsavedBook = withSamples(book, waiting);
    return { book, damage };
  }

  /** Resolves when a storage that was silent answers. */
  answered() {
    return this.#database.answered();
  }

  /** Whether another tab has changed the book since `book` was read here. */
  async hasChanged(book) {
    if (this.#isNewer) return false;
    try {
      return !isSame(await this.#database.run('readonly', (store) => promisifyRequest(store.get(bookKey))), book);
    } catch {
      return false; // the next write will tell what is wrong
    }
  }

  /** What a later version of this page has stored stays as it is. */
  get #isNewer() {
    return this.trouble?.reason === 'newer';
  }

  /** The weights of a lesson as they were kept; throws a DamageError when they are damaged, and the storage's own when it fails. */
  async weights({ id, bytes, sha256 }) {
    const weights = this.#unsaved.get(id) ?? (await this.#storedWeights(id));
    if (!(weights instanceof ArrayBuffer) || weights.byteLength !== bytes) {
      throw new DamageError(`The weights of lesson ${id} are damaged.`);
    }
    if (sha256 && crypto.subtle && (await checksum(weights)) !== sha256) {
      throw new DamageError(
        `The weights of lesson ${id} are damaged: their checksum is not the one they were kept with.`,
      );
    }
    return weights;
  }

  /** What the browser cannot read (its file is gone) is damaged, too; what was given up with its transaction need not be. */
  async #storedWeights(id) {
    try {
      return await this.#database.run('readonly', (store) =>
        promisifyRequest(store.get(weightsKey(id))).catch((error) => {
          if (error.name === 'AbortError') throw error;
          throw new DamageError(`The weights of lesson ${id} are damaged: ${error.message}`);
        }),
      );
    } catch (error) {
      if (!(error instanceof DamageError)) this.trouble = troubleOf(error);
      throw error;
    }
  }

  /**
   * Keeps `book` in the place of `before`, from which it was made, and the `weights` of its new lesson; those of lessons that it
   * has no more are deleted. → the book as it is kept. Throws ConflictError. Whatever else goes wrong ends in `trouble`.
   */
  async write(book, { before, weights }) {
    const unsaved = { ...book, revision: before.revision };
    // Not only counted: after the storage was cleared, no number may come again.
    const next = { ...book, revision: Math.max(before.revision + 1, Date.now()) };
    const waiting = new Map(this.#unsaved);
    if (weights) this.#unsaved.set(book.current, weights);
    const kept = new Set(next.lessons.map(({ id }) => id));
    for (const { id } of before.lessons) if (!kept.has(id)) this.#unsaved.set(id, null);
    if (this.#isNewer) return (this.#unsavedBook = unsaved);
    try {
      await this.#put(next, before);
      this.#forgetUnsaved();
      this.trouble = null;
      return next;
    } catch (error) {
      if (error instanceof ConflictError) {
        this.#unsaved = waiting; // as before: read() takes along what waits
        throw error;
      }
      this.trouble = troubleOf(error);
      return (this.#unsavedBook = unsaved);
    }
  }

  /** One transaction: checks that the book is still the one that was read, then writes all. */
  #put(book, before) {
    return this.#changeBook((stored, store) => {
      if (!isSame(stored, before) || stored?.version > bookVersion) {
        throw new ConflictError('Another tab has changed the book.');
      }
      for (const [id, weights] of this.#unsaved) {
        if (weights) store.put(weights, weightsKey(id));
        else store.delete(weightsKey(id));
      }
      store.put(book, bookKey);
    });
  }

  /** A damaged book makes way, but is not thrown away: it may be asked for, and helps to find the cause. */
  async #setAside() {
    try {
      await this.#changeBook((book, store) => {
        store.put({ time: Date.now(), book }, setAsideKey);
        store.delete(bookKey);
      });
    } catch (error) {
      this.trouble = troubleOf(error);
    }
  }

  /** One transaction: `change(stored, store)` writes in the place of the book that is stored. */
  #changeBook(change) {
    return this.#database.change((store) => store.get(bookKey), change);
  }

  #forgetUnsaved() {
    this.#unsaved.clear();
    this.#unsavedBook = null;
  }
}

/** Whether `book` was made from what is stored. */
const isSame = (stored, book) => (stored?.revision ?? 0) === book.revision;

/** SHA-256 as hexadecimal digits; undefined where the browser has none (pages that came without https). */
export async function checksum(bytes) {
  if (!globalThis.crypto?.subtle) return undefined;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** By the name of the browser's error. */
const troubleReasons = {
  QuotaExceededError: 'full',
  TimeoutError: 'silent',
  SecurityError: 'denied',
  NotSupportedError: 'denied',
  InvalidStateError: 'denied', // private windows of some browsers open no database
  UnknownError: 'denied',
};

const troubleOf = (error) => ({
  reason: troubleReasons[error?.name] ?? 'failed',
  detail: error?.message || String(error),
});
