/** Labels as the page says them: digits, as numbers or text, and names of symbols, which are never a lone digit. */
import { digitCount } from './shapes.js';

export const isDigit = (label) => /^\d$/.test(label);

/** In a list: 7, or “tick”. */
export const labelText = (label) => (isDigit(label) ? `${label}` : `“${label}”`);

/** In a sentence: a 7, an 8, “tick”. */
export const oneLabel = (label) => (isDigit(label) ? `${Number(label) === 8 ? 'an' : 'a'} ${label}` : `“${label}”`);

/** Of all classes, as text: the digits, then the symbols. */
export const classNames = (symbols) => [...Array.from({ length: digitCount }, (_, digit) => `${digit}`), ...symbols];
