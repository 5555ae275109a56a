// The engine in Node: reading digits, weights, errors.
import { relaxedSimd } from 'wasm-feature-detect';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { projectFolder } from '../../scripts/shell.mjs';
import { readHeader } from '../../web/package/safetensors.js';
import {
  InkdigitError,
  composePostcode,
  countCorrect,
  drawFrame,
  loadEngine,
  packageFolder,
  readMnist,
  toFloats,
} from './helpers.mjs';

const withCode =
  (code, message = /./) =>
  (error) => {
    assert.ok(error instanceof InkdigitError, `expected an InkdigitError, got ${error.stack}`);
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    return true;
  };

/** Lines of a black pen on white paper, 260×140. */
function written(strokes) {
  const [width, height, radius] = [260, 140, 5];
  const data = new Uint8ClampedArray(4 * width * height).fill(255);
  for (const stroke of strokes) {
    for (const [i, [endX, endY]] of stroke.entries()) {
      const [startX, startY] = stroke[Math.max(0, i - 1)];
      for (let step = 0; step <= 100; ++step) {
        const [x, y] = [startX + (step / 100) * (endX - startX), startY + (step / 100) * (endY - startY)];
        for (let v = Math.ceil(y - radius); v <= y + radius; ++v) {
          for (let u = Math.ceil(x - radius); u <= x + radius; ++u) {
            if (Math.hypot(u - x, v - y) <= radius) data.fill(0, 4 * (v * width + u), 4 * (v * width + u) + 3);
          }
        }
      }
    }
  }
  return { data, width, height };
}

