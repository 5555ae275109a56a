/** Runs that were trained here, kept in IndexedDB: what is known of each, and apart from it its weights. */
import { Database } from '../database.js';
import { delMany, entries, get, set, setMany } from '../vendor/idb-keyval/index.js';

const kRecord = 'run:';
const kWeights = 'weights:';
/** Of the records' form: those of another one are left alone. */
const kVersion = 1;

export class RunStore {
  #store;
  #unsaved = new Map(); // id → weights, of runs that could not be written

  records = []; // the newest first

  /** Reads what is there. On a failure there is nothing, and runs are kept in memory alone: see isSaved. */
  async open() {
    try {
      this.#store = new Database('inkdigit-training', 'runs').run;
      const records = (await entries(this.#store))
        .filter(([key, value]) => String(key).startsWith(kRecord) && value?.version === kVersion)
        .map(([, value]) => value);
      this.records = records.sort((a, b) => b.id - a.id);
    } catch {
      this.#store = null;
    }
  }

  get nextNumber() {
    return 1 + Math.max(0, ...this.records.map(({ number }) => number));
  }

  get hasUnsaved() {
    return this.#unsaved.size > 0;
  }

  isSaved(id) {
    return !this.#unsaved.has(id);
  }

  /** Gives a run its number and keeps it. → whether it is written; if not, it lasts as long as the page. */
  async add(record, weights) {
    record.version = kVersion;
    record.number = this.nextNumber;
    this.records = [record, ...this.records];
    try {
      if (!this.#store) throw new Error('There is no store.');
      await setMany(
        [
          [kRecord + record.id, record],
          [kWeights + record.id, weights],
        ],
        this.#store,
      );
      this.#unsaved.delete(record.id);
      return true;
    } catch {
      this.#unsaved.set(record.id, weights);
      return false;
    }
  }

  /** A record that has changed; its weights have not. */
  async update(record) {
    this.records = this.records.map((old) => (old.id === record.id ? record : old));
    if (this.isSaved(record.id)) await set(kRecord + record.id, record, this.#store);
  }

  /** ArrayBuffer, a safetensors file. */
  async weights(id) {
    const weights = this.#unsaved.get(id) ?? (await get(kWeights + id, this.#store));
    if (!weights) throw new Error('The weights of this run are no longer stored in this browser.');
    return weights;
  }

  async remove(id) {
    this.records = this.records.filter((record) => record.id !== id);
    if (!this.#unsaved.delete(id)) await delMany([kRecord + id, kWeights + id], this.#store);
  }
}
