// One lesson: a copy of the weights learns a person's hand from a few labelled drawings, among pictures it has long known.
// What it costs on pictures held back is measured, and a lesson that costs too much is not taken.
import { readBatch, readChangedBatch, readAugment } from './dataset.js';
import { inputError } from './errors.js';
import { logSumExp } from './evaluate.js';
import { FeatureStore } from './features.js';
import { checkCount, checkPositive, checkScope, describe } from './inputs.js';
import { makePace } from './pace.js';
import { frameSize } from './shapes.js';

/** Of a batch: variations of the samples, and pictures to rehearse. */
const sampleSlots = 6;
const replaySlots = 26;
/** A sample whose loss is above this (nats) is still to be learnt, and practised before the others. */
const learntLoss = 0.3;
/** It is learnt when variations of the samples reach this mean loss, nats; looked at every few steps. */
const targetLoss = 0.01;
const stepsBetweenLooks = 4;
/** How far to go from the old weights to the new: the first that costs little enough on pictures held back is taken. */
const shares = [1, 0.8, 0.6, 0.45, 0.3];
const picturesPerPass = 50;

/**
 * `makeTrainer(learningRate, scope)` gives a trainer of a copy of the weights: { toInputs, step, logits, remember, blend, save,
 * classes, delete }. toInputs(images) gives what the layers that learn take for pictures, n×784, which step and logits are given;
 * blend(share) leaves so much of the way from the weights that remember() kept to those there are;
 * `known` remembers, for the weights it was asked about last, what the held-back pictures are read as, and the features of the
 * pictures to rehearse.
 * → { report, weights, known }, where weights are null if the lesson is not taken; `known` is that of these weights.
 */
export async function learn({ makeTrainer, augment, rehearsal, known }, samples, options) {
  const { epochs, learningRate, scope, maxLoss } = readOptions(options);
  const { onProgress, signal } = options;
  const pace = makePace({ signal });
  const trainer = makeTrainer(learningRate, scope);
  try {
    trainer.remember();
    const { replay, heldBack } = withInputs(rehearsal, trainer, scope, known);
    const before = await readAll(trainer, samples, pace);
    const heldBackBefore = (known.readings ??= await readAll(trainer, heldBack, pace));
    const ran = await practise({
      trainer,
      augment,
      samples,
      replay,
      epochs,
      lossesBefore: before.losses,
      pace,
      onProgress,
    });

    const { accepted, after, heldBackAfter } = await chooseShare(
      { trainer, samples, heldBack, maxLoss, pace },
      { before, heldBackBefore },
    );
    const score = ({ correct, loss }) => ({ correct, loss });
    const accuracy = ({ correct }) => correct / heldBack.of;
    const weights = accepted ? trainer.save() : null;
    const report = {
      accepted,
      samples: samples.labels.length,
      epochs: ran,
      before: score(before),
      after: score(after),
      heldBack: { count: heldBack.of, before: accuracy(heldBackBefore), after: accuracy(heldBackAfter) },
      seconds: pace.seconds(),
    };
    // What comes before a head is as it was.
    const features = scope === 'head' ? known.features : undefined;
    return { report, weights, known: weights ? { weights, readings: heldBackAfter, features } : known };
  } finally {
    trainer.delete();
    pace.end();
  }
}

/**
 * Goes back from the new weights towards the old until the pictures held back are read well enough: → { accepted, after,
 * heldBackAfter }, readings as of readAll(); those from before if there is no such share of the way.
 */
