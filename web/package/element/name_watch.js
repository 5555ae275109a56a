/** Tells the fields of a document, or of a shadow tree, when other elements may name them: one observer for all of them. */

const watches = new WeakMap(); // root → { listeners, observer }

/** What may name a field: a label, or what `aria-labelledby` and `aria-describedby` name by its id. */
const names = 'label, [id]';
const mayName = (node) => node.matches?.(names) || node.querySelector?.(names);
const concerns = ({ type, addedNodes, removedNodes }) =>
  type === 'attributes' || [...addedNodes, ...removedNodes].some(mayName);

/** `listener` is called when labels and ids in `root` have come, gone or changed. → a function that ends that. */
export function watchNames(root, listener) {
  if (!watches.has(root)) watches.set(root, startWatch(root));
  const { listeners, observer } = watches.get(root);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    observer.disconnect();
    watches.delete(root);
  };
}

function startWatch(root) {
  const listeners = new Set();
  const observer = new MutationObserver((records) => {
    if (records.some(concerns)) listeners.forEach((listener) => listener());
  });
  observer.observe(root, { childList: true, subtree: true, attributes: true, attributeFilter: ['for', 'id'] });
  return { listeners, observer };
}
