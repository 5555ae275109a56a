/** Runs that were trained here, kept in IndexedDB: what is known of each, and apart from it its weights. All tabs of this page share them. */
import { Database } from '../database.js';
import { openTabChannel } from '../tab_channel.js';
import { get, promisifyRequest } from '../vendor/idb-keyval/index.js';
import { checkRecord, recordVersion } from './run_record.js';

const recordPrefix = 'run:';
const weightsPrefix = 'weights:';
const channelName = 'inkdigit training';
const allRecords = (store) => store.getAll(IDBKeyRange.bound(recordPrefix, `${recordPrefix}\uffff`));
/** What is no record that the views can show is left alone. */
function isKnown(record) {
  try {
    return checkRecord(record) === record;
  } catch {
    return false;
  }
}

export class RunStore {
  #database = new Database('inkdigit-training', 'runs');
  #channel = openTabChannel(channelName);
  #unsaved = new Map(); // id → { record, weights }, of runs that could not be written
  #onChange;

  records = []; // the newest first

  /** `onChange()`: another tab has added, changed or deleted runs, or one that could not be written is so after all. */
  constructor({ onChange }) {
    this.#onChange = onChange;
    this.#channel?.addEventListener('message', async () => {
      await this.read().catch(() => {});
      onChange();
    });
  }

  /** Reads what is there. Rejects when that cannot be read: until it can, there is nothing. */
  async read() {
    const stored = await this.#database.run('readonly', (store) => promisifyRequest(allRecords(store)));
    this.#show(stored.filter(isKnown));
  }

  /** These are written; beside them there are those that could not be. */
  #show(records) {
    this.records = [...records.filter(({ id }) => this.isSaved(id)), ...this.#unsavedRecords].sort(
      (a, b) => b.id - a.id,
    );
  }

  get #unsavedRecords() {
    return [...this.#unsaved.values()].map(({ record }) => record);
  }

  /** The number of a run, or the one that it would have if it were added now. */
  numberOf(id) {
    return numberFor({ id }, this.records);
  }

  get hasUnsaved() {
    return this.#unsaved.size > 0;
  }

  isSaved(id) {
    return !this.#unsaved.has(id);
  }

  /** Gives a run its number and keeps it. → whether it is written; if not, it lasts as long as the page. */
  async add(record, weights) {
    try {
      await this.write(record, weights);
      return true;
    } catch {
      record.number = numberFor(record, this.records);
      this.#unsaved.set(record.id, { record, weights });
      this.#show(this.records);
      return false;
    }
  }

  /** As add(), but rejects when it cannot be written. With `again` it was before, and is not brought back, if another tab has deleted it. */
  async write(record, weights, options) {
    await this.#put(record, weights, options);
    await this.#putUnsaved();
  }

  /** One transaction: no other tab can take the same number. */
  async #put(record, weights, { again = false } = {}) {
    record.version = recordVersion;
    let others;
    let isGone;
    await this.#change((store, stored) => {
      others = stored.filter(({ id }) => id !== record.id);
      isGone = again && others.length === stored.length;
      if (isGone) return;
      record.number = numberFor(record, [...stored, ...this.#unsavedRecords]);
      store.put(record, recordPrefix + record.id);
      store.put(weights, weightsPrefix + record.id);
    });
    this.#unsaved.delete(record.id);
    this.#show(isGone ? others : [record, ...others]);
  }

  /** Where something could be written, there may be room for what could not. */
  async #putUnsaved() {
    for (const { record, weights } of [...this.#unsaved.values()]) {
      try {
        await this.#put(record, weights);
      } catch {
        return;
      }
      this.#onChange();
    }
  }

  /** A record that has changed; its weights have not, unless another tab has gone on with the run: then this is of no use. */
  async update(record) {
    const isBefore = ({ id, seen }) => id === record.id && seen <= record.seen;
    this.records = this.records.map((old) => (isBefore(old) ? record : old));
    if (!this.isSaved(record.id)) return;
    await this.#change((store, stored) => {
      // Not brought back, if another tab has deleted it.
      if (stored.some(isBefore)) store.put(record, recordPrefix + record.id);
    });
    await this.#putUnsaved();
  }

  /** ArrayBuffer, a safetensors file. */
  async weights(id) {
    const weights = await this.#weightsIfThere(id);
    if (!weights) throw new Error('The weights of this run are no longer stored in this browser.');
    return weights;
  }

  async #weightsIfThere(id) {
    return this.#unsaved.get(id)?.weights ?? get(weightsPrefix + id, this.#database.run);
  }

  /** → what brings it back: a function that does as add(), or null if its weights were gone already. */
  async remove(record) {
    const { id } = record;
    const weights = await this.#weightsIfThere(id);
    try {
      // One that is not written as it is may be so as it was at the end of an epoch.
      await this.#change((store) => {
        store.delete(recordPrefix + id);
        store.delete(weightsPrefix + id);
      });
    } catch (error) {
      if (this.isSaved(id)) throw error;
    }
    this.#unsaved.delete(id);
    this.records = this.records.filter((one) => one.id !== id);
    await this.#putUnsaved();
    return weights ? () => this.add(record, weights) : null;
  }

  /** `change(store, stored)`, where `stored` are the records that are written, all in one transaction; other tabs are told. */
  async #change(change) {
    await this.#database.change(allRecords, (records, store) => change(store, records.filter(isKnown)));
    this.#channel?.postMessage(null);
  }
}

/** The number that a run has among `records`, its own if no other one has it, or the next. */
function numberFor({ id, number }, records) {
  const others = records.filter((record) => record.id !== id);
  const own = records.find((record) => record.id === id)?.number ?? number;
  if (own && !others.some((record) => record.number === own)) return own;
  return 1 + Math.max(0, ...others.map((record) => record.number));
}
