/** Controls that scripts make. */

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
