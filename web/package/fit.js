// The training loop: batches from a dataset, epoch after epoch, that lets other work in between.
import { InkdigitError } from './errors.js';
import { checkCount, checkFrames, checkLabels, describe, frameSize } from './inputs.js';

/** Ranges in which `augment: true` changes pictures: small, as one hand's writing varies. */
const defaultAugment = { rotation: 10, scale: 0.1, shear: 0.1, shift: 2, elasticStrength: 0.6, elasticSmoothness: 4 };
/** After so many milliseconds of steps, messages (such as an abort) are let in. */
const yieldInterval = 30;

/**
 * See EngineTrainer.fit in engine.d.ts. `module` brings the augmentation.
 * When `signal` aborts, the trainer stands after its last whole step.
 */
export async function fit(trainer, module, dataset, options = {}) {
  const { epochs = 1, batchSize = 32, augment = false, targetLoss = 0, onProgress, signal } = options;
  checkCount(epochs, 'epochs');
  checkCount(batchSize, 'batchSize');
  if (!(targetLoss >= 0))
    throw new InkdigitError('input', `targetLoss: expected a number of 0 or more, got ${describe(targetLoss)}`);
  const readBatch = batchReader(
    module,
    checkDataset(dataset),
    augment === true ? defaultAugment : augment,
    trainer.seed,
  );
  const { labels } = dataset;
  const stepsPerEpoch = Math.ceil(labels.length / batchSize);
  const started = performance.now();
  const secondsSince = () => (performance.now() - started) / 1000;
  const pause = pauser();
  const losses = [];
  try {
    for (let epoch = 0; epoch < epochs; ++epoch) {
      const order = shuffledOrder(labels.length, trainer.seed, epoch);
      let lossSum = 0;
      for (let step = 0; step < stepsPerEpoch; ++step) {
        await pause.whenDue();
        signal?.throwIfAborted();
        const indices = order.subarray(step * batchSize, (step + 1) * batchSize);
        const loss = trainer.step(
          readBatch(indices, epoch),
          Uint8Array.from(indices, (i) => labels[i]),
        );
        lossSum += loss * indices.length;
        const done = epoch * stepsPerEpoch + step + 1;
        const seconds = secondsSince();
        const secondsLeft = (seconds / done) * (epochs * stepsPerEpoch - done);
        onProgress?.({
          epoch: epoch + 1,
          epochs,
          step: done,
          steps: epochs * stepsPerEpoch,
          loss,
          seconds,
          secondsLeft,
        });
      }
      losses.push(lossSum / labels.length);
      if (losses.at(-1) <= targetLoss) break;
    }
  } finally {
    pause.end();
  }
  return { epochs: losses.length, steps: losses.length * stepsPerEpoch, losses, seconds: secondsSince() };
}

function checkDataset({ images, labels } = {}) {
  checkLabels(labels, 'dataset.labels');
  if (!(images instanceof Uint8Array)) checkFrames(images, 'dataset.images');
  if (images.length !== frameSize * labels.length) {
    throw new InkdigitError(
      'input',
      `dataset.images: expected ${labels.length}×784 values for ${labels.length} labels, got ${images.length}`,
    );
  }
  return images;
}

/** → a function of indices and epoch that gives those pictures as Float32Array n×784 in 0…1. */
function batchReader(module, images, augment, seed) {
  const picture = (i) => images.subarray(i * frameSize, (i + 1) * frameSize);
  if (augment) {
    if (typeof augment !== 'object') {
      throw new InkdigitError('input', `augment: expected true, false or an object, got ${describe(augment)}`);
    }
    const toBytes = images instanceof Uint8Array ? (p) => p : (p) => Uint8Array.from(p, (v) => Math.round(v * 255));
    return (indices, epoch) => {
      const batch = new Float32Array(indices.length * frameSize);
      indices.forEach((i, n) => {
        batch.set(module.augment(toBytes(picture(i)), augment, seed, epoch, i), n * frameSize);
      });
      return batch;
    };
  }
  const scale = images instanceof Uint8Array ? 1 / 255 : 1;
  return (indices) => {
    const batch = new Float32Array(indices.length * frameSize);
    indices.forEach((i, n) => {
      const source = picture(i);
      for (let p = 0; p < frameSize; ++p) batch[n * frameSize + p] = source[p] * scale;
    });
    return batch;
  };
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

/** Lets waiting tasks run, without the 4 ms that browsers add to nested timers. */
function pauser() {
  const { port1, port2 } = new MessageChannel();
  let last = performance.now();
  return {
    async whenDue() {
      if (performance.now() - last < yieldInterval) return;
      await new Promise((resolve) => {
        port1.onmessage = resolve;
        port2.postMessage(null);
      });
      last = performance.now();
    },
    end: () => port1.close(),
  };
}
