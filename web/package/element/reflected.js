/** Attributes as properties, as the browser's own elements have them. `attributes`: { property: attribute }. */

function reflect(Element, attributes, read, write) {
  for (const [property, attribute] of Object.entries(attributes)) {
    Object.defineProperty(Element.prototype, property, {
      get() {
        return read(this, attribute);
      },
      set(value) {
        write(this, attribute, value);
      },
      enumerable: true,
      configurable: true,
    });
  }
}

export const reflectBooleans = (Element, attributes) =>
  reflect(
    Element,
    attributes,
    (element, attribute) => element.hasAttribute(attribute),
    (element, attribute, isSet) => element.toggleAttribute(attribute, Boolean(isSet)),
  );

export const reflectTexts = (Element, attributes) =>
  reflect(Element, attributes, (element, attribute) => element.getAttribute(attribute) ?? '', writeText);

/** No text is no attribute, where a native element would write "null": frameworks set so what they do not want to be there. */
export function writeText(element, attribute, text) {
  if (text === null || text === undefined) element.removeAttribute(attribute);
  else element.setAttribute(attribute, text);
}

/** A property that was set before the element was defined hides the accessor: sets it again. */
export function upgrade(element, property) {
  if (!Object.hasOwn(element, property)) return;
  const value = element[property];
  delete element[property];
  element[property] = value;
}
