/**
 * Chooses the pictures to rehearse while a hand is learnt that are forgotten first: of MNIST's first 55,000 training pictures, those
 * that the shipped weights read right by the smallest margin, as many of each digit. Writes their indices to
 * weights/replay.json. To be run after the weights have changed, and npm run format after it; takes a minute or two.
 *
 *   node scripts/choose_replay.mjs
 */
import { writeFile } from 'node:fs/promises';
import { readMnist } from './mnist.mjs';
import { firstHeldBack } from './rehearsal.mjs';

const perDigit = 50;
const picturesPerPass = 500;

const { loadEngine } = await import('../build/package/engine.js');
const { images, labels } = readMnist('train', firstHeldBack);
const engine = await loadEngine();
const byDigit = Array.from({ length: 10 }, () => []);
for (let begin = 0; begin < firstHeldBack; begin += picturesPerPass) {
  const end = Math.min(begin + picturesPerPass, firstHeldBack);
  const probabilities = engine.classifyBatch(
    Float32Array.from(images.subarray(begin * 784, end * 784), (v) => v / 255),
  );
  for (let i = begin; i < end; ++i) {
    const row = probabilities.subarray((i - begin) * 10, (i - begin + 1) * 10);
    const others = Math.max(...row.filter((_, digit) => digit !== labels[i]));
    const margin = Math.log(row[labels[i]] / others);
    if (margin > 0) byDigit[labels[i]].push({ i, margin });
  }
}
engine.dispose();
const indices = byDigit
  .flatMap((pictures) => pictures.sort((a, b) => a.margin - b.margin).slice(0, perDigit))
  .map(({ i }) => i)
  .sort((a, b) => a - b);
await writeFile(new URL('../weights/replay.json', import.meta.url), `${JSON.stringify(indices)}\n`);
console.log(`${indices.length} pictures to rehearse are chosen.`);
