/** What to tell people when the package fails, by the `code` of its InkdigitError. */
const failureTexts = {
  unsupported: 'The reader cannot run in this browser.',
  load: 'The reader could not be loaded. Check the connection, then try again.',
  weights: 'The weights of the network could not be loaded. Check the connection, then try again.',
  memory: 'There is not enough memory for the reader. Close some other pages, then try again.',
  input: 'This picture could not be read. Choose another one, or draw the digit.',
};

/**
 * → `{ text, detail }`: what to do, and the package's own words, which name the file or the value at fault. Of a browser that cannot
 * run it, they are what to do: they name those that can.
 */
export function describeFailure({ code, message }) {
  if (code === 'unsupported') return { text: `${failureTexts.unsupported} ${message}` };
  return {
    text: failureTexts[code] ?? 'Something went wrong with the reader. Try again, or reload the page.',
    detail: message,
  };
}
