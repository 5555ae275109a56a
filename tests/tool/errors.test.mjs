// What the tool refuses, and how it says so.
import assert from 'node:assert/strict';
import { copyFile, lstat, mkdir, readFile, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { projectFolder } from '../../scripts/shell.mjs';
import { folder, idx, inkdigit, run, tool } from './support.mjs';

test('mistakes get one clear line and a failing exit', async () => {
  const pipe = join(folder, 'pipe');
  await run('mkfifo', [pipe]);
  const partial = join(folder, 'partial.safetensors'); // lacks a tensor
  const whole = await readFile(join(projectFolder, 'weights/inkdigit.safetensors'), 'latin1');
  await writeFile(partial, whole.replace('"dense2.bias"', '"dense2.none"').replace('checksum', 'unsigned'), 'latin1');
  const crowded = join(folder, 'crowded.safetensors'); // its header has 80,000 members
  const header = `{"__metadata__":{${Array.from({ length: 8e4 }, (_, i) => `"${i}":""`)}}}`;
  await writeFile(
    crowded,
    Buffer.concat([Buffer.from(BigUint64Array.of(BigInt(header.length)).buffer), Buffer.from(header)]),
  );
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
      /--finishing-learning-rate: expected 0 to 1e9, got -1/,
    ],
    [['train', '--data', folder, '--learning-rate', '1e39'], /--learning-rate: expected 0 to 1e9, got 1e\+39/],
    [['train', '--data', folder, '--output', folder], /--output: expected a file's name, got "\//],
    [['train', '--data', folder, '--output', ''], /--output: expected a file's name, got ""/],
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
    [['train', '--data', folder, '--learning-rate', '-1'], /--learning-rate: expected 0 to 1e9, got -1/],
    [['classify', folder], /is no file, but a folder/],
    [['classify', pipe], /pipe: is no file, but a folder, a pipe or a device/],
    [['classify', '--weights', partial, join(folder, 'absent.png')], /partial\.safetensors: .*tensor/],
    [['evaluate', '--weights', crowded], /crowded\.safetensors: .*JSON/],
    [['evaluate', '--weights', partial], /partial\.safetensors: .*tensor/],
    [['train', '--data', folder, '--validation', '100', '--teacher', partial], /partial\.safetensors: .*tensor/],
    [['train', '--data', folder, '--initial', partial], /partial\.safetensors: .*tensor/],
    [['train', '--data', folder, '--dropout', '25', '0'], /dropout/],
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

test('what is read is not written over, nor is what took hours', async () => {
  const weights = join(folder, 'kept.safetensors');
  await copyFile(join(projectFolder, 'weights/inkdigit.safetensors'), weights);
  const before = await readFile(weights);
  const link = join(folder, 'link.safetensors');
  await symlink(weights, link);
  for (const args of [
    ['quantize', '--weights', weights, '--output', weights],
    ['quantize', '--weights', weights, '--output', link],
    ['train', '--data', folder, '--teacher', weights, '--output', link],
    ['train', '--data', folder, '--initial', weights, '--output', link],
    ['train', '--data', folder, '--layers', weights, '--output', link],
    ['quantize', '--weights', join(folder, 'none'), '--images', weights, '--output', link],
    ['evaluate', '--data', folder, '--weights', weights, '--misread', link],
  ]) {
    const { code, stderr } = await inkdigit(...args);
    assert.notEqual(code, 0);
    assert.match(stderr, /would be written over, but is read; choose another name for it/);
    assert.ok((await readFile(weights)).equals(before));
  }

  const teacher = join(folder, 'out.safetensors.teacher');
  await writeFile(teacher, 'hours of work');
  const { code, stderr } = await inkdigit('train', '--data', folder, '--output', join(folder, 'out.safetensors'));
  assert.notEqual(code, 0);
  assert.match(stderr, /out\.safetensors\.teacher: the teacher of a training before; use it \(--teacher/);
  assert.equal(await readFile(teacher, 'utf8'), 'hours of work');
});

test('a link that is written to stays one, and so does a device', async () => {
  const [target, link] = [join(folder, 'target.int8'), join(folder, 'link.int8')];
  await writeFile(target, '');
  await symlink(target, link);
  const images = join(folder, 't10k-images-idx3-ubyte');
  const quantize = ['quantize', '--weights', 'weights/inkdigit.safetensors', '--images', images, '--held-back', '0'];
  assert.equal((await inkdigit(...quantize, '--output', link)).code, 0);
  assert.ok((await lstat(link)).isSymbolicLink());
  assert.ok((await stat(target)).size > 1_000_000);

  const [absent, dangling] = [join(folder, 'absent.int8'), join(folder, 'dangling.int8')];
  await symlink(absent, dangling);
  assert.equal((await inkdigit(...quantize, '--output', dangling)).code, 0);
  assert.ok((await lstat(dangling)).isSymbolicLink());
  assert.ok((await stat(absent)).size > 1_000_000);

  const { code, stderr } = await inkdigit(...quantize, '--output', '/dev/null');
  assert.equal(code, 0, stderr);
  assert.ok((await stat('/dev/null')).isCharacterDevice());
});

test('what cannot be printed is no success', async () => {
  const printing = ['-c', 'exec "$@" > /dev/full', 'sh', tool, 'evaluate', '--data', folder, '--json'];
  const { code, stderr } = await run('sh', printing, { cwd: projectFolder }).catch((error) => error);
  assert.equal(code, 1);
  assert.match(stderr, /could not be written; is there room/);
});

test('a JPEG picture of thousands of scans is refused at once', async () => {
  const segment = (marker, ...bytes) => Buffer.from([0xff, marker, 0, bytes.length + 2, ...bytes]);
  const frame = segment(0xc2, 8, 0x27, 0x10, 0x27, 0x10, 1, 1, 0x11, 0); // progressive, 10,000×10,000
  const scans = Array(5000).fill(segment(0xda, 1, 1, 0, 0, 0, 0));
  const file = join(folder, 'scans.jpg');
  await writeFile(file, Buffer.concat([Buffer.from([0xff, 0xd8]), frame, ...scans, Buffer.from([0xff, 0xd9])]));
  const { code, stderr } = await inkdigit('classify', file);
  assert.equal(code, 1);
  assert.match(stderr, /scans\.jpg: the JPEG picture has too many scans/);
});

test('a PGM picture whose header is cut off is broken; its comments end with any line', async () => {
  const [broken, sound] = [join(folder, 'broken.pgm'), join(folder, 'sound.pgm')];
  await writeFile(broken, 'P5 28 28');
  const { code, stderr } = await inkdigit('classify', broken);
  assert.equal(code, 1);
  assert.match(stderr, /broken\.pgm: the picture is broken \(its header ends early\)/);
  await writeFile(sound, Buffer.concat([Buffer.from('P5\r# by hand\r28 28\r255\r'), Buffer.alloc(784, 255)]));
  const result = await inkdigit('classify', sound);
  assert.equal(result.code, 0, result.stderr);
});

test('a picture in an IDX file may have no more pixels than another', async () => {
  const file = join(folder, 'large-idx3-ubyte');
  await writeFile(file, idx([1, 10_001, 10_001], []));
  await truncate(file, 16 + 10_001 ** 2);
  const { code, stderr } = await inkdigit('classify', file);
  assert.equal(code, 1);
  assert.match(stderr, /large-idx3-ubyte: expected at most 100000000 pixels, got 10001×10001/);
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
