/** Adds points to a stroke in place, but for those nearer than `smallestStep` to the one before. → whether there were any. */
export function extendStroke(stroke, points, smallestStep) {
  const before = stroke.length;
  for (const point of points) {
    const last = stroke.at(-1);
    if (!last || Math.hypot(point.x - last.x, point.y - last.y) >= smallestStep) stroke.push(point);
  }
  return stroke.length > before;
}
