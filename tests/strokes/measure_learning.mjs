/**
 * How well a hand is learnt: for each writer and digit with at least two misread drawings, some of these are corrected in one
 * fineTune, and the writer's other drawings are read again. Every lesson starts from the shipped weights.
 *
 *   node tests/strokes/measure_learning.mjs [FILE.strokes.jsonl.gz] [--condition NAME] [--writers tune|report|all] [--corrections N]
 *     [--starts N] [--test-pictures N] [--threads N] [--epochs N] [--rate X] [--scope all|head] [--max-loss X] [--json]
 *
 * Settings are chosen by the writers of `tune` (every second one), results told of those of `report` (the others, the default).
 * `--condition`: how the drawings lie on the pad, by the names of drawings.mjs (default: centred); turned ones are misread more often.
 * `--corrections`: how many misread drawings are corrected at once (default 1), of those there are, one being left to test on.
 * `--starts`: lessons for each writer and digit, with other drawings corrected (default 2). `--test-pictures`: of MNIST's test
 * pictures, how many tell what is forgotten (default 2,000). `npm run build` comes first.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readMnist } from '../../scripts/mnist.mjs';
import { conditions, placeOnPad, readDrawings, strokesFolder } from './drawings.mjs';
import { openFramer } from './node_reader.mjs';

const { values: options, positionals } = parseArgs({
  options: {
    condition: { type: 'string', default: 'centred' },
    writers: { type: 'string', default: 'report' },
    corrections: { type: 'string', default: '1' },
    starts: { type: 'string', default: '2' },
    'test-pictures': { type: 'string', default: '2000' },
    threads: { type: 'string', default: '2' },
    epochs: { type: 'string' },
    rate: { type: 'string' },
    scope: { type: 'string' },
    'max-loss': { type: 'string' },
    json: { type: 'boolean' },
  },
  allowPositionals: true,
});
const number = (name) => (options[name] === undefined ? undefined : Number(options[name]));
const lessonOptions = {
  epochs: number('epochs'),
  learningRate: number('rate'),
  scope: options.scope,
  maxLoss: number('max-loss'),
};

/** What the engine reads frames (Float32Array n×784) as. */
function readAll(engine, floats) {
  const probabilities = engine.classifyBatch(floats);
  return Array.from({ length: floats.length / 784 }, (_, n) => {
    const row = probabilities.subarray(n * 10, n * 10 + 10);
    return row.indexOf(Math.max(...row));
  });
}

function toFloats(drawings) {
  const floats = new Float32Array(drawings.length * 784);
  drawings.forEach(({ frame }, n) =>
    floats.set(
      Float32Array.from(frame, (ink) => ink / 255),
      n * 784,
    ),
  );
  return floats;
}

async function measure(engine, drawings) {
  const { images, labels } = readMnist('t10k', Number(options['test-pictures']));
  const test = { floats: Float32Array.from(images, (ink) => ink / 255), labels };
  const shipped = await engine.exportWeights();
  const countRight = (all) => readAll(engine, toFloats(all)).filter((digit, n) => digit === all[n].digit).length;
  const testRight = () => readAll(engine, test.floats).filter((digit, n) => digit === test.labels[n]).length;
  const testBefore = testRight();
  readAll(engine, toFloats(drawings)).forEach((digit, n) => (drawings[n].readAs = digit));
  const names = [...new Set(drawings.map(({ writer }) => writer))].sort();
  const chosen = names.filter((_, n) => options.writers === 'all' || (n % 2 === 0) === (options.writers === 'tune'));
  const lessons = [];
  for (const writer of chosen) {
    const own = drawings.filter((drawing) => drawing.writer === writer);
    const right = own.filter(({ digit, readAs }) => digit === readAs);
    for (let digit = 0; digit < 10; ++digit) {
      const misread = own.filter((drawing) => drawing.digit === digit && drawing.readAs !== digit);
      if (misread.length < 2) continue;
      const starts = Math.min(Number(options.starts), misread.length);
      for (let start = 0; start < starts; ++start) {
        const shift = Math.floor((start * misread.length) / starts);
        const turned = [...misread.slice(shift), ...misread.slice(0, shift)];
        const corrections = Math.min(Number(options.corrections), misread.length - 1);
        engine.importWeights(shipped);
        const samples = turned.slice(0, corrections).map(({ frame }) => ({ frame, label: digit }));
        const report = await engine.fineTune(samples, lessonOptions);
        const others = turned.slice(corrections);
        lessons.push({
          writer,
          digit,
          corrections,
          accepted: report.accepted,
          epochs: report.epochs,
          seconds: report.seconds,
          corrected: report.after.correct,
          others: others.length,
          learnt: countRight(others),
          right: right.length,
          stillRight: countRight(right),
          testLost: testBefore - testRight(),
        });
        const { learnt, seconds } = lessons.at(-1);
        process.stderr.write(
          `\r\x1b[K${lessons.length} lessons; ${writer}, ${digit}: ${learnt} of ${others.length} others, ${seconds.toFixed(2)} s`,
        );
      }
    }
  }
  process.stderr.write('\r\x1b[K');
  return summarise(lessons, test.labels.length, testBefore);
}

