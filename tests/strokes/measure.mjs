/**
 * How well recorded pen strokes are read: each drawing goes through the page's own grouping, rendering and framing, and the package.
 *
 *   node tests/strokes/measure.mjs [FILE.strokes.jsonl.gz] [--condition NAME]… [--non-digits FILE.strokes.jsonl.gz] [--weights FILE]
 *     [--browser] [--limit N] [--json]
 *
 * FILE is described in drawings.mjs, as are the conditions (default: all). Without it, pendigits-tra.strokes.jsonl.gz in the folder
 * INKDIGIT_STROKES is taken. With --non-digits, also how well that file's drawings are told from digits. It runs in Node, on
 * @napi-rs/canvas, which draws with Chromium's own library; --browser does the same in Chromium. `npm run build` comes first.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openBrowserReader } from './browser_reader.mjs';
import { conditions, fileToMeasure, placeOnPad, quit, readDrawings } from './drawings.mjs';
import { openNodeReader } from './node_reader.mjs';
import { auroc, summarise } from './statistics.mjs';

const partSize = 250; // drawings between two words of progress

/** → readings of all drawings under a condition, [{ label, writer, digit, state, confidence, energy }]. */
async function readAll(reader, drawings, condition, name) {
  const readings = [];
  for (let i = 0; i < drawings.length; i += partSize) {
    const part = drawings.slice(i, i + partSize);
    const results = await reader.read(
      part.map(({ strokes }) => placeOnPad(strokes, condition)),
      condition.lineWidth,
    );
    readings.push(...part.map(({ label, writer }, k) => ({ label, writer, ...results[k] })));
    process.stderr.write(`\r\x1b[K${name}: ${readings.length} of ${drawings.length}`);
  }
  process.stderr.write('\r\x1b[K');
  return readings;
}

const percent = (share) => `${(100 * share).toFixed(2)} %`;
const list = (groups) => groups.map(({ name, accuracy }) => `${name}: ${percent(accuracy)}`).join(', ');

function print(name, { count, accuracy, unsure, accuracyWhenSure, calibrationError, digits, writers }) {
  console.log(`${name}: ${percent(accuracy)} of ${count} right; hardest writer ${percent(writers[0].accuracy)}`);
  console.log(
    `  ${percent(unsure)} unsure, ${percent(accuracyWhenSure)} of the others right; calibration error ${percent(calibrationError)}`,
  );
  console.log(`  digits, worst first: ${list(digits)}`);
  console.log(`  hardest writers: ${list(writers.slice(0, 5))}`);
}

const { values: options, positionals } = parseArgs({
  options: {
    condition: { type: 'string', multiple: true },
    'non-digits': { type: 'string' },
    weights: { type: 'string' },
    browser: { type: 'boolean' },
    limit: { type: 'string' },
    json: { type: 'boolean' },
  },
  allowPositionals: true,
});
const file = fileToMeasure(positionals[0]);
for (const other of [options['non-digits'], options.weights]) if (other) fileToMeasure(other);
const names = options.condition ?? Object.keys(conditions);
const unknown = names.find((name) => !Object.hasOwn(conditions, name));
if (unknown) quit(`There is no condition "${unknown}". There are: ${Object.keys(conditions).join('; ')}.`);

const weights = options.weights && readFileSync(options.weights);
const reader = await (options.browser ? openBrowserReader(weights) : openNodeReader({ weights }));
const result = { file: path.basename(file), conditions: {} };
try {
  const drawings = readDrawings(file).slice(0, Number(options.limit ?? Infinity));
  for (const name of names) {
    const readings = await readAll(reader, drawings, conditions[name], name);
    const summary = summarise(readings);
    result.conditions[name] = summary;
    if (!options.json) print(name, summary);
    if (!options['non-digits'] || name !== names[0]) continue;
    const others = await readAll(reader, readDrawings(options['non-digits']), conditions[name], 'no digits');
    result.nonDigits = {
      condition: name,
      count: others.length,
      unsure: others.filter(({ state }) => state !== 'digit').length / others.length,
      auroc: auroc(
        readings.map(({ energy }) => energy),
        others.map(({ energy }) => energy),
      ),
    };
    if (options.json) continue;
    console.log(
      `no digits: ${percent(result.nonDigits.unsure)} of ${others.length} unsure; AUROC ${result.nonDigits.auroc.toFixed(4)}`,
    );
  }
} finally {
  await reader.close();
}
if (options.json) console.log(JSON.stringify(result));
