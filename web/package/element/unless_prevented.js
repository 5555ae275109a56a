/**
 * Does what comes of an event after the page has heard of it, unless it prevents that, as the browser does. Where the page lets nobody
 * else hear of it (stopPropagation), that is once the browser has done what it does.
 */
export function unlessPrevented(event, act) {
  let isDone = false;
  const onceHeard = (last) => {
    if (last !== event || isDone) return;
    isDone = true;
    if (!event.defaultPrevented) act();
  };
  const { view, type } = event;
  view?.addEventListener(type, onceHeard);
  setTimeout(() => {
    view?.removeEventListener(type, onceHeard);
    onceHeard(event);
  });
}