function summarise(lessons, testCount, testBefore) {
  const sum = (key) => lessons.reduce((total, lesson) => total + Number(lesson[key]), 0);
  const seconds = lessons.map((lesson) => lesson.seconds).sort((a, b) => a - b);
  return {
    lessons: lessons.length,
    accepted: sum('accepted'),
    corrections: sum('corrections'),
    corrected: sum('corrected'),
    others: sum('others'),
    learnt: sum('learnt'),
    mostLearnt: lessons.filter(({ learnt, others }) => 2 * learnt > others).length,
    right: sum('right'),
    stillRight: sum('stillRight'),
    test: {
      count: testCount,
      right: testBefore,
      meanLost: sum('testLost') / lessons.length,
      mostLost: Math.max(...lessons.map(({ testLost }) => testLost)),
    },
    epochs: sum('epochs') / lessons.length,
    seconds: { median: seconds[seconds.length >> 1], longest: seconds.at(-1) },
  };
}

const percent = (part, whole) => `${((100 * part) / whole).toFixed(1)} %`;

function print(result) {
  const { lessons, test } = result;
  console.log(
    `${lessons} lessons of ${(result.corrections / lessons).toFixed(1)} corrections (writers: ${options.writers}); ${result.accepted} taken`,
  );
  console.log(
    `  corrected drawings read right: ${result.corrected} of ${result.corrections} (${percent(result.corrected, result.corrections)})`,
  );
  console.log(
    `  other misread drawings of that writer and digit read right: ${result.learnt} of ${result.others} (${percent(result.learnt, result.others)}); most of them in ${result.mostLearnt} of ${lessons} lessons`,
  );
  console.log(
    `  the writer's drawings that were read right before: ${percent(result.stillRight, result.right)} still are`,
  );
  console.log(
    `  MNIST test, ${test.count} pictures: ${percent(test.right, test.count)} before; ${((100 * test.meanLost) / test.count).toFixed(3)} points lost in the mean, ${((100 * test.mostLost) / test.count).toFixed(2)} at most`,
  );
  console.log(
    `  ${result.epochs.toFixed(1)} steps; ${result.seconds.median.toFixed(2)} s in the median, ${result.seconds.longest.toFixed(2)} s at most`,
  );
}

/** The conditions under which strokes are read, not pictures of the pad. */
const drawn = Object.keys(conditions).filter((name) => conditions[name].lineWidth === undefined);
const file = positionals[0] ?? path.join(strokesFolder, 'pendigits-tra.strokes.jsonl.gz');
if (!existsSync(file)) {
  console.error(`There is no file ${file}. Name a file of strokes, or their folder in INKDIGIT_STROKES.`);
  process.exitCode = 1;
} else if (!drawn.includes(options.condition)) {
  console.error(`There is no condition "${options.condition}" of drawings. There are: ${drawn.join('; ')}.`);
  process.exitCode = 1;
} else {
  const { engine, frameOf } = await openFramer(Number(options.threads));
  try {
    const drawings = readDrawings(file).map(({ label, writer, strokes }) => ({
      digit: Number(label),
      writer,
      frame: frameOf(placeOnPad(strokes, conditions[options.condition])),
    }));
    const result = await measure(engine, drawings);
    if (options.json) console.log(JSON.stringify(result));
    else print(result);
  } finally {
    engine.dispose();
  }
}
