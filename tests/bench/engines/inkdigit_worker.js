import { createClassifier } from '/inkdigit/index.js';

export async function load(options) {
  const classifier = await createClassifier(options);
  const { simd, threads, precision } = classifier.backend;
  return {
    backend: `${precision}, ${simd} SIMD, ${threads} thread${threads > 1 ? 's' : ''}`,
    classifyBatch: (frames) => classifier.classifyBatch(frames),
  };
}
