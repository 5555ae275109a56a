/** What to tell people when the package fails, by the `code` of its InkdigitError. */
const kMessages = {
  unsupported: 'This browser cannot run the reader: it needs WebAssembly with SIMD. ' +
    'Use Chrome or Edge 91, Firefox 89, Safari 16.4, or newer.',
  load: 'The reader could not be loaded. Check the connection, then try again.',
  weights: 'The weights of the network could not be loaded. Check the connection, then try again.',
  memory: 'There is not enough memory for the reader. Close some other pages, then try again.',
  input: 'This picture could not be read. Choose another one, or draw the digit.',
};

/** The message, followed by the package's own words, which name the file or the value at fault. */
export function describeFailure(error) {
  const message = kMessages[error?.code] ?? 'Something went wrong with the reader. Try again, or reload the page.';
  return error?.message ? `${message} (${error.message})` : message;
}

/** Whether starting once more could help. */
export const canRetry = (error) => error?.code !== 'unsupported';
