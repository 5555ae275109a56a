/** What has to be drawn for its pixels is scaled down to so many a side: framing makes 20×20 of the ink. */
const mostSide = 2048;

/** How large a picture of this many pixels is drawn: → { width, height, scale }, scale in 0…1. */
export function drawnSize(width, height) {
  const scale = Math.min(1, mostSide / Math.max(width, height));
  const scaled = (length) => Math.max(1, Math.round(length * scale));
  return { width: scaled(width), height: scaled(height), scale };
}
