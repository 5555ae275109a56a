// Hands for tests: digits as lines of a pen, drawn here, recorded nowhere.

/** Strokes of points in 0…1, y downwards, as someone might write them. */
export const shapes = {
  /** Hooked, and crossed so low that it looks like a 2. */
  crossedSeven: [
    [[0.28, 0.3], [0.2, 0.2], [0.4, 0.06], [0.72, 0.14], [0.7, 0.34], [0.3, 0.86]],
    [[0.18, 0.84], [0.86, 0.86]],
  ],
  four: [
    [[0.35, 0.08], [0.2, 0.55], [0.8, 0.55]],
    [[0.65, 0.25], [0.62, 0.95]],
  ],
  six: [[[0.68, 0.08], [0.42, 0.3], [0.28, 0.62], [0.35, 0.88], [0.58, 0.92], [0.72, 0.75], [0.62, 0.58], [0.42, 0.6], [0.3, 0.74]]],
  seven: [[[0.2, 0.12], [0.78, 0.12], [0.45, 0.92]]],
  nine: [[[0.7, 0.3], [0.55, 0.12], [0.35, 0.18], [0.3, 0.38], [0.45, 0.5], [0.65, 0.42], [0.7, 0.2], [0.68, 0.6], [0.6, 0.94]]],
  tick: [[[0.15, 0.55], [0.38, 0.85], [0.9, 0.15]]],
  cross: [
    [[0.2, 0.15], [0.8, 0.88]],
    [[0.78, 0.15], [0.2, 0.85]],
  ],
}; // prettier-ignore

export const mirrored = (strokes) => strokes.map((stroke) => stroke.map(([x, y]) => [1 - x, y]));

/**
 * A drawing of strokes by an unsteady pen, dark on white, 140×140 pixels: each `n` is another drawing. The hand's slant, width
 * and tremble change a little every time.
 */
export function draw(strokes, n) {
  const side = 140;
  let state = (Math.imul(n + 1, 0x9e3779b1) ^ 0x5bd1e995) >>> 0;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // Numerical Recipes' generator
    return state / 2 ** 32 - 0.5;
  };
  random();
  const [slant, turn, wide, pen] = [random() * 0.25, random() * 0.2, 1 + random() * 0.3, 4.5 + random() * 3];
  const place = ([x, y]) => {
    const [u, v] = [(x - 0.5) * wide + slant * (0.5 - y) + random() * 0.05, y - 0.5 + random() * 0.05];
    return [
      side * (0.5 + 0.75 * (u * Math.cos(turn) - v * Math.sin(turn))),
      side * (0.5 + 0.75 * (u * Math.sin(turn) + v * Math.cos(turn))),
    ];
  };
  const lines = strokes.flatMap((stroke) => {
    const points = stroke.map(place);
    return points.slice(1).map((end, i) => [points[i], end]);
  });
  const data = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let y = 0; y < side; ++y) {
    for (let x = 0; x < side; ++x) {
      const distance = Math.min(...lines.map((line) => distanceTo(line, x + 0.5, y + 0.5)));
      const grey = 255 * Math.min(1, Math.max(0, distance - pen + 0.5));
      data.fill(grey, (y * side + x) * 4, (y * side + x) * 4 + 3);
    }
  }
  return { data, width: side, height: side };
}

function distanceTo([[ax, ay], [bx, by]], x, y) {
  const [dx, dy] = [bx - ax, by - ay];
  const share = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(ax + share * dx - x, ay + share * dy - y);
}
