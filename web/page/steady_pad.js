/** The pad must not move under the pen: while one draws, and for a moment after, what stands above it keeps its height. */

/** Between two strokes of a drawing there is less, in milliseconds. */
const restTime = 700;

/** `above`: elements that may stand above the pad; `frame`: the one that they and the pad are in, which may be centred. */
export function keepSteady(canvas, { above, frame }) {
  let timer;
  let isHeld = false;

  const hold = () => {
    clearTimeout(timer);
    if (isHeld) return;
    isHeld = true;
    const heights = above.map((element) => [
      element,
      element.getBoundingClientRect().height,
      getComputedStyle(element).marginBottom,
    ]);
    const { marginTop } = getComputedStyle(frame);
    for (const [element, height, marginBottom] of heights) {
      Object.assign(element.style, { boxSizing: 'border-box', height: `${height}px`, marginBottom, overflow: 'clip' });
    }
    frame.style.marginTop = marginTop;
  };
  const release = () => {
    clearTimeout(timer);
    isHeld = false;
    for (const { style } of above) style.boxSizing = style.height = style.marginBottom = style.overflow = '';
    frame.style.marginTop = '';
  };
  let isElsewhere = false; // where the last press was
  document.addEventListener(
    'pointerdown',
    ({ target }) => {
      isElsewhere = target !== canvas;
      if (isElsewhere) clearTimeout(timer);
      else hold();
    },
    { capture: true },
  );
  for (const type of ['pointerup', 'pointercancel', 'lostpointercapture']) {
    document.addEventListener(
      type,
      () => {
        clearTimeout(timer);
        timer = setTimeout(release, restTime);
      },
      { capture: true },
    );
  }
  // A press elsewhere asks for something else, but what it is on must not move away before it is a click.
  document.addEventListener('click', () => isElsewhere && release(), { capture: true });
}
