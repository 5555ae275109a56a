/** Controls that scripts make, and what scripts ask of them. */

/** A button that submits nothing. */
export function makeButton(text, onClick) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = text;
  button.addEventListener('click', onClick);
  return button;
}

/** A radio button that looks like a button. */
export function pill(name, value, title) {
  const label = document.createElement('label');
  label.className = 'button';
  const input = document.createElement('input');
  Object.assign(input, { type: 'radio', name, value, className: 'visually-hidden' });
  label.append(input, title);
  return label;
}

/** Whether an element stands where it can be seen, and have the focus. */
export function isShown(element) {
  if (!element.isConnected) return false;
  if (element.checkVisibility) return element.checkVisibility({ visibilityProperty: true });
  return element.getClientRects().length > 0 && getComputedStyle(element).visibility === 'visible'; // Safari before 17.4
}
