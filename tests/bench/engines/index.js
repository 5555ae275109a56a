/**
 * The engines that are compared, each in a file of this folder with one function:
 *
 *   load({ threads, precision, simd }) → Promise<runner>
 *     Everything a page of its own needs before its first answer, files fetched from the site included (see site.mjs for where
 *     they lie). `precision` and `simd` are for inkdigit alone. An error leaves the variant out.
 *
 *   runner.backend                      what was chosen, in words
 *   runner.classifyBatch(frames)        n×784 in 0…1, n = 1 or 64 → n×10 probabilities, or a promise of them
 *   runner.createTrainer(scope, images, labels)   'all' or 'head', one batch of 32 → { step(), dispose() }; may be absent, may throw
 *     step() takes one Adam step (learning rate 0.001, dropout 0.25 before the first dense layer and 0.5 before the last) on
 *     that batch → its loss. Scope 'head' trains the dense layers on what the convolutions gave once.
 */
const float32Builds = ['relaxed', 'baseline'].map((simd) => ({ precision: 'float32', simd }));
const int8Builds = ['relaxed', 'baseline'].map((simd) => ({ precision: 'int8', simd }));

/** `title`: for people. `builds`: variants beside those of threads. */
export const engines = [
  { name: 'inkdigit', title: 'inkdigit', builds: [...int8Builds, ...float32Builds], hasThreads: true },
  // One build of each precision is enough to see what the way to a worker and back costs.
  {
    name: 'inkdigit_worker',
    title: 'inkdigit in its worker',
    builds: [
      { precision: 'int8', simd: 'auto' },
      { precision: 'float32', simd: 'auto' },
    ],
    hasThreads: true,
  },
  { name: 'tensorflow_wasm', title: 'TensorFlow.js wasm', package: '@tensorflow/tfjs-core', hasThreads: true },
  { name: 'litert', title: 'LiteRT.js', package: '@litertjs/core', hasThreads: true },
  { name: 'onnxruntime', title: 'onnxruntime-web', package: 'onnxruntime-web', hasThreads: true },
  { name: 'jax', title: 'jax-js', package: '@jax-js/jax', hasThreads: true },
  { name: 'tensorflow_cpu', title: 'TensorFlow.js cpu', package: '@tensorflow/tfjs-core', hasThreads: false },
];
