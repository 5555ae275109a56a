/** Does what comes of an event after the page has heard of it, unless it prevents that, as the browser does. */
export function unlessPrevented(event, act) {
  const onceHeard = (last) => last === event && !event.defaultPrevented && act();
  event.view?.addEventListener(event.type, onceHeard, { once: true });
}
