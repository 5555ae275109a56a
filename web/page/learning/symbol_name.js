/**
 * Names of own symbols. The engine takes any of 1 to 20 characters that is no digit (src/nn/symbols.h, which is the source of that number;
 * web/package/samples.js); who names one here gives it a name that can also be seen and found again.
 */
export const longestName = 20; // characters: an emoji may be one, or several
/** As many symbols as a network can have, as in src/nn/symbols.h, too. */
const mostSymbols = 16;

const isShort = (name) => [...name].length <= longestName;

/** The name as the page takes it, or an Error that says what is wrong with it. */
export function symbolName(text) {
  const name = text.normalize('NFC').trim().replace(/\s+/g, ' ');
  if (name === '') throw new Error('Give the symbol a name.');
  if (!isShort(name)) throw new Error(`The name can have ${longestName} characters at most.`);
  // Joiners are parts of words and of emoji; what else is invisible, or turns the line around, is not.
  const isVisible = /[^\p{Cf}\p{M}\p{Z}]/u.test(name) && !/[\p{Cc}\p{Cs}]|(?![\u200c\u200d])\p{Cf}/u.test(name);
  if (!isVisible) throw new Error('The name has characters that cannot be shown.');
  if (/^\d$/.test(name)) throw new Error(`“${name}” is a digit: give the symbol another name.`);
  return name;
}

/** Whether a network can have a symbol of this name: it may come from elsewhere, or from an earlier version of this page. */
export const isSymbolName = (value) => typeof value === 'string' && value !== '' && isShort(value);

/** Throws an Error that says what to do when these are more symbols than a network can have. */
export function checkSymbols(names) {
  const { size } = new Set(names);
  if (size <= mostSymbols) return;
  throw new Error(`There would be ${size} symbols of your own, and ${mostSymbols} are the most. Forget one first.`);
}
