/**
 * How well a hand is learnt: for each writer and digit with at least two misread drawings, some of these are corrected one after
 * another, as on the page (a lesson each, beside those that were taken before; what is read right by then needs none), and the
 * writer's other drawings are read again. Every writer and digit starts from the shipped weights.
 *
 *   node tests/strokes/measure_learning.mjs [FILE.strokes.jsonl.gz] [--condition NAME] [--writers tune|report|all] [--corrections N]
 *     [--starts N] [--test-pictures N] [--threads N] [--epochs N] [--rate X] [--scope all|head] [--max-loss X] [--json]
 *
 * Settings are chosen by the writers of `tune` (every second one), results told of those of `report` (the others, the default).
 * `--condition`: how the drawings lie on the pad, by the names of drawings.mjs (default: centred); turned ones are misread more often.
 * `--corrections`: how many misread drawings are corrected (default 1), of those there are, one being left to test on.
 * `--starts`: how often for each writer and digit, with other drawings corrected (default 2). `--test-pictures`: of MNIST's test
 * pictures, how many tell what is forgotten (default 2,000). `npm run build` comes first.
 */
import { parseArgs } from 'node:util';
import { readMnist } from '../../scripts/mnist.mjs';
import { countCorrect, toFloats } from '../package/helpers.mjs';
import { conditions, fileToMeasure, placeOnPad, quit, readDrawings } from './drawings.mjs';
import { openNodeReader } from './node_reader.mjs';
import { emptyBook, lessonSamples, withSamples } from '../../web/page/learning/lesson_book.js';

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
if (!['tune', 'report', 'all'].includes(options.writers)) quit('--writers: tune, report or all.');
const number = (name) => (options[name] === undefined ? undefined : Number(options[name]));
const lessonOptions = {
  epochs: number('epochs'),
  learningRate: number('rate'),
  scope: options.scope,
  maxLoss: number('max-loss'),
};

async function measure({ engine, read, frameOf }, drawings) {
  const test = readMnist('t10k', Number(options['test-pictures']));
  const testFrames = toFloats(test.images);
  const countTestRight = () => countCorrect(engine.classifyBatch(testFrames), test.labels);
  const shipped = await engine.exportWeights();
  const readings = (some) => read(some.map(({ strokes }) => strokes));
  const isRight = ({ digit }, { digit: wanted }) => digit === wanted;
  const countRight = async (some) => (await readings(some)).filter((reading, n) => isRight(reading, some[n])).length;
  const testBefore = countTestRight();
  const names = [...new Set(drawings.map(({ writer }) => writer))].sort();
  const chosen = names.filter((_, n) => options.writers === 'all' || (n % 2 === 0) === (options.writers === 'tune'));
  const courses = [];
  for (const writer of chosen) {
    engine.importWeights(shipped);
    const own = drawings.filter((drawing) => drawing.writer === writer);
    (await readings(own)).forEach((reading, n) => (own[n].before = reading));
    const right = own.filter((drawing) => isRight(drawing.before, drawing));
    // What was taken for a number is not asked about as one digit.
    const wrong = own.filter((drawing) => drawing.before.digit !== null && !isRight(drawing.before, drawing));
    for (let digit = 0; digit < 10; ++digit) {
      const misread = wrong.filter((drawing) => drawing.digit === digit);
      if (misread.length < 2) continue;
      const starts = Math.min(Number(options.starts), misread.length);
      for (let start = 0; start < starts; ++start) {
        const shift = Math.floor((start * misread.length) / starts);
        const turned = [...misread.slice(shift), ...misread.slice(0, shift)];
        const count = Math.min(Number(options.corrections), misread.length - 1);
        const [corrected, others] = [turned.slice(0, count), turned.slice(count)];
        engine.importWeights(shipped);
        const lessons = await correct({ engine, read, frameOf }, corrected);
        const after = await readings(others);
        courses.push({
          corrections: count,
          lessons,
          corrected: await countRight(corrected),
          others: others.length,
          learnt: after.filter((reading, n) => isRight(reading, others[n])).length,
          wrongUnawares: after.filter((reading, n) => reading.state === 'digit' && !isRight(reading, others[n])).length,
          right: right.length,
          stillRight: await countRight(right),
          testLost: testBefore - countTestRight(),
        });
        const { learnt } = courses.at(-1);
        process.stderr.write(`\r\x1b[K${courses.length}: ${writer}, ${digit}: ${learnt} of ${others.length} others`);
      }
    }
  }
  process.stderr.write('\r\x1b[K');
  return summarise(courses, test.labels.length, testBefore);
}

