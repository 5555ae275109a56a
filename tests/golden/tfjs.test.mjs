// Outputs and gradients of the shipped network's layers against TensorFlow.js on the same weights and images.
//
// Both compute in float32, in different orders. A sum of n products has a relative error of about
// sqrt(n)·2^-24 (rounding errors add up like a random walk; Higham, "Accuracy and Stability of
// Numerical Algorithms", section 2.8): 6e-6 for the 9,216 inputs of dense1, the longest sum of the
// forward pass, and 4e-6 for the 26·26·5 products of a gradient of conv1. The tolerance is the sum
// of both, rounded, and is relative to the tensor's largest value, since small values are
// differences of large ones. Measured: 2e-6 at most.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers'; // registers the gradients; tfjs-core's file for that is none Node can load
import { loadEngine, readMnist, toFloats } from '../package/helpers.mjs';
import { readSafetensors } from '../safetensors.js';

const tolerance = 1e-5;
const batchSize = 5;

/** The shipped network without dropout, whose random draws nobody else can repeat. */
const layers = [
  { type: 'conv2d', units: 32, kernel: 3 },
  { type: 'relu' },
  { type: 'conv2d', units: 64, kernel: 3 },
  { type: 'relu' },
  { type: 'max_pool2d' },
  { type: 'dense', units: 128 },
  { type: 'tanh' },
  { type: 'dense', units: 10 },
];

/** Our weights in TensorFlow.js's layouts: OHWI → HWIO, [out, in] → [in, out]. */
const toTfjs = (tensor) => tf.transpose(tensor, { 1: [0], 2: [1, 0], 4: [1, 2, 3, 0] }[tensor.rank]);
const fromTfjs = (tensor) => tf.transpose(tensor, { 1: [0], 2: [1, 0], 4: [3, 0, 1, 2] }[tensor.rank]);

/** Logits [N, 10], written with TensorFlow.js's operators from the description of the network. */
function logitsOf(weights, images) {
  const conv = (x, name) =>
    tf.relu(tf.add(tf.conv2d(x, weights[`${name}.weight`], 1, 'valid'), weights[`${name}.bias`]));
  const dense = (x, name) => tf.add(tf.matMul(x, weights[`${name}.weight`]), weights[`${name}.bias`]);
  const pooled = tf.maxPool(conv(conv(images, 'conv1'), 'conv2'), 2, 2, 'valid');
  return dense(tf.tanh(dense(tf.reshape(pooled, [images.shape[0], -1]), 'dense1')), 'dense2');
}

function assertClose(actual, expected, what) {
  assert.equal(actual.length, expected.length, what);
  const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  assert.ok(scale > 0, `${what}: all zero`);
  let worst = 0;
  actual.forEach((value, i) => {
    worst = Math.max(worst, Math.abs(value - expected[i]) / scale);
  });
  assert.ok(worst < tolerance, `${what}: off by ${worst.toExponential(1)} of its largest value`);
  return worst;
}

describe('against TensorFlow.js', () => {
  let engine;
  let start; // our weights file
  let images;
  let labels;
  let weights; // the same, as tensors of TensorFlow.js

  before(async () => {
    await tf.setBackend('cpu');
    engine = await loadEngine({ precision: 'float32', weights: null, threads: 1 });
    const trainer = engine.createTrainer({ layers, seed: 11 });
    // Some steps first: biases start at zero, and a net that has seen digits gives gradients of every size.
    const digits = await readMnist('train', 32);
    for (let i = 0; i < 5; ++i) trainer.step(toFloats(digits.images), digits.labels);
    start = trainer.exportWeights();
    trainer.dispose();
    ({ images, labels } = await readMnist('t10k', batchSize));
    images = toFloats(images);
    weights = Object.fromEntries(
      Object.entries(readSafetensors(start)).map(([name, { shape, values }]) => [
        name,
        toTfjs(tf.tensor(values, shape)),
      ]),
    );
  });
  after(() => engine.dispose());

  const inputs = () => tf.tensor(images, [batchSize, 28, 28, 1]);

  test('outputs agree', () => {
    engine.importWeights(start);
    const expected = tf.softmax(logitsOf(weights, inputs())).dataSync();
    const worst = assertClose(engine.classifyBatch(images), expected, 'probabilities');
    console.log(`probabilities: off by ${worst.toExponential(1)} at most`);
  });

  test('loss and gradients agree', () => {
    const names = Object.keys(weights).sort();
    const oneHot = tf.oneHot(tf.tensor1d([...labels], 'int32'), 10);
    const lossOf = (...values) => {
      const logits = logitsOf(Object.fromEntries(names.map((name, i) => [name, values[i]])), inputs());
      return tf.neg(tf.mean(tf.sum(tf.mul(tf.cast(oneHot, 'float32'), tf.logSoftmax(logits)), 1)));
    };
    const { value, grads } = tf.valueAndGrads(lossOf)(names.map((name) => weights[name]));

    // One step of plain gradient descent with learning rate 1 takes exactly the gradient off the
    // weights; the difference carries it up to a rounding of the weight, 2^-24 of it.
    const trainer = engine.createTrainer({ weights: start, optimizer: { type: 'sgd', momentum: 0 }, learningRate: 1 });
    const loss = trainer.step(images, labels);
    const [before, stepped] = [start, trainer.exportWeights()].map(readSafetensors);
    trainer.dispose();

    assert.ok(Math.abs(loss - value.dataSync()[0]) < tolerance * loss, `loss ${loss}, expected ${value.dataSync()[0]}`);
    names.forEach((name, i) => {
      const gradient = before[name].values.map((weight, k) => weight - stepped[name].values[k]);
      const worst = assertClose(gradient, fromTfjs(grads[i]).dataSync(), `gradient of ${name}`);
      console.log(`gradient of ${name}: off by ${worst.toExponential(1)} of its largest value at most`);
    });
  });
});
