/** What is read out of the page's elements that name or describe a field. */

const unspoken = '[aria-hidden=true], [hidden], script, style';

/** The words of `element`, which may be hidden itself: it is there to be read out. Those of `field`, if it stands in it, are left out. */
export const spokenText = (element, field) => textOf(element, field).replace(/\s+/g, ' ').trim();

function textOf(node, field) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  const isSpoken = (child) => child !== field && !child.matches?.(unspoken);
  return (
    node.getAttribute?.('aria-label') ||
    node.getAttribute?.('alt') ||
    [...node.childNodes]
      .filter(isSpoken)
      .map((child) => textOf(child, field))
      .join('')
  );
}