describe('engine', () => {
  let engine;
  let digits;
  before(async () => {
    engine = await loadEngine({ threads: 1 });
    digits = await readMnist('t10k', 500);
  });
  after(() => engine.dispose());
  const digit = (i) => digits.images.subarray(i * 784, (i + 1) * 784);

  test('reads drawn MNIST digits', () => {
    let correct = 0;
    let unsure = 0;
    for (let i = 0; i < 100; ++i) {
      const { digit: read, state } = engine.classify(drawFrame(digit(i)));
      correct += read === digits.labels[i];
      unsure += state === 'unsure';
    }
    assert.ok(correct >= 97, `${correct} of 100 read right`);
    assert.ok(unsure <= 10, `unsure of ${unsure} of 100`);
  });

  test('says what it is sure of, in probabilities that add up to 1', () => {
    const result = engine.classify(drawFrame(digit(0)));
    assert.deepEqual(Object.keys(result).sort(), [
      'confidence',
      'digit',
      'energy',
      'frame',
      'label',
      'probabilities',
      'state',
    ]);
    assert.equal(result.label, `${result.digit}`);
    assert.equal(result.probabilities.length, 10);
    assert.equal(result.probabilities[result.digit], result.confidence);
    const sum = result.probabilities.reduce((a, b) => a + b);
    assert.ok(Math.abs(sum - 1) < 1e-5, `sum ${sum}`);
    assert.ok(result.frame.some((ink) => ink > 200));
  });

  test('calls an empty drawing blank', () => {
    for (const value of [0, 255]) {
      const result = engine.classify({ data: new Uint8ClampedArray(4 * 50 * 40).fill(value), width: 50, height: 40 });
      assert.equal(result.state, 'blank');
      assert.equal(result.digit, -1);
      assert.equal(result.confidence, 0);
      assert.deepEqual([...result.probabilities], Array(10).fill(0));
    }
    assert.equal(engine.frame({ data: new Uint8ClampedArray(4), width: 1, height: 1 }), null);
  });

  test('reads numbers: MNIST digits composed to postcodes', (t) => {
    const count = 60;
    const wrong = [];
    for (let n = 0; n < count; ++n) {
      const { picture, text, lefts } = composePostcode(n, digit, digits.labels);
      const found = engine.classifyAll(picture);
      const read = found.map((reading) => reading.digit).join('');
      if (read !== text) wrong.push(`${text} read as ${read}`);
      else {
        found.forEach(({ box }, i) =>
          assert.ok(Math.abs(box.x - lefts[i]) <= 6, `${text}[${i}]: ${box.x}, ${lefts[i]}`),
        );
      }
    }
    t.diagnostic(`${count - wrong.length} of ${count} postcodes wholly read; ${wrong.join('; ')}`);
    assert.ok(wrong.length <= count * 0.2, wrong.join('; '));
  });

  test('reads a four whose two strokes stand apart as one digit, and two ones as two', () => {
    const seven = [[20, 20], [75, 20], [45, 115]]; // prettier-ignore
    const read = (...strokes) => engine.classifyAll(written([seven, ...strokes])).map((reading) => reading.label).join(''); // prettier-ignore
    assert.equal(read([[138, 18], [120, 62], [134, 62]], [[149, 30], [149, 115]]), '74'); // prettier-ignore
    assert.equal(read([[130, 12], [130, 95]], [[148, 25], [148, 115]]), '711'); // prettier-ignore
  });

  test('reads a single digit, or nothing, among classifyAll as classify does', () => {
    const picture = drawFrame(digit(3));
    const [{ box, ...reading }, ...others] = engine.classifyAll(picture);
    assert.deepEqual(reading, engine.classify(picture));
    assert.deepEqual(others, []);
    assert.ok(box.x > 0 && box.y > 0 && box.x + box.width < picture.width && box.y + box.height < picture.height);
    const blank = { data: new Uint8ClampedArray(4 * 50 * 40).fill(255), width: 50, height: 40 };
    assert.deepEqual(engine.classifyAll(blank), []);
    assert.throws(() => engine.classifyAll(undefined), withCode('input', /picture.*ImageData/));
  });

  test('reads framed MNIST digits in batches', () => {
    const correct = countCorrect(engine.classifyBatch(toFloats(digits.images)), digits.labels);
    assert.ok(correct >= 490, `${correct} of 500 read right`);
  });

  test('gives the same for a picture alone and in a batch', () => {
    // Wide ones: what is narrow is looked at widened, too, when it is alone.
    const wide = [0, 2, 3].map((label) => digit(digits.labels.indexOf(label)));
    const results = wide.map((picture) => engine.classify(drawFrame(picture)));
    assert.deepEqual(results[0].frame, engine.frame(drawFrame(wide[0])));
    const batch = engine.classifyBatch(toFloats(results.flatMap(({ frame }) => [...frame])));
    results.forEach(({ probabilities }, i) => {
      probabilities.forEach((p, k) => assert.ok(Math.abs(p - batch[i * 10 + k]) < 1e-6));
    });
  });

  test('returns arrays of its caller, which later calls leave alone', () => {
    const first = engine.classify(drawFrame(digit(0)));
    const kept = structuredClone(first);
    engine.classify(drawFrame(digit(1)));
    assert.deepEqual(first, kept);
    assert.equal(first.frame.buffer.byteLength, 784);
  });

  test('reads large batches in parts, each in its place', () => {
    const frames = toFloats(digits.images);
    const whole = engine.classifyBatch(frames);
    for (const i of [0, 255, 256, 499]) {
      const alone = engine.classifyBatch(frames.subarray(i * 784, (i + 1) * 784));
      alone.forEach((p, k) => assert.ok(Math.abs(p - whole[i * 10 + k]) < 1e-5));
    }
  });

  test('takes a batch of none', () => {
    assert.equal(engine.classifyBatch(new Float32Array(0)).length, 0);
  });

  test('refuses what is no picture or no frame, and says why', () => {
    const pixels = (length) => new Uint8ClampedArray(length);
    const transferred = new Uint8Array(8);
    structuredClone(transferred, { transfer: [transferred.buffer] });
    const refused = [
      [() => engine.classify(undefined), /picture.*ImageData/],
      [() => engine.classify({ data: [1, 2, 3, 4], width: 1, height: 1 }), /picture/],
      [
        () => engine.classify({ data: new Float32Array(4), width: 1, height: 1 }),
        /picture.data.*Float32Array of length 4/,
      ],
      [() => engine.classify({ data: pixels(400), width: '10', height: '10' }), /at least 1 pixel.*"10" × "10"/],
      [() => engine.classify({ data: pixels(0), width: 0, height: 0 }), /at least 1 pixel.*0 × 0/],
      [() => engine.classify({ data: pixels(16), width: 3, height: 1 }), /3 × 1 = 12 bytes, got 16/],
      [() => engine.classify({ data: pixels(4), width: 5000, height: 5000 }), /5000 × 5000.*Scale it down/],
      [() => engine.classifyBatch([1, 2]), /frames: expected a Float32Array.*Array of length 2/],
      [() => engine.classifyBatch(new Float32Array(785)), /multiple of 784.*785/],
      [() => engine.classifyBatch(new Float32Array(784).fill(NaN, 7)), /frames\[7\].*NaN/],
      [() => engine.classifyBatch(new Float32Array(784).fill(255)), /frames\[0\].*from 0 \(paper\) to 1/],
      [() => engine.importWeights('weights'), /weights: expected an ArrayBuffer/],
      [() => engine.importWeights(transferred), /weights: expected bytes, got some that were transferred away/],
    ];
    for (const [call, message] of refused) assert.throws(call, withCode('input', message));
  });

  test('exports weights that read the same when imported again', async () => {
    const bytes = await engine.exportWeights();
    assert.ok(bytes instanceof ArrayBuffer);
    const frames = toFloats(digits.images.subarray(0, 784 * 20));
    const expected = engine.classifyBatch(frames);
    for (const precision of ['int8', 'float32']) {
      const other = await loadEngine({ weights: bytes, threads: 1, precision });
      assert.equal(other.backend.precision, precision);
      other.classifyBatch(frames).forEach((p, i) => assert.ok(Math.abs(p - expected[i]) < 0.05));
      assert.deepEqual(await other.exportWeights(), bytes);
      other.dispose();
    }
  });

  test('exports the shipped weights as their file has them, checksum and all', async () => {
    const file = await readFile(path.join(packageFolder, 'weights/inkdigit.safetensors'));
    assert.ok(Buffer.from(await engine.exportWeights()).equals(file));
    for (const name of ['inkdigit.safetensors', 'inkdigit.int8.safetensors']) {
      const bytes = await readFile(path.join(projectFolder, 'weights', name));
      assert.match(readHeader(bytes).metadata.checksum, /^\d+$/, name);
    }
  });

  test('keeps its weights when others are damaged', async () => {
    const frames = toFloats(digits.images.subarray(0, 784 * 20));
    const expected = engine.classifyBatch(frames);
    const whole = new Uint8Array(await engine.exportWeights());
    const headerLength = new DataView(whole.buffer).getUint32(0, true);
    const damage = (change) => {
      const copy = whole.slice();
      return change(copy) ?? copy;
    };
    const damaged = [
      new Uint8Array(0),
      whole.subarray(0, 5),
      whole.subarray(0, whole.length - 4),
      damage((copy) => copy.fill(0xff, 0, 8)), // a header longer than the file
      damage((copy) => copy.fill(0x20, 8, 20)), // broken JSON
      damage((copy) => copy.fill(0xff, 8 + headerLength + 400, 8 + headerLength + 404)), // a NaN
      damage((copy) => void (copy[copy.length - 1000] ^= 1)), // one bit of a weight
      new TextEncoder().encode('<!doctype html><title>404</title>'),
    ];
    for (const bytes of damaged) {
      assert.throws(() => engine.importWeights(bytes), withCode('weights'));
      assert.deepEqual(engine.classifyBatch(frames), expected);
    }
  });

  test('refuses weights for a network with other outputs', () => {
    const trainer = engine.createTrainer({ layers: [{ type: 'dense', units: 5 }] });
    assert.throws(() => engine.importWeights(trainer.exportWeights()), withCode('weights', /5/));
    trainer.dispose();
  });

  test('reads with any network of the known layers', async () => {
    const trainer = engine.createTrainer({
      layers: [{ type: 'conv2d', units: 4, kernel: 5 }, { type: 'relu' }, { type: 'dense', units: 10 }],
    });
    const other = await loadEngine({ weights: trainer.exportWeights(), threads: 1 });
    assert.equal(other.classifyBatch(new Float32Array(784)).length, 10);
    other.dispose();
    trainer.dispose();
  });
});

