// What the tool's tests share: ways to run it, and data that it learns in a moment.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { promisify } from 'node:util';
import { projectFolder } from '../../scripts/shell.mjs';

export const tool = join(projectFolder, 'build/native/inkdigit');
export const run = promisify(execFile);

/** Runs the tool to its end: { code, stdout, stderr }. */
export const inkdigit = (...args) => inkdigitIn(projectFolder, ...args);

export async function inkdigitIn(cwd, ...args) {
  try {
    const { stdout, stderr } = await run(tool, args, { cwd });
    return { code: 0, stdout, stderr };
  } catch ({ code, stdout, stderr }) {
    return { code, stdout, stderr };
  }
}

/** An IDX file: `sizes` big-endian behind the magic number, then the bytes. */
export function idx(sizes, bytes) {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.writeUInt32BE(0x0800 + sizes.length, 0);
  sizes.forEach((size, i) => header.writeUInt32BE(size, 4 + 4 * i));
  return Buffer.concat([header, Buffer.from(bytes)]);
}

/** Horizontal bars whose height tells the class: MNIST's shape, but learned in a moment. */
export function bars(count) {
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

/** Of this test file alone: MNIST's four files, of bars, and the layers of a network small enough to be trained within a test. */
export const folder = await mkdtemp(join(tmpdir(), 'inkdigit-tool-'));
after(() => rm(folder, { recursive: true, force: true }));
await writeFile(join(folder, 'train-images-idx3-ubyte'), bars(600).images);
await writeFile(join(folder, 'train-labels-idx1-ubyte'), bars(600).labels);
await writeFile(join(folder, 't10k-images-idx3-ubyte'), bars(100).images);
await writeFile(join(folder, 't10k-labels-idx1-ubyte'), bars(100).labels);
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

export const trainArguments = (output, epochs) => [
  'train', '--data', folder, '--layers', join(folder, 'layers.json'), '--validation', '100',
  '--output', output, '--epochs', String(epochs), '--batch-size', '20', '--threads', '1',
  '--learning-rate', '0.01', '--rotation', '3', '--scale', '0.02', '--shear', '0', '--shift', '0.4',
  '--elastic-strength', '0', '--pen-digits', '40', '--scribbles', '20', '--average-decay', '0.9',
  '--mnist-times', '1', '--finishing-epochs', '0', '--teacher-share', '0',
]; // prettier-ignore

/** Options with these values instead of, or beside, their own. */
export function withOptions(args, options) {
  const changed = [...args];
  for (let i = 0; i < options.length; i += 2) {
    const at = changed.indexOf(options[i]);
    if (at >= 0) changed[at + 1] = options[i + 1];
    else changed.push(options[i], options[i + 1]);
  }
  return changed;
}

/** Runs the tool until it says `sign`, then stops it, as Ctrl+C does by default: what it said in all. */
export async function interrupted(args, sign, { signal = 'SIGINT', cwd = projectFolder } = {}) {
  const child = spawn(tool, args, { cwd });
  let log = '';
  child.stderr.on('data', (text) => {
    log += text;
    if (log.includes(sign) && !child.killed) child.kill(signal); // once: a second would kill it
  });
  const code = await new Promise((resolve) => child.on('exit', resolve));
  assert.equal(code, 128 + constants.signals[signal], log);
  assert.match(log, /stopped; go on with: inkdigit train --resume/);
  return log;
}

/** The weights in a file, without the metadata. */
export async function tensors(path) {
  const bytes = await readFile(path);
  return bytes.subarray(8 + Number(bytes.readBigUInt64LE(0)));
}
