// `inkdigit train`: what it trains, from what, and what it leaves.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { folder, inkdigit, tensors, trainArguments, withOptions } from './support.mjs';

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
