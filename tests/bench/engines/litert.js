import { loadAndCompile, loadLiteRt, Tensor } from '@litertjs/core';

export async function load({ threads }) {
  await loadLiteRt('/litert/', { threads: threads > 1 });
  const models = {}; // its models have a fixed batch size
  const modelFor = async (batch) =>
    (models[batch] ??= await loadAndCompile(`/models/digits_${batch}.tflite`, {
      accelerator: 'wasm',
      cpuOptions: { numThreads: threads },
    }));
  await modelFor(1);
  return {
    backend: `wasm, ${threads} threads`,
    async classifyBatch(frames) {
      const batch = frames.length / 784;
      const model = models[batch] ?? (await modelFor(batch));
      const images = new Tensor(frames, [batch, 28, 28, 1]);
      const [probabilities] = await model.run([images]);
      const values = probabilities.toTypedArray().slice();
      images.delete();
      probabilities.delete();
      return values;
    },
  };
}
