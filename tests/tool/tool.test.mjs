// The command-line tool as its users see it: what it prints, writes and refuses.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { deflateSync } from 'node:zlib';
import { projectFolder } from '../../scripts/shell.mjs';

const tool = join(projectFolder, 'build/native/inkdigit');
const run = promisify(execFile);
let folder;

/** Runs the tool to its end: { code, stdout, stderr }. */
const inkdigit = (...args) => inkdigitIn(projectFolder, ...args);

async function inkdigitIn(cwd, ...args) {
  try {
    const { stdout, stderr } = await run(tool, args, { cwd });
    return { code: 0, stdout, stderr };
  } catch ({ code, stdout, stderr }) {
    return { code, stdout, stderr };
  }
}

/** An IDX file: `sizes` big-endian behind the magic number, then the bytes. */
function idx(sizes, bytes) {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.writeUInt32BE(0x0800 + sizes.length, 0);
  sizes.forEach((size, i) => header.writeUInt32BE(size, 4 + 4 * i));
  return Buffer.concat([header, Buffer.from(bytes)]);
}

/** Horizontal bars whose height tells the class: MNIST's shape, but learned in a moment. */
function bars(count) {
  const images = new Uint8Array(count * 784);
  const labels = new Uint8Array(count);
  for (let n = 0; n < count; n++) {
    labels[n] = n % 10;
    const row = 4 + 2 * labels[n];
    const column = 4 + ((n * 7) % 8);
    images.fill(255, n * 784 + row * 28 + column, n * 784 + row * 28 + column + 10);
  }
  return { images: idx([count, 28, 28], images), labels: idx([count], labels) };
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inkdigit-tool-'));
  const training = bars(600);
  const test = bars(100);
  await writeFile(join(folder, 'train-images-idx3-ubyte'), training.images);
  await writeFile(join(folder, 'train-labels-idx1-ubyte'), training.labels);
  await writeFile(join(folder, 't10k-images-idx3-ubyte'), test.images);
  await writeFile(join(folder, 't10k-labels-idx1-ubyte'), test.labels);
  // A network small enough to be trained within a test.
  await writeFile(
    join(folder, 'layers.json'),
    JSON.stringify({
      input: [28, 28, 1],
      layers: [
        { type: 'conv2d', name: 'conv1', units: 4, kernel: 3 },
        { type: 'relu' },
        { type: 'max_pool2d' },
        { type: 'dropout', rate: 0.1 },
        { type: 'dense', name: 'dense1', units: 10 },
      ],
    }),
  );
});
after(() => rm(folder, { recursive: true, force: true }));

const trainArguments = (output, epochs) => [
  'train', '--data', folder, '--layers', join(folder, 'layers.json'), '--validation', '100',
  '--output', output, '--epochs', String(epochs), '--batch-size', '20', '--threads', '1',
  '--learning-rate', '0.01', '--rotation', '3', '--scale', '0.02', '--shear', '0', '--shift', '0.4',
  '--elastic-strength', '0', '--pen-digits', '40', '--scribbles', '20', '--average-decay', '0.9',
  '--mnist-times', '1', '--finishing-epochs', '0', '--teacher-share', '0',
]; // prettier-ignore

/** Options with these values instead of, or beside, their own. */
function withOptions(args, options) {
  const changed = [...args];
  for (let i = 0; i < options.length; i += 2) {
    const at = changed.indexOf(options[i]);
    if (at >= 0) changed[at + 1] = options[i + 1];
    else changed.push(options[i], options[i + 1]);
  }
  return changed;
}

/** Runs the tool until it says `sign`, then stops it, as Ctrl+C does by default: what it said in all. */
async function interrupted(args, sign, { signal = 'SIGINT', cwd = projectFolder } = {}) {
  const child = spawn(tool, args, { cwd });
  let log = '';
  child.stderr.on('data', (text) => {
    log += text;
    if (log.includes(sign) && !child.killed) child.kill(signal); // once: a second would kill it
  });
  const code = await new Promise((resolve) => child.on('exit', resolve));
  assert.equal(code, 0, log);
  assert.match(log, /stopped; go on with: inkdigit train --resume/);
  return log;
}

/** The weights in a file, without the metadata. */
async function tensors(path) {
  const bytes = await readFile(path);
  return bytes.subarray(8 + Number(bytes.readBigUInt64LE(0)));
}