/** Corrects drawings in turn, as the page does: → the reports of the lessons, each with the seconds that it took to prepare for it. */
async function correct({ engine, read, frameOf }, drawings) {
  let book = emptyBook();
  const reports = [];
  for (const { strokes, digit } of drawings) {
    const [now] = await read([strokes]);
    if (now.digit === digit && now.state === 'digit') continue;
    const sample = { frame: frameOf(strokes), label: digit };
    const begin = performance.now(); // what the page does while an answer is being chosen
    await engine.prepareToTeach(new Uint8Array(await engine.exportWeights()));
    const preparation = (performance.now() - begin) / 1000;
    const report = await engine.fineTune(lessonSamples(book, [sample]), lessonOptions);
    if (report.accepted) book = withSamples(book, [sample]);
    reports.push({ ...report, preparation });
  }
  return reports;
}

function summarise(courses, testCount, testBefore) {
  const sum = (key) => courses.reduce((total, course) => total + course[key], 0);
  const lessons = courses.flatMap((course) => course.lessons);
  const spread = (key) => {
    const sorted = lessons.map((lesson) => lesson[key]).sort((a, b) => a - b);
    return { median: sorted[sorted.length >> 1], longest: sorted.at(-1) };
  };
  return {
    courses: courses.length,
    corrections: sum('corrections'),
    lessons: lessons.length,
    accepted: lessons.filter(({ accepted }) => accepted).length,
    corrected: sum('corrected'),
    others: sum('others'),
    learnt: sum('learnt'),
    wrongUnawares: sum('wrongUnawares'),
    right: sum('right'),
    stillRight: sum('stillRight'),
    test: {
      count: testCount,
      right: testBefore,
      meanLost: sum('testLost') / courses.length,
      mostLost: Math.max(...courses.map(({ testLost }) => testLost)),
    },
    steps: lessons.reduce((total, { epochs }) => total + epochs, 0) / lessons.length,
    seconds: spread('seconds'),
    preparation: spread('preparation'),
  };
}

const percent = (part, whole) => `${((100 * part) / whole).toFixed(1)} %`;

const inWords = ({ median, longest }) => `${median.toFixed(2)} s in the median, ${longest.toFixed(2)} s at most`;

function print(result) {
  const { courses, lessons, others, test } = result;
  console.log(
    `${courses} times a writer's digit (writers: ${options.writers}), ${(result.corrections / courses).toFixed(1)} corrections each: ${lessons} lessons, ${result.accepted} taken`,
  );
  console.log(
    `  corrected drawings read right: ${result.corrected} of ${result.corrections} (${percent(result.corrected, result.corrections)})`,
  );
  console.log(
    `  other misread drawings of that writer and digit read right: ${result.learnt} of ${others} (${percent(result.learnt, others)}); wrong without saying so: ${result.wrongUnawares}`,
  );
  console.log(
    `  the writer's drawings that were read right before: ${percent(result.stillRight, result.right)} still are`,
  );
  console.log(
    `  MNIST test, ${test.count} pictures: ${percent(test.right, test.count)} before; ${((100 * test.meanLost) / test.count).toFixed(3)} points lost in the mean, ${((100 * test.mostLost) / test.count).toFixed(2)} at most`,
  );
  console.log(
    `  ${result.steps.toFixed(1)} steps a lesson; ${inWords(result.seconds)}; to prepare for it ${inWords(result.preparation)}`,
  );
}

/** The conditions under which strokes are read, not pictures of the pad. */
const drawn = Object.keys(conditions).filter((name) => conditions[name].lineWidth === undefined);
const file = fileToMeasure(positionals[0]);
if (!drawn.includes(options.condition)) {
  quit(`There is no condition "${options.condition}" of drawings. There are: ${drawn.join('; ')}.`);
}
const reader = await openNodeReader({ threads: Number(options.threads) });
try {
  const drawings = readDrawings(file).map(({ label, writer, strokes }) => ({
    digit: Number(label),
    writer,
    strokes: placeOnPad(strokes, conditions[options.condition]),
  }));
  const result = await measure(reader, drawings);
  if (options.json) console.log(JSON.stringify(result));
  else print(result);
} finally {
  await reader.close();
}
