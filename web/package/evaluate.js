// How a network does on labelled pictures.
import { readBatch } from './dataset.js';
import { inputError } from './errors.js';
import { checkLongOptions, checkNames } from './inputs.js';
import { makePace } from './pace.js';

/** Pictures at a time: enough to keep the kernels busy, few enough to keep memory small. */
const picturesPerPass = 64;

/** See EngineTrainer.evaluate in engine.d.ts. `logitsOf(images)` is the network; `dataset` has been checked. */
export async function evaluate({ logitsOf, classes }, dataset, options = {}) {
  checkLongOptions(options);
  checkNames(options, 'evaluate', ['probabilities', 'onProgress', 'signal']);
  const { probabilities = false, onProgress, signal } = options;
  const { labels } = dataset;
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong >= 0) {
    throw inputError(`dataset.labels[${wrong}]`, `a class below ${classes}`, labels[wrong]);
  }
  const count = labels.length;
  const score = makeScore(classes, probabilities ? count : 0);
  const pace = makePace({ signal });
  try {
    for (let begin = 0; begin < count; begin += picturesPerPass) {
      await pace.next();
      const indices = Array.from({ length: Math.min(picturesPerPass, count - begin) }, (_, i) => begin + i);
      score.add(logitsOf(readBatch(dataset, indices)), labels.subarray(begin, begin + indices.length));
      onProgress?.({ done: begin + indices.length, count, seconds: pace.seconds() });
    }
  } finally {
    pace.end();
  }
  return score.result();
}

/** The logarithm of the sum of logits' exponentials, nats: minus a class's logit it is the cross-entropy of that class. */
export function logSumExp(logits) {
  const largest = Math.max(...logits);
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - largest);
  return Math.log(sum) + largest;
}

/** Adds up what logits say about labels; keeps the probabilities of the first `kept` pictures. */
function makeScore(classes, kept = 0) {
  let [count, correct, lossSum] = [0, 0, 0];
  const confusion = new Uint32Array(classes * classes);
  const probabilities = kept > 0 ? new Float32Array(kept * classes) : undefined;
  return {
    add(logits, labels) {
      labels.forEach((label, n) => {
        const row = logits.subarray(n * classes, (n + 1) * classes);
        const total = logSumExp(row);
        const read = row.indexOf(Math.max(...row));
        correct += read === label;
        lossSum += total - row[label];
        confusion[label * classes + read] += 1;
        if (count < kept) row.forEach((z, c) => (probabilities[count * classes + c] = Math.exp(z - total)));
        ++count;
      });
    },
    result: () => ({
      count,
      correct,
      accuracy: correct / count,
      loss: lossSum / count,
      confusion,
      ...(probabilities && { probabilities }),
    }),
  };
}