test('evaluate tells how what is held back is read, finely and coarsely', async () => {
  const { code, stdout, stderr } = await inkdigit('evaluate', '--held-back', '200', '--json');
  assert.equal(code, 0, stderr);
  const results = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    results.map(({ pictures }) => pictures),
    ['MNIST', 'pen digits', 'coarse MNIST', 'coarse pen digits'],
  );
  for (const { n, accuracy } of results) {
    assert.equal(n, 200);
    assert.ok(accuracy > 0.9, stdout);
  }
  const [mnist, pens, coarseMnist, coarsePens] = results;
  assert.ok(mnist.loss < coarseMnist.loss && pens.loss < coarsePens.loss, stdout);
});

test('train writes weights that evaluate confirms', async () => {
  const output = join(folder, 'bars.safetensors');
  const trained = await inkdigit(...trainArguments(output, 6));
  assert.equal(trained.code, 0, trained.stderr);
  assert.match(trained.stderr, /epoch 6\/6 .* images\/s .* loss .* left .* validation/);
  assert.ok(!existsSync(output + '.checkpoint'), 'a finished run leaves no checkpoint');

  const misread = join(folder, 'misread.png');
  const evaluated = await inkdigit(
    'evaluate', '--weights', output, '--misread', misread, '--images', join(folder, 't10k-images-idx3-ubyte'),
    '--labels', join(folder, 't10k-labels-idx1-ubyte'), '--json',
  ); // prettier-ignore
  assert.equal(evaluated.code, 0, evaluated.stderr);
  const result = JSON.parse(evaluated.stdout);
  assert.deepEqual(Object.keys(result), ['n', 'correct', 'accuracy', 'loss', 'calibration_error', 'confusion']);
  assert.equal(result.n, 100);
  assert.equal(result.accuracy, result.correct / result.n);
  assert.ok(result.accuracy >= 0.95, `accuracy ${result.accuracy}`);
  assert.equal(
    result.confusion.reduce((sum, row, label) => sum + row[label], 0),
    result.correct,
  );
  assert.equal((await readFile(misread)).toString('latin1', 1, 4), 'PNG');
});

test('quantize writes int8 weights that read the same, and compares both', async () => {
  const rounded = join(folder, 'rounded.safetensors');
  const options = ['--weights', 'weights/inkdigit.safetensors', '--output', rounded, '--images'];
  const result = await inkdigit('quantize', ...options, join(folder, 't10k-images-idx3-ubyte'), '--held-back', '20');
  assert.equal(result.code, 0, result.stderr);
  const { size } = await stat(rounded);
  assert.match(result.stdout, new RegExp(`^${rounded}: ${size} bytes\n`));
  assert.ok(size < 0.3 * (await stat(join(projectFolder, 'weights/inkdigit.safetensors'))).size);
  for (const name of ['MNIST training, held back', 'pen digits']) {
    const [, same] = result.stdout.match(new RegExp(`${name} \\(20\\): .*; the same answer for ([\\d.]+) %`));
    assert.ok(Number(same) >= 95, result.stdout);
  }

  // Pictures of one's own need none of MNIST's.
  const nowhere = ['--data', join(folder, 'nowhere'), '--held-back', '0'];
  const alone = await inkdigit('quantize', ...options, join(folder, 't10k-images-idx3-ubyte'), ...nowhere);
  assert.deepEqual([alone.code, alone.stdout], [0, `${rounded}: ${size} bytes\n`], alone.stderr);
});

test('an interrupted run goes on with --resume and ends as if it had not stopped', async () => {
  const whole = join(folder, 'whole.safetensors');
  const stopped = join(folder, 'stopped.safetensors');
  assert.equal((await inkdigit(...trainArguments(whole, 40))).code, 0);

  const log = await interrupted(trainArguments(stopped, 40), 'epoch 2/40');
  assert.ok(!log.includes('epoch 40/40'), 'it was stopped before its end');

  const before = await readFile(stopped + '.checkpoint');
  const anew = await inkdigit(...trainArguments(stopped, 40));
  assert.notEqual(anew.code, 0, 'it does not begin anew over it');
  assert.match(anew.stderr, /stopped\.safetensors\.checkpoint: .*--resume/);
  assert.ok((await readFile(stopped + '.checkpoint')).equals(before));

  // Its options are those of the checkpoint: others would say what is not done.
  for (const [option, value] of [
    ['--epochs', '50'],
    ['--output', whole],
    ['--data', folder],
    ['--rotation', '1'],
  ]) {
    const { code, stderr } = await inkdigit('train', '--resume', stopped + '.checkpoint', option, value);
    assert.notEqual(code, 0);
    assert.match(stderr, new RegExp(`^--resume excludes ${option}\n`));
  }
  assert.ok((await readFile(stopped + '.checkpoint')).equals(before));

  const resumed = await inkdigit('train', '--threads', '1', '--resume', stopped + '.checkpoint');
  assert.equal(resumed.code, 0, resumed.stderr);
  assert.ok((await tensors(whole)).equals(await tensors(stopped)), 'the weights are the same');
});

