/** Reads drawings in Node: the page's modules on @napi-rs/canvas, the package's engine. */
import { createCanvas } from '@napi-rs/canvas';
import { readSheet } from '../../web/page/number_reader.js';
import { drawStrokes } from '../../web/page/stroke_renderer.js';
import { readDrawing } from './read_drawing.js';

/** `weights`: bytes of a weights file, or undefined for the package's own. → { read(drawings, lineWidth), close() } */
export async function openNodeReader(weights) {
  globalThis.document = { createElement: () => createCanvas(1, 1) }; // all that the page's modules ask of it
  const { loadEngine } = await import('../../build/package/engine.js');
  const engine = await loadEngine({ threads: 1, weights });
  const read = async (drawings, lineWidth) => {
    const results = [];
    for (const strokes of drawings) {
      const { digit, state, confidence, energy } = await readDrawing(
        { readSheet, drawStrokes },
        engine,
        strokes,
        lineWidth,
      );
      results.push({ digit, state, confidence, energy });
    }
    return results;
  };
  return { read, close: async () => engine.dispose() };
}
