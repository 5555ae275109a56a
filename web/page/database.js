/**
 * One object store of an IndexedDB database. The page never waits for ever for it: what does not answer in time rejects with a
 * TimeoutError. And it holds up nobody: when another page wants to delete the database, the connection closes, and opens again
 * with the next use.
 */
import { promisifyRequest } from './vendor/idb-keyval/index.js';

/** How long opening and each kind of transaction may take, in milliseconds. */
const patienceFor = { open: 3000, readonly: 3000, readwrite: 15_000 };

export class Database {
  #name;
  #storeName;
  #opening = null; // { connection, timely }: promises of the connection, of which `timely` gives up

  constructor(name, storeName) {
    this.#name = name;
    this.#storeName = storeName;
  }

  /** One transaction: `use(store)` → what it returns. It is also what idb-keyval's functions take for a store. */
  run = async (mode, use) => {
    const database = await this.#connect();
    let transaction;
    try {
      transaction = database.transaction(this.#storeName, mode);
    } catch (error) {
      if (error.name !== 'InvalidStateError') throw error;
      this.#opening = null; // browsers may close a connection without a word
      transaction = (await this.#connect()).transaction(this.#storeName, mode);
    }
    return withinTime(use(transaction.objectStore(this.#storeName)), patienceFor[mode], () => giveUp(transaction));
  };

  /**
   * One transaction that reads, checks and writes: `change(found, store)` gets what the request `read(store)` finds, and writes at once or not
   * at all: what it throws takes all of it back, and is what this rejects with.
   */
  change(read, change) {
    return this.run('readwrite', async (store) => {
      let failure;
      read(store).onsuccess = ({ target }) => {
        try {
          change(target.result, store);
        } catch (error) {
          failure = error;
          store.transaction.abort();
        }
      };
      await written(store.transaction).catch((error) => {
        throw failure ?? error;
      });
    });
  }

  /** Resolves as soon as the storage answers, however late. */
  async answered() {
    const database = await (this.#opening ??= this.#open()).connection;
    await promisifyRequest(database.transaction(this.#storeName).objectStore(this.#storeName).count());
  }

  /** While an opening is overdue, it is not waited for again. */
  #connect() {
    return (this.#opening ??= this.#open()).timely;
  }

  #open() {
    const connection = openDatabase(this.#name, this.#storeName);
    const opening = { connection, timely: withinTime(connection, patienceFor.open) };
    opening.timely.catch(() => {});
    const forget = () => {
      if (this.#opening === opening) this.#opening = null;
    };
    connection.then((database) => {
      opening.timely = connection;
      database.onclose = forget;
      database.onversionchange = () => {
        forget();
        database.close();
      };
    }, forget);
    return opening;
  }
}

/** Resolves when `transaction` is written; rejects with what ended it. */
const written = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    // Not on its error event: that is a request's, and the transaction's own error is not known yet.
    transaction.onabort = () =>
      reject(transaction.error ?? new DOMException('The storage gave the change up.', 'AbortError'));
  });

/** As it is there, whatever its version. One that was made without the store, by somebody else, gets it as a next version. */
async function openDatabase(name, storeName, version) {
  if (!globalThis.indexedDB) throw new DOMException('There is no storage.', 'NotSupportedError');
  const request = indexedDB.open(name, version);
  request.onupgradeneeded = () => request.result.createObjectStore(storeName);
  const database = await promisifyRequest(request);
  if (database.objectStoreNames.contains(storeName)) return database;
  database.close();
  return openDatabase(name, storeName, database.version + 1);
}

function giveUp(transaction) {
  try {
    transaction.abort();
  } catch {
    // It is just being written.
  }
}

function withinTime(promise, milliseconds, onLate) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new DOMException('The storage does not answer.', 'TimeoutError'));
      onLate?.();
    }, milliseconds);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