test('a checkpoint that is damaged, or of another version, is told as such', async () => {
  const output = join(folder, 'damaged.safetensors');
  await interrupted(trainArguments(output, 40), 'epoch 1/40', { signal: 'SIGTERM' });
  const checkpoint = await readFile(output + '.checkpoint', 'latin1');
  for (const [key, other] of [
    ['"train.seconds":"', '"train.seconds":"x'],
    ['"train.arguments"', '"train.argumentz"'],
    ['"train.phase":"network"', '"train.phase":"netw0rk"'],
    ['\\"batch_size\\":20', '\\"batch_size\\":-1'],
  ]) {
    assert.ok(checkpoint.includes(key), key);
    const damaged = Buffer.from(checkpoint.replace(key, other), 'latin1');
    damaged.writeBigUInt64LE(damaged.readBigUInt64LE(0) + BigInt(other.length - key.length), 0);
    await writeFile(join(folder, 'broken'), damaged);
    const { code, stderr } = await inkdigit('train', '--resume', join(folder, 'broken'));
    assert.notEqual(code, 0);
    assert.match(stderr, /broken: .*(damaged, or of another version|no training run)/);
  }
});

test('mistakes get one clear line and a failing exit', async () => {
  const cases = [
    [['evaluate', '--weights', join(folder, 'none')], /none: cannot be read/],
    [['evaluate', '--weights', join(folder, 'layers.json')], /layers\.json: .*safetensors/],
    [['train', '--data', join(folder, 'nowhere')], /no MNIST data at .*nowhere.*--data/],
    [['train', '--data', folder, '--validation', '600'], /--validation: expected 1 to 599, got 600/],
    [['train', '--epochs', '0'], /--epochs/],
    // Told before anything is trained:
    [['train', '--data', folder, '--shift', '50'], /shift: expected .* got 50/],
    [
      ['train', '--data', folder, '--finishing-learning-rate', '-1'],
      /--finishing-learning-rate: expected 0 or more, got -1/,
    ],
    [
      [
        'train',
        '--data',
        folder,
        '--validation',
        '100',
        '--threads',
        '2',
        '--teacher-share',
        '0',
        '--pen-digits',
        '10',
        '--rotation',
        '400',
      ],
      /rotation: expected .* got 400/,
    ],
    [['train', '--resume', join(folder, 'bars.safetensors')], /no training run to go on with/],
    [['classify', join(folder, 'layers.json')], /layers\.json/],
    [['classify', join(folder, 'absent.png')], /absent\.png/],
    [['evaluate', '--images', join(folder, 't10k-images-idx3-ubyte')], /--labels/],
    [['evaluate', '--held-back', '60000'], /--held-back: expected 1 to 59999, got 60000/],
    [['evaluate', '--held-back', '9', '--misread', 'misread.png'], /excludes/],
  ];
  for (const [args, message] of cases) {
    const result = await inkdigit(...args);
    assert.notEqual(result.code, 0, args.join(' '));
    assert.match(result.stderr, message);
    assert.equal(result.stdout, '');
  }
});

test('data that are not MNIST’s size are told by their file', async () => {
  const small = join(folder, 'small');
  await mkdir(small);
  for (const part of ['train', 't10k']) {
    await writeFile(join(small, `${part}-images-idx3-ubyte`), idx([20, 8, 8], new Uint8Array(20 * 64)));
    await writeFile(join(small, `${part}-labels-idx1-ubyte`), idx([20], new Uint8Array(20)));
  }
  for (const args of [
    ['evaluate', '--held-back', '3'],
    ['evaluate'],
    ['train', '--output', join(folder, 'never.safetensors')],
  ]) {
    const { code, stderr } = await inkdigit(...args, '--data', small);
    assert.notEqual(code, 0);
    assert.match(stderr, /(train|t10k)-images-idx3-ubyte: expected pictures of 28×28, got 8×8/);
  }
});

