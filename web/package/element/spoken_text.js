/** What is read out of the page's elements that name or describe a field. */

const unspoken = '[aria-hidden=true], [hidden], script, style';

const isHidden = ({ display, visibility }) => display === 'none' || visibility !== 'visible';

/**
 * The words of `element`, which may be hidden itself: it is there to be read out. What CSS hides in one that is not is left out, and so are
 * those of `field`, if it stands in it.
 */
export function spokenText(element, field) {
  const isShown = !isHidden(getComputedStyle(element));
  return textOf(element, { field, isShown }).replace(/\s+/g, ' ').trim();
}

function textOf(node, root) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  return (
    node.getAttribute?.('aria-label') ||
    node.getAttribute?.('alt') ||
    [...node.childNodes].map((child) => textBeside(child, root)).join('')
  );
}

/** That of a part, apart from what is beside it where it has a line of its own. */
function textBeside(node, root) {
  if (node.nodeType !== Node.ELEMENT_NODE) return textOf(node, root);
  if (node === root.field || node.matches(unspoken)) return '';
  const style = getComputedStyle(node);
  if (root.isShown && isHidden(style)) return '';
  const text = textOf(node, root);
  return ['inline', 'contents'].includes(style.display) && node.localName !== 'br' ? text : ` ${text} `;
}
