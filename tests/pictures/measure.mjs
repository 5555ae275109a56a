/**
 * How well pictures are read that are not framed as MNIST's: its held-back pictures cut out to the ends of their strokes, at other
 * resolutions, enlarged, in other colours; and photographs of them, made by photographs.mjs.
 *
 *   node tests/pictures/measure.mjs [--condition NAME]… [--table FILE] [--count N] [--weights FILE] [--json]
 *
 * With --table, the pictures of that file instead: a square of levels of ink and the digit in each line, separated by commas, perhaps
 * gzipped (UCI 80, "Optical Recognition of Handwritten Digits", as scikit-learn has it too). `npm run build` comes first.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadReader } from '../../build/package/reader.js';
import { openCamera, photographs } from './photographs.mjs';
import {
  cutOut,
  enlargeBySquares,
  enlargeSmoothly,
  heldBackPictures,
  inColours,
  picturesOfTable,
  scanAt,
} from './scans.mjs';

const lightOnDark = { ink: 255, paper: 0 };
let camera; // opened for the first photograph
const photograph = async (...what) => (await (camera ??= openCamera()))(...what);
const conditions = {
  'as it is': (picture) => inColours(picture),
  'cut out': (picture) => inColours(cutOut(picture)),
  'cut out, 16 pixels': (picture) => inColours(scanAt(cutOut(picture), 16), lightOnDark),
  'cut out, 8 pixels': (picture) => inColours(scanAt(cutOut(picture), 8), lightOnDark),
  'cut out, 14 times, squares': (picture) => inColours(enlargeBySquares(cutOut(picture), 14)),
  'cut out, 8 times, smooth': (picture) => inColours(enlargeSmoothly(cutOut(picture), 8)),
  'cut out, 8 times, smooth, light on dark': (picture) => inColours(enlargeSmoothly(cutOut(picture), 8), lightOnDark),
  'cut out, 8 times, smooth, noisy': (picture) => inColours(enlargeSmoothly(cutOut(picture), 8), { noise: 4 }),
  'cut out, 8 pixels, 16 times, smooth': (picture) => inColours(enlargeSmoothly(scanAt(cutOut(picture), 8), 16)),
  ...Object.fromEntries(
    Object.entries(photographs).map(([name, how]) => [
      `photograph: ${name}`,
      (picture, i) => photograph(cutOut(picture), how, i),
    ]),
  ),
};

const { values: options } = parseArgs({
  options: {
    condition: { type: 'string', multiple: true },
    table: { type: 'string' },
    count: { type: 'string', default: '1000' },
    weights: { type: 'string' },
    json: { type: 'boolean' },
  },
});
const count = Number(options.count);
const pictures = options.table ? picturesOfTable(options.table, count) : heldBackPictures(count);
const names = options.condition ?? Object.keys(conditions);
const unknown = names.find((name) => !Object.hasOwn(conditions, name));
if (unknown) {
  console.error(`There is no condition "${unknown}". There are: ${Object.keys(conditions).join('; ')}.`);
  process.exit(1);
}
const reader = await loadReader({ weights: options.weights && readFileSync(options.weights) });
const result = {};
for (const name of names) {
  const readings = [];
  for (const [i, picture] of pictures.entries()) {
    readings.push({ ...reader.classify(await conditions[name](picture, i)), label: picture.label });
  }
  const share = (test) => readings.filter(test).length / readings.length;
  result[name] = {
    right: share(({ digit, label }) => digit === label),
    unsure: share(({ state }) => state !== 'digit'),
    wrongAndSure: share(({ state, digit, label }) => state === 'digit' && digit !== label),
  };
  if (options.json) continue;
  const [right, unsure, wrong] = Object.values(result[name]).map((part) => `${(100 * part).toFixed(1)} %`);
  console.log(`${name}: ${right} of ${readings.length} right, ${unsure} unsure, ${wrong} wrong without saying so`);
}
reader.dispose();
if (options.json) console.log(JSON.stringify(result));