test('a small picture that unpacks to a large one is refused, in little memory', async () => {
  const chunk = (type, content) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(content.length);
    return Buffer.concat([length, Buffer.from(type), content, Buffer.alloc(4)]); // the tool checks no sums
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(28, 0);
  header.writeUInt32BE(28, 4);
  header[8] = 8; // bits, grey
  const file = join(folder, 'bomb.png');
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  const packed = deflateSync(Buffer.alloc(1 << 28));
  await writeFile(
    file,
    Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', packed), chunk('IEND', Buffer.alloc(0))]),
  );
  // The weights take 20 MB.
  const limited = ['-c', 'ulimit -v 200000; exec "$@"', 'sh', tool, 'classify', file];
  const { code, stderr } = await run('sh', limited, { cwd: projectFolder }).catch((error) => error);
  assert.equal(code, 1);
  assert.match(stderr, /bomb\.png: the picture is broken/);
});

test('a network that cannot be trained is told before its teacher is', async () => {
  const layers = join(folder, 'eight_classes.json');
  await writeFile(layers, JSON.stringify({ input: [28, 28, 1], layers: [{ type: 'dense', name: 'd', units: 8 }] }));
  for (const [path, message] of [
    [join(folder, 'typo.json'), /typo\.json: cannot be read/],
    [layers, /layers: expected .* a dense layer of 10 units at the end/],
  ]) {
    const output = join(folder, 'never.safetensors');
    const { code, stderr } = await inkdigit(
      ...withOptions(trainArguments(output, 1), ['--layers', path, '--teacher-share', '0.5']),
    );
    assert.notEqual(code, 0);
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /teacher:/);
  }
});

test('going on with one training does not write over what another left', async () => {
  const folders = [join(folder, 'a'), join(folder, 'b')];
  for (const cwd of folders) {
    await mkdir(cwd);
    await interrupted(trainArguments('w.safetensors', 40), 'epoch 1/40', { cwd });
  }
  const other = join(folders[1], 'w.safetensors.checkpoint');
  const before = await readFile(other);
  const { code, stderr } = await inkdigitIn(folders[1], 'train', '--resume', '../a/w.safetensors.checkpoint');
  assert.notEqual(code, 0);
  assert.match(stderr, /w\.safetensors\.checkpoint: a training that was interrupted/);
  assert.ok((await readFile(other)).equals(before));
});

test('a training that diverges fails, and leaves what was there', async () => {
  const output = join(folder, 'diverged.safetensors');
  const before = await readFile(join(folder, 'bars.safetensors'));
  await writeFile(output, before);
  const { code, stderr } = await inkdigit(
    ...withOptions(trainArguments(output, 2), [
      '--optimizer', 'sgd', '--learning-rate', '1e9', '--finishing-epochs', '1',
    ]), // prettier-ignore
  );
  assert.notEqual(code, 0);
  assert.match(stderr, /network: diverged at step \d+.*lower learning rate/);
  assert.ok((await readFile(output)).equals(before));
  assert.ok(!existsSync(output + '.checkpoint'));
});

test('a teacher is trained first; stopped in either training, a run goes on in that one', async () => {
  const taught = (output) => {
    const options = trainArguments(output, 20); // so many that it is stopped before it ends
    return [...options.slice(0, -1), '0.5', '--teacher-epochs', '2'];
  };
  const whole = join(folder, 'taught.safetensors');
  const trained = await inkdigit(...taught(whole));
  assert.equal(trained.code, 0, trained.stderr);
  assert.match(trained.stderr, /teacher: 500 pictures.*teacher done in.*network: 560 pictures.*network done in/s);
  assert.ok(!existsSync(whole + '.teacher'), 'a finished run leaves no teacher');

  const stopped = join(folder, 'taught_in_parts.safetensors');
  let arguments_ = taught(stopped);
  for (const sign of ['teacher: ', 'epoch 1/20']) {
    await interrupted(arguments_, sign);
    arguments_ = ['train', '--threads', '1', '--resume', stopped + '.checkpoint'];
  }
  const resumed = await inkdigit(...arguments_);
  assert.equal(resumed.code, 0, resumed.stderr);
  assert.doesNotMatch(resumed.stderr, /teacher/);
  assert.ok((await tensors(whole)).equals(await tensors(stopped)), 'the weights are the same');
});

