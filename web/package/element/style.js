import css from './style.css'; // its text, see scripts/build_package.mjs

let sheet;

/** One for all fields. A constructed sheet is neither inline nor fetched: no style-src forbids it. */
export function styleSheet() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
  }
  return sheet;
}
