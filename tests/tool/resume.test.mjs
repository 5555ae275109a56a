// `inkdigit train --resume`: what was stopped goes on, and nothing is written over.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectFolder } from '../../scripts/shell.mjs';
import {
  folder,
  inkdigit,
  inkdigitIn,
  interrupted,
  run,
  tensors,
  tool,
  trainArguments,
  withOptions,
} from './support.mjs';

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
    const changed = checkpoint.replace(key, other).replace('"checksum":', '"no check":'); // as another version writes it
    const damaged = Buffer.from(changed, 'latin1');
    damaged.writeBigUInt64LE(damaged.readBigUInt64LE(0) + BigInt(other.length - key.length), 0);
    await writeFile(join(folder, 'broken'), damaged);
    const { code, stderr } = await inkdigit('train', '--resume', join(folder, 'broken'));
    assert.notEqual(code, 0);
    assert.match(stderr, /broken: .*(damaged, or of another version|no training run)/);
  }
});

test('a run goes on from another folder, where it was', async () => {
  const cwd = join(folder, 'elsewhere');
  await mkdir(cwd);
  await interrupted(trainArguments('w.safetensors', 20), 'epoch 1/20', { cwd, signal: 'SIGHUP' });
  const checkpoint = join(cwd, 'w.safetensors.checkpoint');
  const { code, stderr } = await inkdigit('train', '--threads', '1', '--resume', checkpoint);
  assert.equal(code, 0, stderr);
  assert.ok(existsSync(join(cwd, 'w.safetensors')));
  assert.ok(!existsSync(checkpoint));
  assert.ok(!existsSync(join(projectFolder, 'w.safetensors')));
});

test('a folder whose name is not UTF-8 can be trained in', async () => {
  const cwd = `${folder}/$(printf 'caf\\351')`;
  const script = `mkdir "${cwd}" && cd "${cwd}" && exec "$@"`;
  const { stderr } = await run('sh', ['-c', script, 'sh', tool, ...trainArguments('w.safetensors', 1)]);
  assert.match(stderr, /network done/);
});

test('a signal that was ignored from the start stays so', async () => {
  const output = join(folder, 'ignored.safetensors');
  const ignoring = ['-c', 'trap "" HUP; exec "$@"', 'sh', tool, ...trainArguments(output, 3)];
  const running = run('sh', ignoring, { cwd: projectFolder });
  let wasSent = false;
  running.child.stderr.once('data', () => (wasSent = running.child.kill('SIGHUP')));
  assert.match((await running).stderr, /network done/);
  assert.ok(wasSent, 'it had ended before');
});

test('going on with one training does not write over what another left', async () => {
  const folders = [join(folder, 'a'), join(folder, 'b')];
  for (const cwd of folders) {
    await mkdir(cwd);
    await interrupted(trainArguments('w.safetensors', 40), 'epoch 1/40', { cwd });
  }
  const [own, other] = folders.map((cwd) => join(cwd, 'w.safetensors.checkpoint'));
  const [ownBefore, otherBefore] = await Promise.all([own, other].map((file) => readFile(file)));
  const copy = join(folders[1], 'copy.checkpoint');
  await copyFile(own, copy);
  const { code, stderr } = await inkdigitIn(folders[1], 'train', '--resume', 'copy.checkpoint');
  assert.notEqual(code, 0);
  assert.match(stderr, /a\/w\.safetensors\.checkpoint: a training that was interrupted/);
  assert.ok((await readFile(own)).equals(ownBefore));

  assert.equal((await inkdigitIn(folders[1], 'train', '--resume', '../a/w.safetensors.checkpoint')).code, 0);
  assert.ok(!existsSync(own), 'it came to its end');
  assert.ok((await readFile(other)).equals(otherBefore));
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