test('a teacher that was trained before is asked, and kept', async () => {
  const teacher = join(folder, 'bars.safetensors');
  const output = join(folder, 'taught_by_bars.safetensors');
  const alone = join(folder, 'untaught.safetensors');
  const taught = [...trainArguments(output, 2).slice(0, -1), '0.5', '--teacher', teacher];
  for (const args of [taught, trainArguments(alone, 2)]) {
    const trained = await inkdigit(...args);
    assert.equal(trained.code, 0, trained.stderr);
    assert.doesNotMatch(trained.stderr, /teacher:/);
  }
  assert.ok(existsSync(teacher));
  assert.ok(!(await tensors(output)).equals(await tensors(alone)), 'it has its say');
});

test('a run goes on from the weights of an earlier one, with pictures as coarse scans have them', async () => {
  const bars = join(folder, 'bars.safetensors'); // they are read all but perfectly
  const output = join(folder, 'later.safetensors');
  const replaced = ['--layers', '--learning-rate'];
  const usual = trainArguments(output, 1).filter(
    (arg, i, all) => !replaced.includes(arg) && !replaced.includes(all[i - 1]),
  );
  const later = ['--initial', bars, '--learning-rate', '0.00001', '--coarse-share', '0.2'];
  const trained = await inkdigit(...usual, ...later);
  assert.equal(trained.code, 0, trained.stderr);
  const accuracy = (log) => Number(log.match(/best weights, validation ([\d.]+) %/)[1]);
  assert.ok(accuracy(trained.stderr) > 80, trained.stderr);
  assert.ok(!(await tensors(output)).equals(await tensors(bars)));

  const both = await inkdigit(...trainArguments(output, 1), '--initial', bars); // brings layers, too
  assert.match(both.stderr, /excludes/);
});

test('what finishes a training is what a second training would do; stopped in it, a run goes on there', async () => {
  const common = ['--pen-digits', '40', '--scribbles', '20', '--coarse-share', '0'];
  const finishing = [
    '--finishing-epochs',
    '20', // so many that it is stopped before it ends
    '--finishing-learning-rate',
    '0.003',
    '--finishing-coarse-share',
    '0.5',
  ];
  const whole = join(folder, 'finished.safetensors');
  const trained = await inkdigit(...withOptions(trainArguments(whole, 2), [...common, ...finishing]));
  assert.equal(trained.code, 0, trained.stderr);
  assert.match(trained.stderr, /network done in.*finishing: 560 pictures.*finishing done in/s);

  const first = join(folder, 'unfinished.safetensors');
  assert.equal((await inkdigit(...withOptions(trainArguments(first, 2), common))).code, 0);
  const second = join(folder, 'second.safetensors');
  const asFinishing = {
    '--initial': first,
    '--seed': '11',
    '--learning-rate': '0.003',
    '--warmup-epochs': '0.1',
    '--coarse-share': '0.5',
  };
  const usual = trainArguments(second, 20);
  usual.splice(usual.indexOf('--layers'), 2);
  assert.equal((await inkdigit(...withOptions(usual, Object.entries(asFinishing).flat()))).code, 0);
  assert.ok((await tensors(whole)).equals(await tensors(second)), 'the weights are the same');

  const stopped = join(folder, 'finished_in_parts.safetensors');
  const layers = join(folder, 'layers_for_a_while.json');
  await copyFile(join(folder, 'layers.json'), layers);
  const inParts = [...common, ...finishing, '--layers', layers];
  await interrupted(withOptions(trainArguments(stopped, 2), inParts), 'finishing: ');
  await rm(layers); // its weights bring them
  const resumed = await inkdigit('train', '--threads', '1', '--resume', stopped + '.checkpoint');
  assert.equal(resumed.code, 0, resumed.stderr);
  assert.doesNotMatch(resumed.stderr, /network/);
  assert.ok((await tensors(whole)).equals(await tensors(stopped)), 'and so when it was stopped');
});

