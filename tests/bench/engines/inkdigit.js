/** int8 is read by the entry for reading alone, as who only reads would; its scripts must not be fetched by the others. */
export async function load({ precision: wanted, ...options }) {
  const engine =
    wanted === 'float32'
      ? await (await import('/inkdigit/engine.js')).loadEngine({ ...options, precision: wanted })
      : await (await import('/inkdigit/reader.js')).loadReader(options);
  const { simd, threads, precision } = engine.backend;
  return {
    backend: `${precision}, ${simd} SIMD, ${threads} thread${threads > 1 ? 's' : ''}`,
    classifyBatch: (frames) => engine.classifyBatch(frames),
    createTrainer: precision === 'float32' ? (...batch) => createTrainer(engine, ...batch) : undefined,
  };
}

async function createTrainer(engine, scope, images, labels) {
  const { shippedWeights } = await import('/inkdigit/engine.js');
  const weights = await (await fetch(shippedWeights)).arrayBuffer(); // they bring the dropout rates along
  const trainer = engine.createTrainer({ weights, scope, optimizer: 'adamw', learningRate: 0.001 });
  const inputs = scope === 'head' ? trainer.features(images) : images;
  return { step: () => trainer.step(inputs, labels), dispose: () => trainer.dispose() };
}