describe('options of loadEngine', () => {
  test('one thread is told of, with its reason', async () => {
    const engine = await loadEngine({ threads: 1 });
    assert.equal(engine.backend.threads, 1);
    assert.match(engine.backend.why, /1 thread: as asked/);
    engine.dispose();
  });

  test('SIMD is what this place has, or what was asked for', async () => {
    const hasRelaxed = await relaxedSimd();
    const engine = await loadEngine({ threads: 1 });
    assert.equal(engine.backend.simd, hasRelaxed ? 'relaxed' : 'baseline');
    engine.dispose();
    const baseline = await loadEngine({ threads: 1, simd: 'baseline' });
    assert.equal(baseline.backend.simd, 'baseline');
    assert.match(baseline.backend.why, /baseline SIMD: as asked/);
    baseline.dispose();
    if (!hasRelaxed) await assert.rejects(loadEngine({ simd: 'relaxed' }), withCode('unsupported', /baseline/));
  });

  test('reads in int8 as it does in float32', async () => {
    const { images } = await readMnist('train', 1000);
    const frames = toFloats(images);
    const [int8, float32] = await Promise.all(
      ['int8', 'float32'].map((precision) => loadEngine({ precision, threads: 1 })),
    );
    assert.equal((await loadEngine({ threads: 1 })).backend.precision, 'int8', 'the default');
    assert.deepEqual([int8.backend.precision, float32.backend.precision], ['int8', 'float32']);
    const answers = [int8, float32].map((engine) => engine.classifyBatch(frames));
    const differs = (n) => {
      const [a, b] = answers.map((all) => all.subarray(n * 10, n * 10 + 10));
      return a.indexOf(Math.max(...a)) !== b.indexOf(Math.max(...b));
    };
    assert.ok([...Array(1000).keys()].filter(differs).length <= 1);
    assert.deepEqual(await int8.exportWeights(), await float32.exportWeights());
    int8.dispose();
    float32.dispose();
  });

  test('int8 weights alone can neither be exported nor be learnt from, and the error says what to do', async () => {
    const weights = await readFile(new URL('../../weights/inkdigit.int8.safetensors', import.meta.url));
    const other = await loadEngine({ weights, threads: 1 });
    const refused = withCode('weights', /Give the float32 file, or resetWeights\(\)/);
    await assert.rejects(other.exportWeights(), refused);
    await assert.rejects(other.fineTune([{ frame: new Uint8Array(784).fill(255, 300, 400), label: 7 }]), refused);
    await other.resetWeights();
    const shipped = await readFile(new URL('../../weights/inkdigit.safetensors', import.meta.url));
    assert.ok(shipped.equals(new Uint8Array(await other.exportWeights())));
    other.dispose();
  });

  test('a network that int8 cannot run is read as float32, and says so', async () => {
    const engine = await loadEngine({ weights: null, precision: 'int8', threads: 1 });
    const trainer = engine.createTrainer({ layers: [{ type: 'tanh' }, { type: 'dense', units: 10 }] });
    engine.importWeights(trainer.exportWeights());
    assert.equal(engine.backend.precision, 'float32');
    assert.match(engine.backend.why, /float32: .*int8 needs/);
    assert.equal(engine.classifyBatch(new Float32Array(784)).length, 10);
    engine.dispose();
  });

  test('what makes no sense is refused', async () => {
    await assert.rejects(loadEngine({ precision: 'float16' }), withCode('input', /float16/));
    await assert.rejects(loadEngine({ simd: 'avx' }), withCode('input', /avx/));
    for (const threads of [0, -1, 1.5, '2', NaN, null, 65]) {
      await assert.rejects(loadEngine({ threads }), withCode('input', /threads: expected a whole number from 1 to 64/));
    }
    await assert.rejects(loadEngine({ threads: '2' }), withCode('input', /got "2"/));
    for (const option of ['precision', 'simd']) {
      await assert.rejects(loadEngine({ [option]: ['auto'] }), withCode('input', /got Array of length 1/));
    }
    const misspelt = /^thread: no such option of loadEngine; there are weights, baseUrl, threads, simd, precision$/;
    await assert.rejects(loadEngine({ thread: 2 }), withCode('input', misspelt));
    await assert.rejects(loadEngine({ baseUrl: 'http://' }), withCode('input', /baseUrl/));
    await assert.rejects(loadEngine({ weights: 7 }), withCode('input', /weights/));
    for (const options of [
      null,
      2,
      'weights.safetensors',
      new URL('file:///weights'),
      new Uint8Array(8),
      new ArrayBuffer(8),
    ]) {
      await assert.rejects(loadEngine(options), withCode('input', /^options: expected an object/));
    }
  });

  test('without weights, it reads once it is given some', async () => {
    const engine = await loadEngine({ weights: null, threads: 1 });
    assert.throws(() => engine.classifyBatch(new Float32Array(784)), withCode('weights', /importWeights/));
    const trainer = engine.createTrainer();
    engine.importWeights(trainer.exportWeights());
    assert.equal(engine.classifyBatch(new Float32Array(784)).length, 10);
    engine.dispose();
  });
});