test('without a teacher, a file that has the name of one stays', async () => {
  const output = join(folder, 'untaught_beside.safetensors');
  await writeFile(output + '.teacher', 'of somebody else');
  const trained = await inkdigit(...trainArguments(output, 1));
  assert.equal(trained.code, 0, trained.stderr);
  assert.equal(await readFile(output + '.teacher', 'utf8'), 'of somebody else');
});

test('a run that cannot write its weights says so before it trains', async () => {
  const result = await inkdigit(...trainArguments(join(folder, 'no/such/folder/w'), 1));
  assert.notEqual(result.code, 0);
  assert.match(result.stderr, /cannot be written/);
  assert.doesNotMatch(result.stderr, /epoch 1/);
});

test('classify prints one JSON object a picture', async () => {
  // Five frames of an IDX file, and a hand-made PGM: a black bar on white paper.
  const frames = join(folder, 'five-idx3-ubyte');
  await writeFile(frames, bars(5).images);
  const pgm = join(folder, 'bar.pgm');
  const pixels = Buffer.alloc(60 * 40, 255);
  for (let y = 8; y < 32; y++) pixels.fill(0, y * 60 + 28, y * 60 + 32);
  await writeFile(pgm, Buffer.concat([Buffer.from('P5\n60 40\n255\n'), pixels]));
  const blank = join(folder, 'blank.pgm');
  await writeFile(blank, Buffer.concat([Buffer.from('P5\n60 40\n255\n'), Buffer.alloc(2400, 255)]));

  const result = await inkdigit('classify', frames, pgm, blank, '--json');
  assert.equal(result.code, 0, result.stderr);
  const lines = result.stdout.trim().split('\n').map((line) => JSON.parse(line)); // prettier-ignore
  assert.equal(lines.length, 7);
  lines.forEach(
    (line) =>
    assert.deepEqual(Object.keys(line), [
      'file', 'index', 'digit', 'confidence', 'state', 'probabilities',
    ]), // prettier-ignore
  );
  assert.deepEqual(lines.map(({ index }) => index), [0, 1, 2, 3, 4, 0, 0]); // prettier-ignore
  assert.equal(lines[5].file, pgm);
  assert.equal(lines[5].digit, 1, 'a bar is a one');
  assert.equal(lines[5].confidence, Math.max(...lines[5].probabilities));
  assert.deepEqual(
    { state: lines[6].state, digit: lines[6].digit, confidence: lines[6].confidence },
    { state: 'blank', digit: null, confidence: 0 },
  );
});

test('classify --json takes a file whose name is no UTF-8', async () => {
  const name = Buffer.concat([Buffer.from(join(folder, 'caf')), Buffer.from([0xe9]), Buffer.from('.pgm')]);
  await writeFile(name, Buffer.concat([Buffer.from('P5\n60 40\n255\n'), Buffer.alloc(2400, 255)]));
  // Node hands over arguments as UTF-8, so a shell has to find the file.
  const { stdout } = await run('sh', ['-c', '"$0" classify "$1"/caf*.pgm --json', tool, folder], {
    cwd: projectFolder,
  });
  assert.match(JSON.parse(stdout).file, /caf\ufffd\.pgm$/);
});

test('classify --all prints one JSON object a digit, with its box', async () => {
  // Two bars on white paper, the right one 4 pixels lower.
  const pixels = Buffer.alloc(80 * 40, 255);
  for (let y = 8; y < 32; y++) pixels.fill(0, y * 80 + 20, y * 80 + 24);
  for (let y = 12; y < 36; y++) pixels.fill(0, y * 80 + 50, y * 80 + 54);
  const two = join(folder, 'two.pgm');
  await writeFile(two, Buffer.concat([Buffer.from('P5\n80 40\n255\n'), pixels]));
  const blank = join(folder, 'blank_for_all.pgm');
  await writeFile(blank, Buffer.concat([Buffer.from('P5\n80 40\n255\n'), Buffer.alloc(3200, 255)]));

  const result = await inkdigit('classify', two, blank, '--all', '--json');
  assert.equal(result.code, 0, result.stderr);
  const lines = result.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.map(({ index, digit, box }) => ({ index, digit, box })),
    [
      { index: 0, digit: 1, box: { x: 20, y: 8, width: 4, height: 24 } },
      { index: 1, digit: 1, box: { x: 50, y: 12, width: 4, height: 24 } },
      { index: 0, digit: null, box: undefined },
    ],
  );
  assert.deepEqual(lines[2].probabilities, Array(10).fill(0));
});
