/** The table of runs: one row each, with its figures; ticked ones have their curves shown. */
import { makeButton } from '../controls.js';
import { colourOf } from './curves.js';
import { summary } from './settings.js';
import { count, duration, percent } from '../quantities.js';

/** Runs that are ticked from the start: the newest. */
const firstTicked = 3;

export class RunTable {
  #section;
  #body;
  #isSaved;
  #onLook;
  #onChange;
  #records = [];
  #ticked = new Set(); // ids
  #known = new Set(); // ids that were shown before
  #marked; // id of the one looked at

  /** `isSaved(id)`: whether a run is written, and not in memory alone. */
  constructor(section, { isSaved, onLook, onChange }) {
    this.#section = section;
    this.#body = section.querySelector('tbody');
    this.#isSaved = isSaved;
    this.#onLook = onLook;
    this.#onChange = onChange;
  }

  /** The newest first. What has the focus keeps it. */
  show(records) {
    this.#records = records;
    records.forEach((record, i) => {
      const isNew = !this.#known.has(record.id);
      if (isNew && (this.#known.size > 0 || i < firstTicked)) this.#ticked.add(record.id);
    });
    for (const { id } of records) this.#known.add(id);
    this.#section.hidden = records.length === 0;
    const focused = this.#body.contains(document.activeElement) ? document.activeElement : null;
    this.#body.replaceChildren(...records.map((record) => this.#row(record)));
    this.mark({ id: this.#marked });
    if (focused) this.#focusLike(focused);
  }

  /** Shows which one is looked at. */
  mark({ id }) {
    this.#marked = id;
    for (const row of this.#body.rows) {
      if (row.dataset.id === String(id)) row.setAttribute('aria-current', 'true');
      else row.removeAttribute('aria-current');
    }
  }

  /** [{ record, colour }] of those that are ticked, the oldest first. */
  get shown() {
    return this.#records
      .filter(({ id }) => this.#ticked.has(id))
      .map((record) => ({ record, colour: record.number - 1 }))
      .reverse();
  }

  /** On what stands in the place of a control that was there before; if its row is gone, in the first one. */
  #focusLike(control) {
    const { id } = control.closest('tr').dataset;
    const rows = [...this.#body.rows];
    (rows.find((row) => row.dataset.id === id) ?? rows[0])?.querySelector(control.localName).focus();
  }

  #row(record) {
    const { id, number, settings, parameters, checks, seconds, test, phase } = record;
    const row = document.createElement('tr');
    row.dataset.id = id;
    const tick = document.createElement('input');
    tick.type = 'checkbox';
    tick.checked = this.#ticked.has(id);
    tick.setAttribute('aria-label', `Show the curves of run ${number}`);
    tick.style.setProperty('--run', colourOf(number - 1));
    tick.addEventListener('change', () => {
      if (tick.checked) this.#ticked.add(id);
      else this.#ticked.delete(id);
      this.#onChange();
    });
    row.insertCell().append(tick);
    const name = document.createElement('th');
    name.scope = 'row';
    const detail = document.createElement('small');
    detail.textContent = [summary(settings), !this.#isSaved(id) && 'not kept'].filter(Boolean).join(' · ');
    name.append(`Run ${number}`, detail);
    row.append(name);
    const ending = { stopped: 'stopped', unfinished: 'so far' }[phase];
    const epochs = ending ? `${(record.seen / settings.pictures).toFixed(1)} (${ending})` : settings.epochs;
    for (const text of [
      count(parameters),
      `${count(settings.pictures)} × ${epochs}`,
      percent(checks.at(-1).accuracy),
      test ? percent(test.accuracy) : '–',
      duration(seconds),
    ]) {
      row.insertCell().textContent = text;
    }
    const look = makeButton('Look', () => this.#onLook(record));
    look.setAttribute('aria-label', `Look at run ${number}`);
    row.insertCell().append(look);
    return row;
  }
}
