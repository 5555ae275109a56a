/** What people call a field, and what is said of it. */

const textOf = (elements) =>
  [...elements]
    .map((element) => element?.textContent?.trim())
    .filter(Boolean)
    .join(' ');

/** The text of the elements that an attribute names by their ids. */
function textNamedBy(field, attribute) {
  const root = field.getRootNode();
  const ids = (field.getAttribute(attribute) ?? '').split(/\s+/);
  return textOf(ids.map((id) => id && root.getElementById?.(id)));
}

/** The name that the page gives the field, or ''. `labels`: its label elements. */
export const nameOf = (field, labels) =>
  textNamedBy(field, 'aria-labelledby') || field.getAttribute('aria-label') || textOf(labels) || field.title;

export const descriptionOf = (field) => textNamedBy(field, 'aria-describedby');
