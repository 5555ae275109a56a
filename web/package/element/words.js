/** How many of them a field takes; `minLength` is `length` unless there may be fewer. */
function digits(length, minLength) {
  if (minLength < length) return `${minLength} to ${length} digits`;
  return length === 1 ? 'a digit' : `${length} digits`;
}

/** What `<ink-digit>` says. A page in another language replaces any of it: `InkDigitElement.setWords({ … })`. */
export const words = {
  /** The field's accessible name where the page gives it none. */
  name: (length, minLength) => (length === 1 ? 'Digit' : digits(length, minLength)),
  hint: (length, minLength) => `Draw ${digits(length, minLength)} above, or type ${length === 1 ? 'it' : 'them'} here.`,
  pad: 'Drawing area',
  invitation: (length, minLength) => `Draw ${digits(length, minLength)}`,
  undo: 'Undo',
  clear: 'Clear',
  retry: 'Try again',
  read: (value) => `Read as ${[...value].join(' ')}.`,
  cleared: 'Empty.',
  /** `guesses`: what it may be, the likeliest first. */
  unsure: (guesses) => `Not sure: ${guesses.join(' or ')}?`,
  choose: (guess) => `It is ${[...guess].join(' ')}`,
  loading: 'Loading…',
  failed: 'Drawings cannot be read now. Please type.',
  valueMissing: (length, minLength) => `Draw or type ${digits(length, minLength)}.`,
  wrongLength: (length, got, minLength) =>
    `${length === 1 ? '1 digit is' : `${digits(length, minLength)} are`} needed; this has ${got}.`,
  notRead: 'Choose what this is, draw it again more clearly, or type it.',
  notReadYet: 'The drawing is still being read. Try again in a moment.',
};