async function chooseShare({ trainer, samples, heldBack, maxLoss, pace }, { before, heldBackBefore }) {
  const { margins, correct } = heldBackBefore;
  const order = [...margins.keys()].sort((a, b) => margins[a] - margins[b]);
  const fewest = correct - (maxLoss / 100) * heldBack.of - 1e-6;
  for (const [i, share] of shares.entries()) {
    if (i > 0) trainer.blend(share / shares[i - 1]); // of what is left
    const after = await readAll(trainer, samples, pace);
    // What was known before need not get any surer. And where this share teaches nothing, a smaller one does not either.
    if (!(after.loss < Math.max(before.loss, targetLoss) && after.correct >= before.correct)) break;
    const heldBackAfter = await readAll(trainer, heldBack, pace, { order, fewest });
    if (heldBackAfter) return { accepted: true, after, heldBackAfter };
  }
  return { accepted: false, after: before, heldBackAfter: heldBackBefore };
}

/** Reads, for lessons to come on these weights, what the first of them would have to read. Takes what learn() takes. */
export async function prepareToLearn({ makeTrainer, rehearsal, known }, { signal }) {
  const { learningRate, scope } = readOptions({});
  const pace = makePace({ signal });
  const trainer = makeTrainer(learningRate, scope);
  try {
    const { replay, heldBack } = withInputs(rehearsal, trainer, scope, known);
    known.readings ??= await readAll(trainer, heldBack, pace);
    await readAll(trainer, replay, pace); // its features are kept
  } finally {
    trainer.delete();
    pace.end();
  }
}

/**
 * The datasets to rehearse. For a head each has `inputsOf(indices)`: what it takes for these pictures, which is kept, since it is
 * shown the same ones again and again.
 */
function withInputs({ replay, heldBack }, trainer, scope, known) {
  if (scope !== 'head') return { replay, heldBack };
  known.features ??= { replay: new FeatureStore(replay), heldBack: new FeatureStore(heldBack) };
  const withStore = (dataset, store) => ({ ...dataset, inputsOf: (indices) => store.of(indices, trainer.toInputs) });
  return {
    replay: withStore(replay, known.features.replay),
    heldBack: withStore(heldBack, known.features.heldBack),
  };
}

const inputsOf = (trainer, dataset, indices) =>
  dataset.inputsOf?.(indices) ?? trainer.toInputs(readBatch(dataset, indices));

/**
 * The defaults were chosen by lessons to half of the writers of recorded strokes; tests/strokes/measure_learning.mjs tells what
 * the others gain.
 */
function readOptions({ epochs = 40, learningRate = 8e-4, scope = 'head', maxLoss = 0.1 }) {
  checkCount(epochs, 'epochs');
  checkPositive(learningRate, 'learningRate');
  checkScope(scope);
  if (!(maxLoss >= 0)) throw inputError('maxLoss', 'points of 0 or more', describe(maxLoss));
  return { epochs, learningRate, scope, maxLoss };
}

/** Takes steps until the samples are learnt, or `epochs` are over: → how many. */
async function practise({ trainer, augment, samples, replay, epochs, lossesBefore, pace, onProgress }) {
  const { pick, all } = makePicker(lossesBefore);
  const ranges = readAugment(true);
  const vary = (indices, round) =>
    readChangedBatch(samples, indices, (bytes, keys) => augment(bytes, ranges, round, keys));
  const stride = 617; // prime to the number of replay pictures, so that all have their turn
  for (let step = 0; step < epochs; ++step) {
    await pace.next();
    const picked = Uint32Array.from({ length: sampleSlots }, (_, n) => pick(step, n));
    // A picture may come twice in a batch, but not in the same variation.
    const varied = trainer.toInputs(varyEach(vary, picked, step));
    const rehearsed = Uint32Array.from(
      { length: replaySlots },
      (_, n) => ((step * replaySlots + n) * stride) % replay.labels.length,
    );
    const familiar = inputsOf(trainer, replay, rehearsed);
    const inputs = new Float32Array(varied.length + familiar.length);
    inputs.set(varied);
    inputs.set(familiar, varied.length);
    const labels = Uint8Array.of(...labelsOf(samples, picked), ...labelsOf(replay, rehearsed));
    const loss = trainer.step(inputs, labels);
    const seconds = pace.seconds();
    const done = step + 1;
    const secondsLeft = (seconds / done) * (epochs - done);
    onProgress?.({ epoch: done, epochs, step: done, steps: epochs, loss, seconds, secondsLeft });
    if (done % stepsBetweenLooks !== 0 || done === epochs) continue;
    const looked = Uint32Array.from({ length: 2 * sampleSlots }, (_, n) => turn(all, n));
    const logits = trainer.logits(trainer.toInputs(varyEach(vary, looked, step + epochs)));
    if (meanLoss(logits, labelsOf(samples, looked), trainer.classes()) <= targetLoss) return done;
  }
  return epochs;
}

