/**
 * Chooses the MNIST pictures that a lesson would be forgotten on first, by the margin at which the shipped weights read them. To
 * rehearse: of the training pictures that they were trained on, what is read right by the smallest margins, as many of each digit.
 * To measure: of the test pictures, what is misread or read right by the smallest margins; in ten lessons at most three of the
 * others were lost. Writes their indices to weights/replay.json. To be run after the weights have changed, and npm run format after
 * it; takes a minute or two.
 *
 *   node scripts/choose_replay.mjs
 */
import { writeFile } from 'node:fs/promises';
import { imageBytes, readMnist } from './mnist.mjs';
import { firstHeldBack, replayPerDigit } from './rehearsal.mjs';

const heldBack = 600;
const picturesPerPass = 500;

const { loadEngine } = await import('../build/package/engine.js');
const engine = await loadEngine({ precision: 'float32' }); // as lessons read

/** How a part of MNIST is read: [{ i, label, margin }]. */
function readAll({ images, labels }) {
  const readings = [];
  for (let begin = 0; begin < labels.length; begin += picturesPerPass) {
    const end = Math.min(begin + picturesPerPass, labels.length);
    const probabilities = engine.classifyBatch(
      Float32Array.from(images.subarray(begin * imageBytes, end * imageBytes), (v) => v / 255),
    );
    for (let i = begin; i < end; ++i) {
      const row = probabilities.subarray((i - begin) * 10, (i - begin + 1) * 10);
      const others = Math.max(...row.filter((_, digit) => digit !== labels[i]));
      readings.push({ i, label: labels[i], margin: Math.log(row[labels[i]] / others) });
    }
  }
  return readings;
}

const known = readAll(readMnist('train', firstHeldBack)).filter(({ margin }) => margin > 0);
const test = readAll(readMnist('t10k'));
engine.dispose();

const closest = (some, count) =>
  some
    .sort((a, b) => a.margin - b.margin)
    .slice(0, count)
    .map(({ i }) => i);
const chosen = {
  replay: Array.from({ length: 10 }, (_, digit) =>
    closest(
      known.filter(({ label }) => label === digit),
      replayPerDigit,
    ),
  )
    .flat()
    .sort((a, b) => a - b),
  heldBack: closest(test, heldBack),
};
await writeFile(new URL('../weights/replay.json', import.meta.url), `${JSON.stringify(chosen)}\n`);
console.log(`${chosen.replay.length} pictures to rehearse and ${chosen.heldBack.length} to measure by are chosen.`);
