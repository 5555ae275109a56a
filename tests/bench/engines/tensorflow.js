// The network in TensorFlow.js, on whatever backend was chosen.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js'; // a bundler leaves them out otherwise
import { readSafetensors } from '../../safetensors.js';

export async function loadNetwork() {
  await tf.ready();
  const tensors = readSafetensors(await (await fetch('/inkdigit/weights/inkdigit.safetensors')).arrayBuffer());
  const tensor = (key) => tf.tensor(tensors[key].values, tensors[key].shape);
  // Ours are [O, H, W, I] and [out, in]; theirs [H, W, I, O] and [in, out].
  const kernel = (key) => tf.tidy(() => tf.transpose(tensor(key), [1, 2, 3, 0]));
  const matrix = (key) => tf.tidy(() => tf.transpose(tensor(key)));
  const network = {
    conv1: { weights: kernel('conv1.weight'), bias: tensor('conv1.bias') },
    conv2: { weights: kernel('conv2.weight'), bias: tensor('conv2.bias') },
    dense1: { weights: matrix('dense1.weight'), bias: tensor('dense1.bias') },
    dense2: { weights: matrix('dense2.weight'), bias: tensor('dense2.bias') },
  };
  return {
    backend: tf.getBackend(),
    async classifyBatch(frames) {
      const probabilities = tf.tidy(() => tf.softmax(head(network, features(network, frames))));
      const values = await probabilities.data();
      probabilities.dispose();
      return values;
    },
    createTrainer: (...batch) => createTrainer(network, ...batch),
  };
}

function features({ conv1, conv2 }, frames) {
  const convolve = (x, { weights, bias }) =>
    tf.fused.conv2d({ x, filter: weights, strides: 1, pad: 'valid', bias, activation: 'relu' });
  const images = tf.tensor4d(frames, [frames.length / 784, 28, 28, 1]);
  return tf.reshape(tf.maxPool(convolve(convolve(images, conv1), conv2), 2, 2, 'valid'), [-1, 9216]);
}

function head({ dense1, dense2 }, x, dropout = (y) => y) {
  const hidden = tf.tanh(tf.add(tf.matMul(dropout(x, 0.25), dense1.weights), dense1.bias));
  return tf.add(tf.matMul(dropout(hidden, 0.5), dense2.weights), dense2.bias);
}

async function createTrainer(network, scope, images, labels) {
  const trained = scope === 'head' ? ['dense1', 'dense2'] : ['conv1', 'conv2', 'dense1', 'dense2'];
  const copy = { ...network };
  for (const name of trained) {
    copy[name] = { weights: tf.variable(network[name].weights), bias: tf.variable(network[name].bias) };
  }
  const variables = trained.flatMap((name) => Object.values(copy[name]));
  const targets = tf.oneHot(tf.tensor1d([...labels], 'int32'), 10);
  const kept = scope === 'head' ? tf.tidy(() => features(copy, images)) : undefined;
  const optimizer = tf.train.adam(0.001);
  const loss = () => tf.losses.softmaxCrossEntropy(targets, head(copy, kept ?? features(copy, images), tf.dropout));
  return {
    async step() {
      const cost = optimizer.minimize(loss, true, variables);
      const [value] = await cost.data();
      cost.dispose();
      return value;
    },
    dispose: () => tf.dispose([variables, targets, kept, optimizer]),
  };
}