const turn = (list, n) => list[n % list.length];

/**
 * By the losses that the samples have before the lesson: → { pick(step, n): the sample for the n-th slot of a step, all: their
 * indices, worst first }.
 */
function makePicker(losses) {
  const all = [...losses.keys()].sort((a, b) => losses[b] - losses[a]);
  const unlearnt = all.filter((i) => losses[i] > learntLoss);
  const learnt = all.filter((i) => losses[i] <= learntLoss);
  // What is not learnt yet is practised most, but the rest is not dropped: nothing else may know a symbol.
  const learntSlots = unlearnt.length === 0 ? sampleSlots : learnt.length === 0 ? 0 : sampleSlots / 3;
  const pick = (step, n) =>
    n < learntSlots
      ? turn(learnt, step * learntSlots + n)
      : turn(unlearnt, step * (sampleSlots - learntSlots) + n - learntSlots);
  return { pick, all };
}

const labelsOf = (dataset, indices) => Uint8Array.from(indices, (i) => dataset.labels[i]);

/** Of rows of logits: the mean cross-entropy, in nats. */
function meanLoss(logits, labels, classes) {
  const losses = Array.from(labels, (label, n) => {
    const row = logits.subarray(n * classes, (n + 1) * classes);
    return logSumExp(row) - row[label];
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / labels.length;
}

/** Variations of these pictures, each another one even where a picture comes twice. */
function varyEach(vary, indices, round) {
  const varied = new Float32Array(indices.length * frameSize);
  const seen = new Map();
  indices.forEach((i, n) => {
    const time = seen.get(i) ?? 0;
    seen.set(i, time + 1);
    varied.set(vary(Uint32Array.of(i), round * indices.length + time), n * frameSize);
  });
  return varied;
}

/**
 * How pictures are read: → { correct, loss, losses, margins }. `correct` counts each picture by its weight. A margin is by how
 * much the label's logit is above all others. With `fewest`, null as soon as it is clear that fewer than so many are right:
 * those that were misread before come first in `order`.
 */
async function readAll(trainer, dataset, pace, { order, fewest } = {}) {
  const { labels, weights } = dataset;
  const classes = trainer.classes();
  const count = labels.length;
  const weightOf = (i) => weights?.[i] ?? 1;
  const margins = new Float32Array(count);
  const losses = new Float32Array(count);
  let correct = labels.reduce((sum, _, i) => sum + weightOf(i), 0);
  for (let begin = 0; begin < count; begin += picturesPerPass) {
    await pace.next();
    const length = Math.min(picturesPerPass, count - begin);
    const indices = Uint32Array.from({ length }, (_, n) => order?.[begin + n] ?? begin + n);
    const logits = trainer.logits(inputsOf(trainer, dataset, indices));
    indices.forEach((i, n) => {
      const row = logits.subarray(n * classes, (n + 1) * classes);
      const own = row[labels[i]];
      const others = row.reduce((most, logit, c) => (c === labels[i] ? most : Math.max(most, logit)), -Infinity);
      margins[i] = own - others;
      losses[i] = logSumExp(row) - own;
      if (!(own > others)) correct -= weightOf(i);
    });
    if (fewest !== undefined && correct < fewest) return null;
  }
  return { correct, loss: losses.reduce((sum, loss) => sum + loss, 0) / count, losses, margins };
}
