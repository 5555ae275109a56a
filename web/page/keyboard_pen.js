/**
 * Drawing by keyboard: arrows move a pen over the pad (two at once move it slantwise, Shift makes the steps small),
 * Space puts it down and lifts it. The pen is an element of its own, shown only while it is in use.
 */
import { frameSide } from './shapes.js';

const largeStep = 1 / frameSide;
const smallStep = largeStep / 4;
const directions = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** `announce(text)` tells a screen reader what the pen does. */
export function attachKeyboardPen(canvas, cursor, pad, announce) {
  const position = { x: 0.5, y: 0.25 };
  const held = new Set();
  let isSaidDown = false;

  /** However it was put down or lifted: Undo and Clear lift it, too. */
  const tellPen = () => {
    if (pad.isDrawing === isSaidDown) return;
    isSaidDown = pad.isDrawing;
    announce(isSaidDown ? 'Pen down' : 'Pen up');
  };

  const showCursor = () => {
    tellPen();
    cursor.hidden = false;
    cursor.dataset.pen = pad.isDrawing ? 'down' : 'up';
    cursor.style.setProperty('--x', position.x);
    cursor.style.setProperty('--y', position.y);
  };

  const move = (step) => {
    for (const key of held) {
      position.x = Math.min(1, Math.max(0, position.x + directions[key][0] * step));
      position.y = Math.min(1, Math.max(0, position.y + directions[key][1] * step));
    }
    pad.extend([{ ...position }]); // leaves no ink while the pen is up
  };

  const togglePen = () => {
    if (pad.isDrawing) pad.end();
    else pad.begin({ ...position });
  };

  canvas.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in directions) {
      held.add(event.key);
      move(event.shiftKey ? smallStep : largeStep);
    } else if (event.key === ' ') {
      if (!event.repeat) togglePen();
    } else {
      return;
    }
    event.preventDefault(); // neither scroll the page nor press anything
    showCursor();
  });

  canvas.addEventListener('keyup', (event) => {
    held.delete(event.key);
    if (!cursor.hidden) showCursor(); // Undo or Clear may have taken the pen off the paper
  });

  // A pointer, or leaving the pad, lifts the pen.
  const putAway = () => {
    if (cursor.hidden) return;
    pad.end();
    tellPen();
    held.clear();
    cursor.hidden = true;
  };
  canvas.addEventListener('pointerdown', putAway, { capture: true });
  canvas.addEventListener('blur', putAway);
}
