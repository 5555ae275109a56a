/**
 * How well numbers are read: digits of recorded pen strokes, put side by side (numbers.mjs), drawn on the page and as pictures of that.
 *
 *   node tests/strokes/measure_numbers.mjs [FILE.strokes.jsonl.gz] [--count 300] [--length 5] [--seed 1] [--gap=HEIGHTS]…
 *     [--misread]
 *
 * FILE and INKDIGIT_STROKES are as in measure.mjs. `--misread` lists what was read instead. `npm run build` comes first.
 */
import { parseArgs } from 'node:util';
import { fileToMeasure, readDrawings } from './drawings.mjs';
import { openNodeReader } from './node_reader.mjs';
import { chooseNumbers, writeNumber } from './numbers.mjs';
import { seededRandom } from '../seeded_random.js';

/** Between the boxes of two digits, in heights of a digit. */
const usualGaps = [0.3, 0.15, 0.05, 0, -0.05, -0.1];
/** Width of the pen in pictures, in heights of a digit. */
const penWidth = 0.09;

const { values: options, positionals } = parseArgs({
  options: {
    count: { type: 'string', default: '300' },
    length: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    gap: { type: 'string', multiple: true },
    misread: { type: 'boolean' },
  },
  allowPositionals: true,
});
const percent = (count, of) => `${((100 * count) / of).toFixed(1)} %`;

const drawings = readDrawings(fileToMeasure(positionals[0]));
const reader = await openNodeReader();
try {
  for (const gap of options.gap?.map(Number) ?? usualGaps) {
    const random = seededRandom(Number(options.seed));
    const numbers = chooseNumbers(drawings, { count: Number(options.count), length: Number(options.length), random });
    const ways = { drawn: { right: 0, split: 0, silent: 0 }, picture: { right: 0, split: 0, silent: 0 } };
    for (const { label, drawings: digits } of numbers) {
      const { strokes, height } = writeNumber(digits, { gap, random });
      for (const [way, counts] of Object.entries(ways)) {
        const read = await reader.readNumber(strokes, way === 'picture' ? penWidth * height : undefined);
        const text = read.map(({ digit }) => digit).join('');
        counts.right += text === label;
        counts.split += read.length !== digits.length;
        counts.silent += text !== label && read.every(({ state }) => state === 'digit');
        if (options.misread && text !== label) console.log(`gap ${gap}, ${way}: ${label} read as ${text}`);
      }
    }
    for (const [way, { right, split, silent }] of Object.entries(ways)) {
      console.log(
        `gap ${gap}, ${way}: ${percent(right, numbers.length)} of ${numbers.length} right; not as many digits ${percent(split, numbers.length)}; wrong without saying so ${percent(silent, numbers.length)}`,
      );
    }
  }
} finally {
  await reader.close();
}
