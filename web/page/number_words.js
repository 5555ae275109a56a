/** What is said of several results, in reading order; each has its `box` in pad sides. */

/** Index of the result that is read with the least confidence. */
export const leastSure = (results) =>
  results.reduce((least, { confidence }, i) => (confidence < results[least].confidence ? i : least), 0);

const ordinalRules = new Intl.PluralRules('en', { type: 'ordinal' });
const suffixes = { one: 'st', two: 'nd', few: 'rd', other: 'th' };

/** Of an index: 1st, 2nd, … 21st. */
export const ordinal = (index) => `${index + 1}${suffixes[ordinalRules.select(index + 1)]}`;

/** Whether a digit stands on another line than the one before it: below it, and not further to the right or not at its height. */
function isOnNextLine(before, box) {
  const foot = before.bottom - (before.bottom - before.top) / 4;
  return box.top > before.bottom || (box.left < before.left && (box.top + box.bottom) / 2 > foot);
}

/** → the results line by line. */
export function linesOf(results) {
  const lines = [];
  results.forEach((result, i) => {
    if (i === 0 || isOnNextLine(results[i - 1].box, result.box)) lines.push([]);
    lines.at(-1).push(result);
  });
  return lines;
}
