/** What to tell people when a run, or what it takes, has failed. */

/** By the `code` of an InkdigitError. */
const failureTexts = {
  load: 'The engine could not be loaded. Check the connection, then try again.',
  memory: 'There is not enough memory for this network. Choose a smaller batch, fewer filters or fewer dense units.',
  input: 'The engine does not take these settings.',
  unsupported: 'The engine cannot run in this browser.',
};

/** → `{ text, detail }`: what to do, and what lies behind it. The view's own errors say what to do themselves; the package's are for developers. */
export function describeFailure({ code, message, cause }) {
  if (!code) return { text: message, detail: cause?.message ?? '' };
  const text = failureTexts[code] ?? 'Something went wrong in training. Try again, or reload the page.';
  return { text, detail: message };
}
