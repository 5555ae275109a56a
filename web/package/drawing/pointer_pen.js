/**
 * Mouse, finger and pen on the drawing pad.
 * One pointer draws at a time. A second finger, or the palm beside a pen, is ignored; a pen that comes down
 * while a palm is already "drawing" takes over from it.
 */

/** For this long after a pen was on the pad, touches are taken for the hand that holds it, in milliseconds. */
const palmTime = 700;

export function attachPointerPen(canvas, pad) {
  let pointerId = null;
  let pointerType = '';
  let lastPenTime = -Infinity;

  const toPoint = (event) => {
    const box = canvas.getBoundingClientRect();
    return {
      x: (event.clientX - box.left) / box.width,
      y: (event.clientY - box.top) / box.height,
      pressure: event.pointerType === 'pen' && event.pressure > 0 ? event.pressure : 0.5,
    };
  };

  const isPalm = (event) => event.pointerType === 'touch' && event.timeStamp - lastPenTime < palmTime;

  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || isPalm(event)) return;
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
    pad.begin(toPoint(event));
  });

  canvas.addEventListener('pointermove', (event) => {
    if (event.pointerType === 'pen') lastPenTime = event.timeStamp;
    if (event.pointerId !== pointerId) return;
    const events = event.getCoalescedEvents?.() ?? [];
    pad.extend((events.length > 0 ? events : [event]).map(toPoint));
  });

  canvas.addEventListener('pointerup', (event) => {
    if (event.pointerId !== pointerId) return;
    pointerId = null;
    pad.extend([toPoint(event)]);
    pad.end();
  });

  // The system took the pointer away (a gesture, a call): what was drawn so far is kept, Undo removes it.
  canvas.addEventListener('pointercancel', (event) => {
    if (event.pointerId !== pointerId) return;
    pointerId = null;
    pad.end();
  });
}
