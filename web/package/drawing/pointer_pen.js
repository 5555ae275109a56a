/**
 * Mouse, finger and pen on the drawing pad.
 * One pointer draws at a time. A second finger, or the palm beside a pen, is ignored; a pen that comes down
 * while a palm is already "drawing" takes over from it.
 */

/** For this long after a pen was on the pad, touches are taken for the hand that holds it, in milliseconds. */
const palmTime = 700;

/** A mouse may hold another button still; what the buttons of a pen do is no lifting. */
const isLifted = ({ pointerType, buttons }) => (pointerType === 'mouse' ? (buttons & 1) === 0 : buttons === 0);

/** → a function that ends it: what is being drawn stays as it is then. */
export function attachPointerPen(canvas, pad) {
  let pointerId = null;
  let pointerType = '';
  let lastPenTime = -Infinity;
  const attached = new AbortController();
  const listen = (type, act) => canvas.addEventListener(type, act, { signal: attached.signal });

  /** None where the canvas is hidden by now, and without size: nobody can say where on it they are. */
  const toPoints = (events) => {
    if (canvas.clientWidth === 0 || canvas.clientHeight === 0) return [];
    const { left, top, width, height } = contentBox(canvas);
    return events.map(({ offsetX, offsetY, pointerType, pressure }) => ({
      x: (offsetX - left) / width,
      y: (offsetY - top) / height,
      pressure: pointerType === 'pen' && pressure > 0 ? pressure : 0.5,
    }));
  };

  const isPalm = (event) => event.pointerType === 'touch' && event.timeStamp - lastPenTime < palmTime;

  listen('pointerdown', (event) => {
    const [point] = toPoints([event]);
    if (!point || event.button !== 0 || isPalm(event)) return;
    // A canvas that was taken away while something drew on it is not told that it is over.
    if (pointerId !== null && !canvas.hasPointerCapture(pointerId)) {
      pointerId = null;
      pad.end();
    }
    if (pointerId !== null) {
      if (event.pointerType !== 'pen' || pointerType !== 'touch') return;
      pad.cancel();
    }
    pointerId = event.pointerId;
    pointerType = event.pointerType;
    try {
      canvas.setPointerCapture(pointerId);
    } catch {
      // A pointer that is gone already, or that a test made up: it draws as long as it is over the canvas.
    }
    pad.begin(point);
  });

  listen('pointermove', (event) => {
    if (event.pointerType === 'pen') lastPenTime = event.timeStamp;
    if (event.pointerId !== pointerId) return;
    // It was lifted while the canvas was away, and only hovers. (What a test made up may not say what is pressed.)
    if (event.isTrusted && isLifted(event)) {
      pointerId = null;
      pad.end();
      return;
    }
    const events = event.getCoalescedEvents?.() ?? [];
    pad.extend(toPoints(events.length > 0 ? events : [event]));
  });

  listen('pointerup', (event) => {
    if (event.pointerId !== pointerId) return;
    pointerId = null;
    pad.extend(toPoints([event]));
    pad.end();
  });

  // The system took the pointer away (a gesture, a call): what was drawn so far is kept, Undo removes it.
  listen('pointercancel', (event) => {
    if (event.pointerId !== pointerId) return;
    pointerId = null;
    pad.end();
  });

  return () => {
    attached.abort();
    if (pointerId === null) return;
    pointerId = null;
    pad.end();
  };
}

/**
 * Where the canvas has its pixels, in the coordinates of `offsetX` and `offsetY`: those know of all transforms, and
 * count from inside the border, and zoomed.
 */
function contentBox(canvas) {
  const style = getComputedStyle(canvas);
  const zoom = canvas.currentCSSZoom ?? 1;
  const pixels = (property) => Number.parseFloat(style[property]) * zoom;
  const along = (axis, start, end) => {
    const padding = pixels(`padding${start}`);
    const around = padding + pixels(`padding${end}`) + pixels(`border${start}Width`) + pixels(`border${end}Width`);
    return [padding, pixels(axis) - (style.boxSizing === 'border-box' ? around : 0)];
  };
  const [left, width] = along('width', 'Left', 'Right');
  const [top, height] = along('height', 'Top', 'Bottom');
  return { left, top, width, height };
}
