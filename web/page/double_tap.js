/** A tap so soon after one on `elsewhere`, in milliseconds, and so near to it, in CSS pixels, is its second half. */
const tapTime = 500;
const tapDistance = 40;

/**
 * What is tapped on `elsewhere` may make way for `canvas`: then the second half of a double tap lands there, and is no drawing.
 * To be called before anything else listens to the canvas.
 */
export function ignoreDoubleTaps(canvas, elsewhere) {
  let last = null;
  elsewhere.addEventListener('pointerdown', (event) => {
    last = event;
  });
  canvas.addEventListener('pointerdown', (event) => {
    if (!last || event.timeStamp - last.timeStamp > tapTime) return;
    if (Math.hypot(event.clientX - last.clientX, event.clientY - last.clientY) > tapDistance) return;
    event.stopImmediatePropagation();
  });
}
