/** The element's states for CSS: `ink-digit:state(unsure)`. */

export const readingStates = ['blank', 'reading', 'digit', 'unsure', 'failed'];

export function showStates({ states }, { state, isTyped, isUserInvalid }) {
  const show = (name, isSet) => {
    try {
      if (isSet) states.add(name);
      else states.delete(name);
    } catch {
      // An older browser, which wants another form of name, or has none of these: the attribute does.
    }
  };
  for (const name of readingStates) show(name, name === state);
  show('typed', isTyped);
  show('user-invalid', isUserInvalid);
}
