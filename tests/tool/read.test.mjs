// `inkdigit evaluate`, `quantize` and `classify`: what they print and write.
import assert from 'node:assert/strict';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectFolder } from '../../scripts/shell.mjs';
import { bars, folder, inkdigit, run, tool } from './support.mjs';

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

// No less than what the model card tells of them, but for what another processor's sums may change.
for (const file of ['inkdigit.safetensors', 'inkdigit.int8.safetensors']) {
  test(`${file}, as shipped, reads MNIST's test pictures as the model card says`, async () => {
    const { code, stdout, stderr } = await inkdigit('evaluate', '--weights', `weights/${file}`, '--json');
    assert.equal(code, 0, stderr);
    const { n, correct } = JSON.parse(stdout);
    assert.equal(n, 10_000);
    assert.ok(correct >= 9_955, `${correct} are right`);
  });
}

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
