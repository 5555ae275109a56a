import * as ort from 'onnxruntime-web/wasm';

export async function load({ threads }) {
  ort.env.wasm.wasmPaths = '/onnxruntime/';
  ort.env.wasm.numThreads = threads;
  const session = await ort.InferenceSession.create('/models/digits.onnx', { executionProviders: ['wasm'] });
  return {
    backend: `wasm, ${ort.env.wasm.numThreads} threads`,
    async classifyBatch(frames) {
      const images = new ort.Tensor('float32', frames, [frames.length / 784, 1, 28, 28]);
      const { probabilities } = await session.run({ images });
      return probabilities.data;
    },
  };
}
