import css from './style.css'; // its text, see scripts/build_package.mjs

const sheets = new WeakMap(); // of each document

/**
 * One for all fields of a document, which must have a window. A constructed sheet is neither inline nor fetched: no style-src
 * forbids it.
 */
export function styleSheet(document) {
  if (!sheets.has(document)) {
    const sheet = new document.defaultView.CSSStyleSheet();
    sheet.replaceSync(css);
    sheets.set(document, sheet);
  }
  return sheets.get(document);
}
