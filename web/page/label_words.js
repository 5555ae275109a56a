/**
 * What is read, as the page says it: labels, which are digits, as numbers or text, or names of symbols, which are never a lone digit;
 * and probabilities.
 */
import { digitCount } from './shapes.js';

export const isDigit = (label) => /^\d$/.test(label);

/** What a result was read as, as text: a digit, or a symbol's name. */
export const nameOf = ({ digit, label }) => (digit < 0 ? label : `${digit}`);

/** In a list: 7, or “tick”. */
export const labelText = (label) => (isDigit(label) ? `${label}` : `“${label}”`);

/** In a sentence: a 7, an 8, “tick”. */
export const oneLabel = (label) => (isDigit(label) ? `${Number(label) === 8 ? 'an' : 'a'} ${label}` : `“${label}”`);

/** Of all classes, as text: the digits, then the symbols. */
export const classNames = (symbols) => [...Array.from({ length: digitCount }, (_, digit) => `${digit}`), ...symbols];

/** A probability: 99.9% at most, as nothing is quite sure. */
export const shareText = (share) => `${Math.min(99.9, share * 100).toFixed(share > 0.99 ? 1 : 0)}%`;

/** How sure a result is, as text. */
export const confidenceText = ({ confidence }) => shareText(confidence);
