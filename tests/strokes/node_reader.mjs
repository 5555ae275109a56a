/** Reads drawings in Node: the page's modules on @napi-rs/canvas, the package's engine. */
import { drawStrokes, renderForClassifier } from '../../web/package/drawing/stroke_renderer.js';
import { openCanvas } from './node_canvas.mjs';
import { readDrawing } from './read_drawing.js';

/** The engine, and what the page's modules need of a browser. */
async function openEngine(options) {
  const { createCanvas } = await openCanvas();
  // All that the page's modules ask of it. One canvas for all: its pixels lie where the garbage collector does not see how large they are.
  const canvas = createCanvas(1, 1);
  globalThis.document = { createElement: () => canvas };
  const { loadEngine } = await import('../../build/package/engine.js');
  return loadEngine(options);
}

/** → { engine, frameOf(strokes on the pad): the 784 bytes that the network sees of one digit } */
export async function openFramer(threads) {
  const engine = await openEngine({ threads });
  return { engine, frameOf: (strokes) => engine.frame(renderForClassifier(strokes)) };
}

/** `weights`: bytes of a weights file, or undefined for the package's own. → { read(drawings, lineWidth), close() } */
export async function openNodeReader(weights) {
  const { readSheet } = await import('../../build/site/number_reader.js');
  const engine = await openEngine({ threads: 1, weights });
  const read = async (drawings, lineWidth) => {
    const results = [];
    for (const strokes of drawings) {
      results.push(await readDrawing({ readSheet, drawStrokes }, engine, strokes, lineWidth));
    }
    return results;
  };
  return { read, close: async () => engine.dispose() };
}
