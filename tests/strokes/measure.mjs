/**
 * How well recorded pen strokes are read: each drawing goes through the page's own rendering and the package, in Chromium.
 *
 *   node tests/strokes/measure.mjs [FILE.strokes.jsonl.gz] [--json]
 *
 * FILE has a drawing a line: {"label":"7","writer":"…","strokes":[[[x,y],…],…]}, y downwards. Without it, the file
 * pendigits-tra.strokes.jsonl.gz in the folder INKDIGIT_STROKES is taken. The site must have been built (npm run build).
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { launchBrowser, serveSite } from '../browser/support.mjs';

const defaultFolder = fileURLToPath(new URL('../../../shared/data/strokes', import.meta.url));
const share = 0.7; // of the pad that the longer side of a drawing takes

function readDrawings(file) {
  return gunzipSync(readFileSync(file))
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** Strokes in source units → points of the pad (0…1), centred. */
function placeOnPad(strokes) {
  const points = strokes.flat();
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const scale = share / Math.max(right - left, bottom - top, 1e-9);
  return strokes.map((stroke) =>
    stroke.map(([x, y]) => ({
      x: 0.5 + (x - (left + right) / 2) * scale,
      y: 0.5 + (y - (top + bottom) / 2) * scale,
      pressure: 0.5,
    })),
  );
}

/** In the page: what is made of each drawing, [{ digit, state, confidence }]. */
async function readInPage(drawings) {
  const { renderForClassifier } = await import('/stroke_renderer.js');
  const { createClassifier } = await import('/inkdigit/index.js');
  const classifier = await createClassifier({ threads: 1 });
  const readings = [];
  for (const strokes of drawings) {
    const { digit, state, confidence } = await classifier.classify(renderForClassifier(strokes));
    readings.push({ digit, state, confidence });
  }
  classifier.dispose();
  return readings;
}

/** Counts by `key` of a drawing: [{ name, count, correct, accuracy }], worst first. */
function groupBy(drawings, key) {
  const groups = new Map();
  for (const drawing of drawings) {
    const group = groups.get(drawing[key]) ?? { name: drawing[key], count: 0, correct: 0 };
    group.count += 1;
    group.correct += drawing.correct;
    groups.set(drawing[key], group);
  }
  return [...groups.values()]
    .map((group) => ({ ...group, accuracy: group.correct / group.count }))
    .sort((a, b) => a.accuracy - b.accuracy);
}

async function measure(file) {
  const drawings = readDrawings(file);
  const site = await serveSite();
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(site.url);
    for (let i = 0; i < drawings.length; i += 500) {
      const part = drawings.slice(i, i + 500);
      const readings = await page.evaluate(
        readInPage,
        part.map(({ strokes }) => placeOnPad(strokes)),
      );
      part.forEach((drawing, k) =>
        Object.assign(drawing, readings[k], { correct: String(readings[k].digit) === drawing.label }),
      );
      process.stderr.write(`\r${Math.min(i + 500, drawings.length)} of ${drawings.length}`);
    }
    process.stderr.write('\n');
  } finally {
    await browser.close();
    await site.close();
  }
  const correct = drawings.filter((drawing) => drawing.correct).length;
  return {
    file: path.basename(file),
    count: drawings.length,
    correct,
    accuracy: correct / drawings.length,
    unsure: drawings.filter(({ state }) => state === 'unsure').length,
    digits: groupBy(drawings, 'label'),
    writers: groupBy(drawings, 'writer'),
  };
}

const percent = (share) => `${(100 * share).toFixed(2)} %`;

const { values, positionals } = parseArgs({ options: { json: { type: 'boolean' } }, allowPositionals: true });
const file =
  positionals[0] ?? path.join(process.env.INKDIGIT_STROKES ?? defaultFolder, 'pendigits-tra.strokes.jsonl.gz');
if (!existsSync(file)) {
  console.error(`There are no strokes at ${file}. Name a file, or a folder in INKDIGIT_STROKES.`);
  process.exitCode = 1;
} else {
  const result = await measure(file);
  if (values.json) {
    console.log(JSON.stringify(result));
  } else {
    console.log(
      `${result.file}: ${result.correct} of ${result.count} right, ${percent(result.accuracy)}; ${result.unsure} unsure`,
    );
    for (const [title, groups] of [
      ['digit', result.digits],
      ['writer', result.writers],
    ]) {
      console.log(
        `by ${title}, worst first: ${groups.map(({ name, accuracy }) => `${name}: ${percent(accuracy)}`).join(', ')}`,
      );
    }
  }
}
