/**
 * How well numbers are read that are written into printed forms (forms.mjs), by digits of recorded pen strokes.
 *
 *   node tests/pictures/measure_forms.mjs [FILE.strokes.jsonl.gz] [--form NAME]… [--count 100] [--length 5] [--seed 1] [--misread]
 *
 * FILE and INKDIGIT_STROKES are as in tests/strokes/measure.mjs. `--misread` lists what was read instead. `npm run build` comes first.
 */
import { parseArgs } from 'node:util';
import { loadReader } from '../../build/package/reader.js';
import { seededRandom } from '../seeded_random.js';
import { fileToMeasure, readDrawings } from '../strokes/drawings.mjs';
import { chooseNumbers } from '../strokes/numbers.mjs';
import { forms, openPress } from './forms.mjs';

const { values: options, positionals } = parseArgs({
  options: {
    form: { type: 'string', multiple: true },
    count: { type: 'string', default: '100' },
    length: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    misread: { type: 'boolean' },
  },
  allowPositionals: true,
});
const names = options.form ?? Object.keys(forms);
const unknown = names.find((name) => !Object.hasOwn(forms, name));
if (unknown) {
  console.error(`There is no form "${unknown}". There are: ${Object.keys(forms).join('; ')}.`);
  process.exit(1);
}
const percent = (count, of) => `${((100 * count) / of).toFixed(1)} %`;

const drawings = readDrawings(fileToMeasure(positionals[0]));
const [reader, press] = await Promise.all([loadReader(), openPress()]);
for (const name of names) {
  const random = seededRandom(Number(options.seed));
  const numbers = chooseNumbers(drawings, { count: Number(options.count), length: Number(options.length), random });
  const counts = { right: 0, split: 0, silent: 0 };
  for (const { label, drawings: digits } of numbers) {
    const read = reader.classifyAll(await press(digits, forms[name], random));
    const text = read.map(({ digit }) => digit).join('');
    counts.right += text === label;
    counts.split += read.length !== digits.length;
    counts.silent += text !== label && read.every(({ state }) => state === 'digit');
    if (options.misread && text !== label) console.log(`${name}: ${label} read as ${text}`);
  }
  const [right, split, silent] = Object.values(counts).map((count) => percent(count, numbers.length));
  console.log(
    `${name}: ${right} of ${numbers.length} right; not as many digits ${split}; wrong without saying so ${silent}`,
  );
}
reader.dispose();
