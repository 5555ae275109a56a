/** What the browser keeps of a field in its history, as text. */

/** Enough digits for the eye. */
const round = (value) => Math.round(value * 1000) / 1000;
const roundStroke = (stroke) =>
  stroke.map(({ x, y, pressure }) => ({ x: round(x), y: round(y), pressure: round(pressure) }));

export const packState = (value, isTyped, strokes, state) =>
  JSON.stringify({ value, isTyped, strokes: strokes.map(roundStroke), state });

/** → { value, isTyped, strokes, state }. */
export const unpackState = (text) => JSON.parse(text);
