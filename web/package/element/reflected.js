/** Attributes as properties, as the browser's own elements have them. Both take { property: attribute }. */

export function reflectBooleans(Element, attributes) {
  for (const [property, attribute] of Object.entries(attributes)) {
    Object.defineProperty(Element.prototype, property, {
      get() {
        return this.hasAttribute(attribute);
      },
      set(isSet) {
        this.toggleAttribute(attribute, Boolean(isSet));
      },
      enumerable: true,
      configurable: true,
    });
  }
}

export function reflectTexts(Element, attributes) {
  for (const [property, attribute] of Object.entries(attributes)) {
    Object.defineProperty(Element.prototype, property, {
      get() {
        return this.getAttribute(attribute) ?? '';
      },
      set(text) {
        this.setAttribute(attribute, text);
      },
      enumerable: true,
      configurable: true,
    });
  }
}

/** A property that was set before the element was defined hides the accessor: sets it again. */
export function upgrade(element, property) {
  if (!Object.hasOwn(element, property)) return;
  const value = element[property];
  delete element[property];
  element[property] = value;
}
