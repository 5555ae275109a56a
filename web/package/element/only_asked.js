/**
 * Whoever only asks whether a field is valid, by checkValidity(), does not want it marked as wrong. The event `invalid` comes of that as it
 * comes of a form that is not sent, and nothing tells them apart. So it is noted here while a field, or its form, is asked.
 */

const asked = new Set(); // fields and forms
const noting = new WeakSet(); // forms that have it noted

/** What `check()` gives, by which `one` is asked. */
export function noteAsked(one, check) {
  asked.add(one);
  try {
    return check();
  } finally {
    asked.delete(one);
  }
}

export const isOnlyAsked = (field) => asked.has(field) || asked.has(field.form);

/** Has a form note it for its fields. It does so for good: the page may have wrapped its method once more since. */
export function noteWhenAsked(form) {
  const { checkValidity } = form;
  if (noting.has(form) || typeof checkValidity !== 'function') return; // a control may have that name
  noting.add(form);
  Object.defineProperty(form, 'checkValidity', {
    value: () => noteAsked(form, () => checkValidity.call(form)),
    configurable: true,
    writable: true,
  });
}
