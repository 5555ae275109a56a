// The training loop: batches from a dataset, epoch after epoch, that lets other work in between.
import { readAugment, readBatch, readChangedBatch } from './dataset.js';
import { InkdigitError, inputError } from './errors.js';
import { checkCount, checkLongOptions, checkNames, describe } from './inputs.js';
import { makePace } from './pace.js';

const optionNames = ['epochs', 'firstEpoch', 'batchSize', 'augment', 'targetLoss', 'onProgress', 'signal'];

const divergedText =
  'The training has diverged: its loss is no number any more, as the weights have grown without bounds. Train anew with a smaller learningRate.';

/**
 * See EngineTrainer.fit in engine.d.ts. `trainer` steps; `dataset` has been checked; `augment(bytes, ranges, epoch, indices)`
 * changes pictures; work waits at `gate` while it is closed.
 * When `signal` aborts, the trainer stands after its last whole step.
 */
export async function fit({ trainer, augment, gate }, dataset, options = {}) {
  checkLongOptions(options);
  checkNames(options, 'fit', optionNames);
  const { epochs = 1, firstEpoch = 0, batchSize = 32, targetLoss = 0, onProgress, signal } = options;
  checkCount(epochs, 'epochs');
  checkCount(batchSize, 'batchSize');
  if (!(Number.isSafeInteger(firstEpoch) && firstEpoch >= 0)) {
    throw inputError('firstEpoch', 'a whole number of 0 or more', describe(firstEpoch));
  }
  if (!(targetLoss >= 0)) throw inputError('targetLoss', 'a number of 0 or more', describe(targetLoss));
  const ranges = readAugment(options.augment);
  const { labels } = dataset;
  const stepsPerEpoch = Math.ceil(labels.length / batchSize);
  const steps = epochs * stepsPerEpoch;
  const losses = [];
  const pace = makePace({ gate, signal });
  try {
    for (let epoch = firstEpoch; epoch < firstEpoch + epochs; ++epoch) {
      const order = shuffledOrder(labels.length, trainer.seed, epoch);
      let lossSum = 0;
      for (let step = 0; step < stepsPerEpoch; ++step) {
        await pace.next();
        const indices = order.subarray(step * batchSize, (step + 1) * batchSize);
        const images = ranges
          ? readChangedBatch(dataset, indices, (bytes) => augment(bytes, ranges, epoch, indices))
          : readBatch(dataset, indices);
        const loss = trainer.step(
          images,
          Uint8Array.from(indices, (i) => labels[i]),
        );
        lossSum += loss * indices.length;
        const done = losses.length * stepsPerEpoch + step + 1;
        const seconds = pace.seconds();
        const secondsLeft = (seconds / done) * (steps - done);
        onProgress?.({ epoch: epoch + 1, epochs: firstEpoch + epochs, step: done, steps, loss, seconds, secondsLeft });
        if (!Number.isFinite(loss)) throw new InkdigitError('input', divergedText);
      }
      losses.push(lossSum / labels.length);
      if (losses.at(-1) <= targetLoss) break;
    }
  } finally {
    pace.end();
  }
  return { epochs: losses.length, steps: losses.length * stepsPerEpoch, losses, seconds: pace.seconds() };
}

/** A permutation of 0…count-1 that depends on seed and epoch alone (Fisher and Yates; mulberry32). */
function shuffledOrder(count, seed, epoch) {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(epoch + 1, 0x85ebca77)) >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; --i) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
