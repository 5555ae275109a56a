/** What is wrong with a field's value. */
import { words } from './words.js';

/** → [flags, message] as ElementInternals.setValidity takes them. `hasInk`: there is a drawing, and it counts. */
export function faultsOf({ value, state, hasInk, length, required }) {
  const got = value.length;
  if (hasInk && state === 'reading') return [{ customError: true }, words.notReadYet];
  // As a number field that holds no number.
  if (hasInk && got === 0) return [{ badInput: true }, words.notRead];
  if (got === 0) return required ? [{ valueMissing: true }, words.valueMissing(length)] : [{}, ''];
  if (got < length) return [{ tooShort: true }, words.wrongLength(length, got)];
  if (got > length) return [{ tooLong: true }, words.wrongLength(length, got)];
  return [{}, ''];
}
