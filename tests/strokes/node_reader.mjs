/** Reads drawings in Node: the page's modules on @napi-rs/canvas, the package's engine. */
import { setImmediate } from 'node:timers/promises';
import { drawStrokes, renderForClassifier } from '../../web/package/drawing/stroke_renderer.js';
import { openCanvas } from './node_canvas.mjs';
import { drawPad, readDrawing } from './read_drawing.js';

/** The engine, and what the page's modules need of a browser. */
async function openEngine(options) {
  const { createCanvas } = await openCanvas();
  // All that the page's modules ask of it. One canvas for all: its pixels lie where the garbage collector does not see how large they are.
  const canvas = createCanvas(1, 1);
  globalThis.document = { createElement: () => canvas };
  const { loadEngine } = await import('../../build/package/engine.js');
  return loadEngine(options);
}

/**
 * `weights`: bytes of a weights file, or undefined for the package's own. → { engine, read(drawings, lineWidth), close() },
 * readNumber(strokes on the pad, lineWidth as a share of the pad, if a picture of it is to be read) → [{ digit, state, … }], and
 * frameOf(strokes on the pad): the 784 bytes that the network sees of one digit.
 */
export async function openNodeReader({ weights, threads = 1 } = {}) {
  const { readSheet } = await import('../../build/site/number_reader.js');
  const engine = await openEngine({ threads, weights });
  const read = async (drawings, lineWidth) => {
    const results = [];
    for (const strokes of drawings) {
      results.push(await readDrawing({ readSheet, drawStrokes }, engine, strokes, lineWidth));
      await setImmediate(); // Node frees a canvas's pixels between tasks only; a long measurement would fill the memory
    }
    return results;
  };
  const readNumber = async (strokes, lineWidth) => {
    await setImmediate(); // as above
    if (lineWidth)
      return engine.classifyAll(drawPad({ drawStrokes }, strokes, { side: 1000, lineWidth: 1000 * lineWidth }));
    const { single, digits } = await readSheet(engine, { strokes });
    return digits ?? [single];
  };
  const frameOf = (strokes) => engine.frame(renderForClassifier(strokes));
  return { engine, read, readNumber, frameOf, close: async () => engine.dispose() };
}
