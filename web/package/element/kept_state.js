/** What the browser keeps of a field in its history, as text. */
import { readingStates } from './custom_states.js';

/** Enough digits for the eye. */
const round = (value) => Math.round(value * 1000) / 1000;
const roundStroke = (stroke) =>
  stroke.map(({ x, y, pressure }) => ({ x: round(x), y: round(y), pressure: round(pressure) }));

export const packState = (value, isTyped, strokes, state) =>
  JSON.stringify({ value, isTyped, strokes: strokes.map(roundStroke), state });

const isPoint = (point) => [point?.x, point?.y, point?.pressure].every(Number.isFinite);
const isStroke = (stroke) => Array.isArray(stroke) && stroke.length > 0 && stroke.every(isPoint);

/**
 * → { value, isTyped, strokes, state }, or null if it is no such text: another page at this address, or another version of this
 * one, may have left it.
 */
export function unpackState(text) {
  try {
    const { value, isTyped, strokes, state = 'reading' } = JSON.parse(text);
    const isWhole = typeof value === 'string' && /^[0-9]*$/.test(value) && readingStates.includes(state);
    return isWhole && strokes.every(isStroke) ? { value, isTyped: Boolean(isTyped), strokes, state } : null;
  } catch {
    return null;
  }
}
