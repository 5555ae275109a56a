// Learning a hand: what a lesson teaches, what it must not cost, and the ways back.
import assert from 'node:assert/strict';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { readHeader } from '../../web/package/safetensors.js';
import { readSafetensors } from '../safetensors.js';
import { countCorrect, loadEngine, packageFolder, readMnist, toFloats } from './helpers.mjs';
import { draw, mirrored, shapes } from './pen.mjs';

const range = (begin, end) => Array.from({ length: end - begin }, (_, i) => begin + i);
const bytes = async (engine) => new Uint8Array(await engine.exportWeights());

describe('learning', () => {
  let engine;
  let shipped;
  before(async () => {
    engine = await loadEngine();
    shipped = await engine.exportWeights();
  });
  after(() => engine.dispose());

  /** Back to the shipped weights. */
  const reset = () => engine.importWeights(shipped);
  const countRead = (strokes, numbers, label) =>
    numbers.filter((n) => engine.classify(draw(strokes, n)).label === label).length;
  const fineOnMnist = ({ heldBack }) => heldBack.before - heldBack.after <= 0.001 + 1e-9;

  test('back to the shipped weights, which read as at first, and forth again', async () => {
    const other = await loadEngine({ threads: 1 });
    const read = () => other.classify(draw(shapes.crossedSeven, 3));
    const [first, { precision }] = [read(), other.backend];
    await other.fineTune([{ drawing: draw(shapes.crossedSeven, 0), label: 7 }]);
    const [taught, taughtWeights] = [read(), await bytes(other)];
    assert.notDeepEqual(taught.probabilities, first.probabilities);
    await other.resetWeights();
    assert.deepEqual([read(), other.backend.precision], [first, precision]);
    assert.deepEqual(await bytes(other), new Uint8Array(shipped));
    assert.ok(other.undo());
    assert.deepEqual([read(), await bytes(other)], [taught, taughtWeights]);
    other.dispose();
  });

  test('a network that there is no memory to teach: the error says so, and what to use instead', async () => {
    const other = await loadEngine({ weights: null, threads: 1 });
    const layers = [{ type: 'conv2d', units: 128, kernel: 1 }, { type: 'max_pool2d' }, { type: 'dense', units: 600 }];
    const trainer = other.createTrainer({ layers: [...layers, { type: 'dense', units: 10 }], seed: 1 });
    const weights = new Uint8Array(trainer.exportWeights());
    trainer.dispose();
    await assert.rejects(other.teach(weights, [{ drawing: draw(shapes.crossedSeven, 0), label: 7 }]), {
      code: 'memory',
      message: /to teach a network of this size \(60\.2 MB of weights\)\. Use a smaller one/,
    });
    other.dispose();
  });

  test('what a lesson costs is told by a few pictures almost as by all of MNIST’s test pictures', async () => {
    reset();
    const report = await engine.fineTune([{ drawing: draw(shapes.crossedSeven, 0), label: 7 }]);
    const { images, labels } = await readMnist('t10k');
    const frames = toFloats(images);
    const accuracyOf = async (weights) => {
      const other = await loadEngine({ weights, precision: 'float32' });
      const rows = other.classifyBatch(frames);
      other.dispose();
      const digit = (n) => {
        const row = rows.subarray(n * 10, n * 10 + 10);
        return row.indexOf(Math.max(...row));
      };
      return range(0, 10_000).filter((n) => digit(n) === labels[n]).length / 10_000;
    };
    const isNear = (told, measured) => assert.ok(Math.abs(told - measured) <= 0.0005, `${told}, but it is ${measured}`);
    isNear(report.heldBack.before, await accuracyOf(shipped));
    isNear(report.heldBack.after, await accuracyOf(await engine.exportWeights()));
  });

  test('one correction teaches a crossed seven', async () => {
    reset();
    const others = range(1, 21);
    const wrongBefore = others.length - countRead(shapes.crossedSeven, others, '7');
    assert.ok(wrongBefore >= 10, `it is misread without the lesson: ${wrongBefore} of 20`);
    const progress = [];
    const report = await engine.fineTune([{ drawing: draw(shapes.crossedSeven, 0), label: 7 }], {
      onProgress: (p) => progress.push(p),
    });
    assert.ok(report.accepted, JSON.stringify(report));
    assert.equal(progress.length, report.epochs);
    assert.deepEqual([report.samples, report.after.correct], [1, 1]);
    assert.ok(report.after.loss < report.before.loss);
    assert.ok(fineOnMnist(report) && report.heldBack.count === 10_000, JSON.stringify(report));
    const wrongAfter = others.length - countRead(shapes.crossedSeven, others, '7');
    assert.ok(wrongAfter <= wrongBefore / 4, `misread: ${wrongBefore} before, ${wrongAfter} after`);
    for (const [shape, label] of [
      ['seven', '7'],
      ['four', '4'],
      ['six', '6'],
      ['nine', '9'],
    ]) {
      assert.ok(countRead(shapes[shape], range(0, 10), label) >= 9, `${shape} is still read`);
    }
  });

  test('a hand that writes in a mirror is learnt, digit by digit', async () => {
    reset();
    const digits = [
      ['six', 6],
      ['seven', 7],
      ['nine', 9],
    ];
    const read = () =>
      digits.reduce((sum, [shape, label]) => sum + countRead(mirrored(shapes[shape]), range(5, 15), `${label}`), 0);
    const before = read();
    assert.ok(before <= 12, `they are misread without lessons: ${before} of 30 right`);
    for (const [shape, label] of digits) {
      const samples = range(0, 5).map((n) => ({ drawing: draw(mirrored(shapes[shape]), n), label }));
      const report = await engine.fineTune(samples);
      assert.ok(report.accepted && fineOnMnist(report), JSON.stringify(report));
    }
    const now = read();
    assert.ok(now >= 24, `${now} of 30 drawings it was not shown are read right`);
  });

  test("MNIST's own hard digits are learnt, one at a time, each in a hand of its own", async () => {
    const { images, labels } = await readMnist('t10k', 2000);
    const floats = toFloats(images);
    reset();
    const probabilities = engine.classifyBatch(floats);
    const misread = [...labels.keys()].filter((i) => {
      const row = probabilities.subarray(i * 10, i * 10 + 10);
      return row.indexOf(Math.max(...row)) !== labels[i];
    });
    assert.ok(misread.length >= 4, `${misread.length} of 2,000 are misread`);
    let learnt = 0;
    for (const i of misread.slice(0, 4)) {
      reset();
      const report = await engine.fineTune([{ frame: images.slice(i * 784, (i + 1) * 784), label: labels[i] }]);
      assert.equal(report.before.correct, 0);
      assert.ok(!report.accepted || fineOnMnist(report));
      learnt += report.accepted && report.after.correct;
    }
    assert.ok(learnt >= 3, `${learnt} of 4 were learnt`);
  });

  const otherNetworks = {
    'one dense layer': [{ type: 'dense', units: 10 }],
    'as many features as a picture has pixels': [
      { type: 'conv2d', units: 4, kernel: 1 },
      { type: 'max_pool2d' },
      { type: 'dense', units: 10 },
    ],
  };
  for (const [what, layers] of Object.entries(otherNetworks)) {
    test(`of a network that reads badly, of ${what}, it is told as badly as it does`, async () => {
      const { images, labels } = await readMnist('train', 2000);
      const trainer = engine.createTrainer({ layers, learningRate: 0.003 });
      await trainer.fit({ images, labels }, { epochs: 1 });
      const weights = trainer.exportWeights();
      trainer.dispose();
      const other = await loadEngine({ weights, precision: 'float32' });
      const test = await readMnist('t10k');
      const accuracy = countCorrect(other.classifyBatch(toFloats(test.images)), test.labels) / 10_000;
      const wrong = (labels[0] + 1) % 10;
      const lesson = await other.fineTune([{ frame: images.slice(0, 784), label: wrong }], { maxLoss: 100 });
      const { before, after, heldBack } = lesson;
      other.dispose();
      assert.ok(accuracy < 0.95 && Math.abs(heldBack.before - accuracy) < 0.05, `${heldBack.before} for ${accuracy}`);
      assert.ok(before.correct === 0 && after.loss < before.loss, JSON.stringify([before, after]));
    });
  }

  test('a lesson that costs too much is not taken, and changes nothing', async () => {
    reset();
    const { images, labels } = await readMnist('train', 200);
    const ones = [...labels.keys()].filter((i) => labels[i] === 1);
    const samples = ones.slice(0, 10).map((i) => ({ frame: images.slice(i * 784, (i + 1) * 784), label: 7 }));
    const before = await bytes(engine);
    const report = await engine.fineTune(samples, { maxLoss: 0, learningRate: 0.01 });
    assert.equal(report.accepted, false, JSON.stringify(report));
    assert.deepEqual(report.after, report.before);
    assert.equal(report.heldBack.after, report.heldBack.before);
    assert.deepEqual(await bytes(engine), before);
    const forced = await engine.fineTune(samples, { maxLoss: 100, learningRate: 0.01 });
    assert.ok(forced.accepted, 'with leave to lose everything it is taken');
    assert.ok(forced.heldBack.after < forced.heldBack.before - 0.001, JSON.stringify(forced));
  });

  for (const [scope, learningRate] of [
    ['head', 0.001],
    ['all', 0.0005],
  ]) {
    test(`of scope '${scope}', ${scope === 'all' ? 'the convolutions are taught, too' : 'only the dense layers are'}`, async () => {
      reset();
      const samples = [{ drawing: draw(mirrored(shapes.nine), 0), label: 9 }];
      const report = await engine.fineTune(samples, { scope, learningRate });
      assert.ok(report.accepted, JSON.stringify(report));
      const [old, now] = [shipped, await engine.exportWeights()].map(readSafetensors);
      const isOther = (name) => now[name].values.some((value, i) => value !== old[name].values[i]);
      assert.equal(isOther('conv2.weight'), scope === 'all');
      assert.ok(isOther('dense1.weight'));
    });
  }

  test('a lesson that was prepared for, and one after another, teach what they would teach by themselves', async () => {
    const lessons = [
      [{ drawing: draw(mirrored(shapes.nine), 0), label: 9 }],
      [{ drawing: draw(mirrored(shapes.four), 0), label: 4 }],
    ];
    const teachInTurn = async (other) => {
      const weights = [];
      for (const samples of lessons) {
        await other.fineTune(samples, { epochs: 6, maxLoss: 100 });
        weights.push(await bytes(other));
      }
      return weights;
    };
    const [plain, prepared] = await Promise.all([1, 2].map(() => loadEngine({ weights: shipped, threads: 1 })));
    await prepared.prepareToTeach(new Uint8Array(shipped));
    const [first, second] = await teachInTurn(plain);
    assert.deepEqual(await teachInTurn(prepared), [first, second]);
    plain.importWeights(shipped); // nothing is remembered of these weights now
    plain.importWeights(first);
    await plain.fineTune(lessons[1], { epochs: 6, maxLoss: 100 });
    assert.deepEqual(await bytes(plain), second);
    plain.dispose();
    prepared.dispose();
  });

  test('weights that were taught, or given to be, are the caller’s: what becomes of them changes no later lesson', async () => {
    const samples = [{ drawing: draw(shapes.crossedSeven, 0), label: 7 }];
    const options = { epochs: 4, maxLoss: 100 };
    const other = await loadEngine({ weights: null, threads: 1 });
    const [given, original] = [new Uint8Array(shipped).slice(), new Uint8Array(shipped)];
    await other.prepareToTeach(given);
    const blank = (bytes) => {
      const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      file.write('no check', file.indexOf('checksum')); // which would tell of it
      file.fill(0, file.length - 4096);
    };
    blank(given);
    const taught = await other.teach(given, samples, options);
    const afresh = await loadEngine({ weights: null, threads: 1 });
    assert.deepEqual(taught, { ...(await afresh.teach(given, samples, options)), report: taught.report });
    assert.deepEqual(taught.report.heldBack, (await afresh.teach(given, samples, options)).report.heldBack);
    const { weights } = await other.teach(original, samples, options);
    blank(weights);
    const [{ report }, expected] = [
      await other.teach(weights, samples, options),
      await afresh.teach(weights, samples, options),
    ];
    assert.deepEqual(report.heldBack, expected.report.heldBack);
    for (const engine of [other, afresh]) engine.dispose();
  });

  test('a network that gives too much of each picture for it to be kept is taught, too', async () => {
    const other = await loadEngine({ weights: null, threads: 1 });
    const layers = [{ type: 'conv2d', units: 16, kernel: 1 }, { type: 'relu' }, { type: 'dense', units: 10 }];
    const trainer = other.createTrainer({ layers, seed: 1 });
    const weights = new Uint8Array(trainer.exportWeights());
    trainer.dispose();
    const samples = [{ drawing: draw(shapes.crossedSeven, 0), label: 7 }];
    const taught = await other.teach(weights, samples, { epochs: 4, maxLoss: 100 });
    assert.ok(taught.report.after.loss < taught.report.before.loss, JSON.stringify(taught.report));
    await other.prepareToTeach(weights);
    assert.deepEqual((await other.teach(weights, samples, { epochs: 4, maxLoss: 100 })).weights, taught.weights);
    other.dispose();
  });

  test('digits may be named as readings name them, and are no symbols then', async () => {
    const other = await loadEngine({ threads: 1 });
    const weights = await bytes(other);
    const { frame, label } = other.classify(draw(shapes.six, 0));
    assert.equal(label, '6');
    const [named, counted] = [
      await other.teach(weights, [{ frame, label }], { epochs: 2, maxLoss: 100 }),
      await other.teach(weights, [{ frame, label: 6 }], { epochs: 2, maxLoss: 100 }),
    ];
    assert.ok(named.weights);
    assert.deepEqual(named.weights, counted.weights);
    other.dispose();
  });

  test('cancelled in the middle, or failed, it leaves the old weights bit for bit', async () => {
    reset();
    const before = await bytes(engine);
    const sample = { drawing: draw(shapes.crossedSeven, 0), label: 7 };
    const abort = new AbortController();
    const reason = new Error('enough');
    const onProgress = ({ step }) => step === 3 && abort.abort(reason);
    await assert.rejects(engine.fineTune([sample], { signal: abort.signal, onProgress }), reason);
    assert.deepEqual(await bytes(engine), before);
    const blank = { data: new Uint8ClampedArray(400).fill(255), width: 10, height: 10 };
    for (const [samples, options, message] of [
      [[], {}, /samples: expected an array of at least one/],
      [undefined, {}, /samples/],
      [[sample, { drawing: blank, label: 1 }], {}, /samples\[1\].drawing: there is no ink/],
      [[sample, { drawing: 'seven', label: 1 }], {}, /^samples\[1\]\.drawing: expected an ImageData/],
      [[{ drawing: { ...blank, width: 9 }, label: 1 }], {}, /^samples\[0\]\.drawing\.data: expected 4 × 9 × 10/],
      [[{ frame: new Uint8Array(3), label: 1 }], {}, /samples\[0\].frame.*784/],
      [[{ frame: null, label: 1 }], {}, /samples\[0\].frame: there is no ink in it/],
      [[{ ...sample, label: 10 }], {}, /samples\[0\].label/],
      [[{ ...sample, label: ['7'] }], {}, /samples\[0\].label.*Array/],
      [[{ ...sample, label: '' }], {}, /samples\[0\].label/],
      [[{ ...sample, label: 'a name of many letters' }], {}, /samples\[0\].label/],
      [[sample], { epochs: 0 }, /epochs/],
      [[sample], { epoch: 5 }, /^epoch: no such option of fineTune; there are epochs, /],
      [[sample], { learningRate: NaN }, /learningRate/],
      [[sample], { maxLoss: -1 }, /maxLoss/],
      [[sample], { scope: 'tail' }, /scope/],
      [[sample], null, /^options: /],
      [[sample], { signal: new AbortController() }, /^signal: expected an AbortSignal, got AbortController$/],
      [[sample], { onProgress: 'often' }, /^onProgress: expected a function, got "often"$/],
      [
        [sample],
        {
          onProgress: () => {
            throw new TypeError('the caller stumbles');
          },
        },
        /the caller stumbles/,
      ],
    ]) {
      await assert.rejects(engine.fineTune(samples, options), { message }, String(message));
      assert.deepEqual(await bytes(engine), before);
    }
  });

  test('without the pictures to rehearse nothing is learnt, and the error says what is missing', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'inkdigit-'));
    await cp(packageFolder, folder, { recursive: true });
    await rm(path.join(folder, 'weights/rehearsal.safetensors'));
    const other = await loadEngine({ threads: 1, baseUrl: pathToFileURL(`${folder}/`).href });
    const before = await bytes(other);
    const samples = [{ drawing: draw(shapes.six, 0), label: 6 }];
    await assert.rejects(other.fineTune(samples), { code: 'load', message: /rehearsal\.safetensors/ });
    for (const [wrongSamples, options, message] of [
      [samples, null, /^options: /],
      [samples, { signal: new AbortController() }, /^signal: /],
      [[{ ...samples[0], label: 10 }], {}, /^samples\[0\]\.label: /],
    ]) {
      const expected = { code: 'input', message };
      await assert.rejects(other.fineTune(wrongSamples, options), expected, 'before they are asked for');
    }
    assert.deepEqual(await bytes(other), before);
    other.dispose();
    await rm(folder, { recursive: true });
  });

  test('undo goes back, lesson by lesson and import by import, ten times at most', async () => {
    const other = await loadEngine({ threads: 1 });
    assert.equal(other.undo(), false);
    const start = await bytes(other);
    await other.fineTune([{ drawing: draw(mirrored(shapes.nine), 0), label: 9 }]);
    const taught = await bytes(other);
    assert.notDeepEqual(taught, start);
    assert.throws(() => other.importWeights(start.slice(0, -4)), { code: 'weights' });
    assert.equal(other.undo(), true);
    assert.deepEqual(await bytes(other), start);
    assert.equal(other.undo(), false);
    for (let i = 0; i < 12; ++i) other.importWeights(i % 2 ? start : taught);
    let undone = 0;
    while (other.undo()) ++undone;
    assert.equal(undone, 10);
    other.dispose();
  });

  test('what was learnt can be exported and taken elsewhere', async () => {
    reset();
    await engine.fineTune([{ drawing: draw(mirrored(shapes.nine), 0), label: 9 }]);
    const other = await loadEngine({ threads: 1, weights: await engine.exportWeights() });
    assert.deepEqual(await bytes(other), await bytes(engine));
    for (const n of range(0, 5)) {
      const [a, b] = [engine, other].map((one) => one.classify(draw(mirrored(shapes.nine), n)));
      assert.equal(a.label, b.label);
    }
    other.dispose();
  });

  test('lessons leave no memory behind', async () => {
    reset();
    const lesson = () =>
      engine.fineTune([{ drawing: draw(shapes.crossedSeven, 0), label: 7 }], { epochs: 2, maxLoss: 5 });
    await lesson();
    const start = engine.memory();
    for (let i = 0; i < 3; ++i) await lesson();
    assert.equal(engine.memory().liveObjects, start.liveObjects);
    assert.ok(Math.abs(engine.memory().heapBytes - start.heapBytes) < 1000, JSON.stringify([start, engine.memory()]));
  });

  test('lessons that are given at once take turns; one whose weights are changed meanwhile is not taken', async () => {
    const other = await loadEngine({ threads: 1 });
    const lesson = (strokes, label, options) =>
      other.fineTune(
        range(0, 3).map((n) => ({ drawing: draw(strokes, n), label })),
        options,
      );
    await Promise.all([lesson(shapes.tick, 'tick'), lesson(shapes.cross, 'cross'), other.removeSymbol('tick')]);
    for (const symbols of [['cross'], ['tick', 'cross'], ['tick'], []]) {
      assert.deepEqual(other.symbols, symbols);
      assert.equal(other.undo(), symbols.length > 0);
    }
    const onProgress = ({ step }) => step === 3 && other.importWeights(shipped);
    await assert.rejects(lesson(shapes.tick, 'tick', { onProgress }), { code: 'input', message: /changed meanwhile/ });
    assert.deepEqual(await bytes(other), new Uint8Array(shipped));
    other.dispose();
  });

  test('changes that wait for something give way to importWeights and undo, which do not: nothing is lost', async () => {
    const other = await loadEngine({ threads: 1 });
    const lesson = () =>
      other.fineTune([{ drawing: draw(shapes.tick, 0), label: 'tick' }], { epochs: 4, maxLoss: 100 });
    assert.ok((await lesson()).accepted);
    const taught = await bytes(other);
    const changes = {
      removeSymbol: () => other.removeSymbol('tick'),
      resetWeights: () => other.resetWeights(),
      'resetWeights, in its turn': () => {
        assert.rejects(lesson());
        return other.resetWeights();
      },
    };
    const foreign = new Uint8Array(other.createTrainer().exportWeights());
    const overtakers = { importWeights: () => other.importWeights(foreign), undo: () => other.undo() };
    for (const [change, begin] of Object.entries(changes)) {
      for (const [overtaker, overtake] of Object.entries(overtakers)) {
        for (const weights of [foreign, taught]) other.importWeights(weights);
        const overtaken = assert.rejects(begin(), { code: 'input', message: /changed meanwhile/ }, change);
        overtake();
        await overtaken;
        assert.deepEqual(await bytes(other), foreign, `${change}, ${overtaker}`);
      }
    }
    other.dispose();
  });

  describe('own symbols', () => {
    test('are added, told apart from digits and from each other, and removed', async () => {
      reset();
      assert.deepEqual(engine.symbols, []);
      const samples = (strokes, label) => range(0, 5).map((n) => ({ drawing: draw(strokes, n), label }));
      const ticks = samples(shapes.tick, '✓');
      const crosses = samples(shapes.cross, 'cross');
      // Earlier samples of symbols come along: the package has none of its own to rehearse.
      for (const taught of [ticks, [...ticks, ...crosses]]) {
        // A lesson goes only as far as the pictures held back allow, so that a symbol may take a second.
        let report;
        for (let lesson = 0; lesson < 3 && report?.after.correct !== taught.length; ++lesson) {
          report = await engine.fineTune(taught);
          assert.ok(report.accepted && fineOnMnist(report), JSON.stringify(report));
        }
        assert.equal(report.after.correct, taught.length);
      }
      assert.deepEqual(engine.symbols, ['✓', 'cross']);
      const readTicks = countRead(shapes.tick, range(5, 15), '✓');
      const readCrosses = countRead(shapes.cross, range(5, 15), 'cross');
      assert.ok(readTicks >= 9 && readCrosses >= 9, `${readTicks} ticks and ${readCrosses} crosses of 10 each`);
      for (const [shape, label] of [
        ['seven', '7'],
        ['four', '4'],
        ['six', '6'],
        ['nine', '9'],
      ]) {
        assert.ok(countRead(shapes[shape], range(0, 10), label) >= 9, `${shape} is still read`);
      }
      const reading = engine.classify(draw(shapes.tick, 7));
      assert.deepEqual([reading.digit, reading.label, reading.probabilities.length], [-1, '✓', 12]);
      assert.equal(engine.classifyBatch(new Float32Array(784 * 3)).length, 36);
      const blank = engine.classify({ data: new Uint8ClampedArray(400).fill(255), width: 10, height: 10 });
      assert.deepEqual([blank.label, [...blank.probabilities]], ['', Array(12).fill(0)]);

      const exported = await engine.exportWeights();
      const other = await loadEngine({ threads: 1, weights: exported });
      assert.deepEqual(other.symbols, ['✓', 'cross']);
      assert.equal(other.classify(draw(shapes.cross, 6)).label, 'cross');
      other.dispose();

      await engine.removeSymbol('✓');
      assert.deepEqual(engine.symbols, ['cross']);
      assert.ok(countRead(shapes.cross, range(5, 15), 'cross') >= 9, 'the other one is still read');
      assert.equal(countRead(shapes.tick, range(5, 15), '✓'), 0);
      assert.ok(engine.undo());
      assert.deepEqual([engine.symbols, new Uint8Array(exported)], [['✓', 'cross'], await bytes(engine)]);
    });

    test('have names that can be told from digits and each other, in files, too', async () => {
      reset();
      const before = await bytes(engine);
      await assert.rejects(engine.removeSymbol('tick'), { code: 'input', message: /none named "tick"/ });
      await assert.rejects(engine.removeSymbol(3), { code: 'input', message: /name/ });
      await engine.fineTune([{ drawing: draw(shapes.tick, 0), label: 'tick' }]);
      const good = await engine.exportWeights();
      for (const [names, message] of [
        ['["tick","x"]', /12|11/],
        ['["7"]', /7 is a digit/],
        ['[""]', /1 to 20/],
        ['[1]', /array of names/],
        ['{"a":1}', /array of names/],
        ['"tick"', /array of names/],
        [`[${JSON.stringify('x'.repeat(21))}]`, /1 to 20/],
      ]) {
        const damaged = withMetadata(good, 'symbols', names);
        const now = await bytes(engine);
        assert.throws(() => engine.importWeights(damaged), { code: 'weights', message }, names);
        assert.deepEqual(await bytes(engine), now);
      }
      assert.ok(engine.undo());
      assert.deepEqual(await bytes(engine), before);
    });
  });
});

/** A safetensors file with another text in its metadata, and without a checksum, as somebody's who means it. */
function withMetadata(buffer, key, text) {
  const {
    metadata: { checksum, ...metadata },
    tensors,
    data,
  } = readHeader(new Uint8Array(buffer));
  assert.ok(checksum && key in metadata);
  const json = new TextEncoder().encode(JSON.stringify({ __metadata__: { ...metadata, [key]: text }, ...tensors }));
  const padded = new Uint8Array(Math.ceil(json.length / 8) * 8).fill(0x20);
  padded.set(json);
  const file = new Uint8Array(8 + padded.length + data.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(padded.length), true);
  file.set(padded, 8);
  file.set(data, 8 + padded.length);
  return file;
}
