// What the tool refuses, and how it says so.
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { projectFolder } from '../../scripts/shell.mjs';
import { folder, idx, inkdigit, run, tool } from './support.mjs';

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
    [['train', '--resume', 'weights/inkdigit.safetensors'], /no training run to go on with/],
    [['classify', join(folder, 'layers.json')], /layers\.json/],
    [['classify', join(folder, 'absent.png')], /absent\.png/],
    [['evaluate', '--images', join(folder, 't10k-images-idx3-ubyte')], /--labels/],
    [['evaluate', '--held-back', '60000'], /--held-back: expected 1 to 59999, got 60000/],
    [
      ['quantize', '--weights', 'weights/inkdigit.safetensors', '--output', join(folder, 'r'), '--held-back', '60000'],
      /--held-back: expected 1 to 59999, got 60000/,
    ],
    [['train', '--teacher-share', 'nan'], /teacher_share: expected a number, got nan/],
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
