import { loadEngine, shippedWeights } from '/inkdigit/engine.js';
import { loadReader } from '/inkdigit/reader.js';

export async function load(options) {
  const engine = await (options.precision === 'float32' ? loadEngine(options) : loadReader(options));
  const { simd, threads, precision } = engine.backend;
  return {
    backend: `${precision}, ${simd} SIMD, ${threads} thread${threads > 1 ? 's' : ''}`,
    classifyBatch: (frames) => engine.classifyBatch(frames),
    createTrainer: precision === 'float32' ? (...batch) => createTrainer(engine, ...batch) : undefined,
  };
}

async function createTrainer(engine, scope, images, labels) {
  const weights = await (await fetch(shippedWeights)).arrayBuffer(); // they bring the dropout rates along
  const trainer = engine.createTrainer({ weights, scope, optimizer: 'adamw', learningRate: 0.001 });
  const inputs = scope === 'head' ? trainer.features(images) : images;
  return { step: () => trainer.step(inputs, labels), dispose: () => trainer.dispose() };
}
