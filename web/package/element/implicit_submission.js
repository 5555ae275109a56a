/** Enter in a field sends its form, as in the browser's own fields (HTML, "implicit submission"). */

const textTypes = 'date datetime-local email month number password search tel text time url week'.split(' ');

/** `isTextLike(element)`: whether an element of the form is such a field as the browser does not know. */
export function submitByEnter(form, isTextLike) {
  // What is the form's is asked of its prototype: a control may have any of its names.
  const { getRootNode, requestSubmit } = HTMLFormElement.prototype;
  // Not its elements, which leave out the buttons that are images.
  const candidates = getRootNode.call(form).querySelectorAll('button, input');
  const button = [...candidates].find((one) => one.form === form && ['submit', 'image'].includes(one.type));
  if (button) {
    button.click(); // which does nothing if it is disabled
    return;
  }
  // Of a form without a button that has several such fields, Enter sends nothing.
  const holdsText = (element) => isTextLike(element) || textTypes.includes(element.type);
  const elements = Reflect.get(HTMLFormElement.prototype, 'elements', form);
  if ([...elements].filter(holdsText).length <= 1) requestSubmit.call(form);
}
