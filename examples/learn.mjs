// Teaches the engine a hand of your own, in Node: one correction, an own symbol, the ways back; then trains a network from nothing.
// In a page the same calls are those of `createClassifier` and `train` of 'inkdigit', where they run in workers.
//
//   node examples/learn.mjs
import { loadEngine } from 'inkdigit/engine';

/** A picture as a canvas would give it: lines through points in 0…1, dark on white, 100×100 pixels. */
function draw(strokes, shift = 0) {
  const side = 100;
  const data = new Uint8ClampedArray(side * side * 4).fill(255);
  const dot = (x, y) => {
    for (let row = Math.round(y) - 4; row <= y + 4; ++row) {
      for (let column = Math.round(x) - 4; column <= x + 4; ++column) {
        if (Math.hypot(column - x, row - y) <= 4)
          data.fill(0, (row * side + column) * 4, (row * side + column) * 4 + 3);
      }
    }
  };
  for (const stroke of strokes) {
    stroke.slice(1).forEach(([endX, endY], i) => {
      const [x, y] = stroke[i];
      for (let share = 0; share <= 1; share += 0.01) {
        const across = x + share * (endX - x) + shift * (0.5 - y); // `shift` slants it
        dot(15 + 70 * across, 15 + 70 * (y + share * (endY - y)));
      }
    });
  }
  return { data, width: side, height: side };
}

// A seven that is crossed so low that it looks like a two, and a tick.
const seven = [
  [[0.2, 0.32], [0.1, 0.2], [0.35, 0], [0.8, 0.1], [0.78, 0.35], [0.25, 1]],
  [[0.1, 0.98], [1, 0.98]],
]; // prettier-ignore
const tick = [[[0, 0.5], [0.3, 0.95], [1, 0]]]; // prettier-ignore

const engine = await loadEngine();
console.log(`before: the seven is read as ${engine.classify(draw(seven)).label}`);

// One correction. It is learnt among pictures that the package brings along, so that the rest is not forgotten.
const report = await engine.fineTune([{ drawing: draw(seven), label: 7 }], {
  onProgress: ({ step, steps, loss }) =>
    step % 8 === 0 && console.log(`  step ${step} of at most ${steps}: loss ${loss.toFixed(3)}`),
});
const { accepted, heldBack, seconds } = report;
console.log(
  `${accepted ? 'learnt' : 'not taken'} in ${seconds.toFixed(1)} s; other digits: ${100 * heldBack.before} % right before, ${100 * heldBack.after} % after`,
);
console.log(`after: another seven of this hand is read as ${engine.classify(draw(seven, 0.15)).label}`);

// A symbol of one's own is a label that is no digit.
const ticks = [-0.2, 0, 0.2].map((shift) => ({ drawing: draw(tick, shift), label: 'tick' }));
await engine.fineTune(ticks);
console.log(`own symbols: ${engine.symbols.join(', ')}; a tick is read as ${engine.classify(draw(tick, 0.1)).label}`);

// What was learnt is a file, to be kept and taken back.
const weights = await engine.exportWeights();
engine.undo(); // forgets the tick
engine.undo(); // and the seven
console.log(
  `after two undos: ${engine.symbols.length} symbols, and the seven is read as ${engine.classify(draw(seven)).label}`,
);
engine.importWeights(weights);
console.log(`after the import: ${engine.symbols.length} symbol`);

// A network of one's own, on any 28×28 pictures: here it learns to tell leaning bars from lying ones.
const trainer = engine.createTrainer({
  layers: [
    { type: 'conv2d', units: 4, kernel: 5 },
    { type: 'relu' },
    { type: 'max_pool2d' },
    { type: 'dense', units: 2 },
  ],
  learningRate: 0.01,
});
const frames = Array.from({ length: 40 }, (_, i) => {
  const lean = ((i >> 1) / 20 - 0.5) * 0.6;
  return engine.frame(draw(i % 2 ? [[[0.5 - lean, 0], [0.5 + lean, 1]]] : [[[0, 0.5 - lean], [1, 0.5 + lean]]])); // prettier-ignore
});
const dataset = {
  images: new Uint8Array(frames.flatMap((frame) => [...frame])),
  labels: Uint8Array.from(frames, (_, i) => i % 2),
};
await trainer.fit(dataset, { epochs: 20, batchSize: 8 });
const { correct, count } = await trainer.evaluate(dataset);
console.log(`a small network reads ${correct} of ${count} bars right`);
engine.dispose();
