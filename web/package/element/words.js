/** What `<ink-digit>` says. A page in another language replaces any of it: `Object.assign(InkDigitElement.words, { … })`. */
export const words = {
  /** The field's accessible name where the page gives it none. */
  name: (length) => (length === 1 ? 'Digit' : `${length} digits`),
  hint: (length) =>
    length === 1 ? 'Draw a digit above, or type it here.' : `Draw ${length} digits above, or type them here.`,
  pad: 'Drawing area',
  invitation: (length) => (length === 1 ? 'Draw a digit' : `Draw ${length} digits`),
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
  valueMissing: (length) => (length === 1 ? 'Draw or type a digit.' : `Draw or type ${length} digits.`),
  wrongLength: (length, got) => `${length} ${length === 1 ? 'digit is' : 'digits are'} needed; this has ${got}.`,
  notRead: 'Choose what this is, draw it again more clearly, or type it.',
  notReadYet: 'The drawing is still being read. Try again in a moment.',
};
