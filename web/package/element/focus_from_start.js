/**
 * For a field with `autofocus` that stood in the page before the element was defined: the browser has looked once the page is drawn, and
 * found nothing that takes the focus. As it does: not in a frame of another origin, nor where the user has begun something.
 */
export function focusFromStart(field) {
  try {
    void top.document;
  } catch {
    return; // of another origin
  }
  requestAnimationFrame(() => {
    if (document.activeElement === document.body && !navigator.userActivation?.hasBeenActive) field.focus();
  });
}
