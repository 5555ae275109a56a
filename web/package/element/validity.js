/** What is wrong with a field's value. */
import { words } from './words.js';

/** → [flags, message] as ElementInternals.setValidity takes them. `hasInk`: there is a drawing, and it counts. */
export function faultsOf({ value, state, hasInk, length, minLength, required }) {
  const got = value.length;
  const whyNot = state === 'failed' && words.failed; // asks to type
  // As a number field that holds no number, or none yet.
  if (hasInk && state === 'reading') return [{ badInput: true }, words.notReadYet];
  if (hasInk && got === 0) return [{ badInput: true }, whyNot || words.notRead];
  if (got === 0) return required ? [{ valueMissing: true }, whyNot || words.valueMissing(length, minLength)] : [{}, ''];
  if (got < minLength) return [{ tooShort: true }, words.wrongLength(length, got, minLength)];
  if (got > length) return [{ tooLong: true }, words.wrongLength(length, got, minLength)];
  return [{}, ''];
}
