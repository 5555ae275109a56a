import * as tf from '@tensorflow/tfjs-core';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

export const name = 'TensorFlow.js wasm';
export const version = tf.version_core;

export async function load({ tensors, threads }) {
  setWasmPaths('/tfjs/');
  setThreadsCount(threads);
  await tf.setBackend('wasm');
  await tf.ready();
  const tensor = (key) => tf.tensor(tensors[key].values, tensors[key].shape);
  // Ours are [O, H, W, I] and [out, in]; theirs [H, W, I, O] and [in, out].
  const kernel = (key) => tf.tidy(() => tf.transpose(tensor(key), [1, 2, 3, 0]));
  const matrix = (key) => tf.tidy(() => tf.transpose(tensor(key)));
  const conv1 = { filter: kernel('conv1.weight'), bias: tensor('conv1.bias') };
  const conv2 = { filter: kernel('conv2.weight'), bias: tensor('conv2.bias') };
  const dense1 = { weights: matrix('dense1.weight'), bias: tensor('dense1.bias') };
  const dense2 = { weights: matrix('dense2.weight'), bias: tensor('dense2.bias') };
  const convolve = (x, { filter, bias }) =>
    tf.fused.conv2d({ x, filter, strides: 1, pad: 'valid', bias, activation: 'relu' });

  const forward = (frames) =>
    tf.tidy(() => {
      const images = tf.tensor4d(frames, [frames.length / 784, 28, 28, 1]);
      const pooled = tf.maxPool(convolve(convolve(images, conv1), conv2), 2, 2, 'valid');
      const features = tf.reshape(pooled, [-1, 9216]);
      const hidden = tf.tanh(tf.add(tf.matMul(features, dense1.weights), dense1.bias));
      return tf.softmax(tf.add(tf.matMul(hidden, dense2.weights), dense2.bias));
    });
  return {
    async classifyBatch(frames) {
      const probabilities = forward(frames);
      const values = await probabilities.data();
      probabilities.dispose();
      return values;
    },
  };
}
