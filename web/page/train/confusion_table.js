/** Which digits are taken for which: a table of ten rows (what it is) and ten columns (what was read). */
import { digitCount } from '../shapes.js';

const cell = (tag, text, scope) => {
  const element = document.createElement(tag);
  element.textContent = text;
  if (scope) element.scope = scope;
  return element;
};

/** `table`: to be filled, its caption stays. `confusion`: 100 counts, row by row. Heat: a row's share, by its square root: mistakes are few. */
export function showConfusion(table, confusion) {
  const head = document.createElement('thead');
  const headRow = head.insertRow();
  headRow.append(cell('td', ''));
  for (let read = 0; read < digitCount; ++read) headRow.append(cell('th', read, 'col'));
  const body = document.createElement('tbody');
  for (let label = 0; label < digitCount; ++label) {
    const counts = confusion.subarray(label * digitCount, (label + 1) * digitCount);
    const total = counts.reduce((sum, n) => sum + n, 0) || 1;
    const row = body.insertRow();
    row.append(cell('th', label, 'row'));
    counts.forEach((n, read) => {
      const td = cell('td', n);
      td.className = read === label ? 'right' : n === 0 ? 'none' : 'wrong';
      td.style.setProperty('--heat', read === label ? n / total : Math.min(1, Math.sqrt((n / total) * 20)));
      row.append(td);
    });
  }
  table.querySelectorAll('thead, tbody').forEach((part) => part.remove());
  table.append(head, body);
}
