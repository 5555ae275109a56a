/** Boxes around strokes: `{left, top, right, bottom}` in pad heights, y downwards. */

export function boxAround(strokes) {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const { x, y } of strokes.flat()) {
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y);
  }
  return box;
}

export const height = (box) => box.bottom - box.top;
export const width = (box) => box.right - box.left;

/** Where its middle is, from left to right. */
export const middle = (box) => (box.left + box.right) / 2;

/** How far two boxes reach into each other; negative: how far they are apart. */
export const sharedWidth = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left);
export const sharedHeight = (a, b) => Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
