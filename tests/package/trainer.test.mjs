// Training in Node.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { readSafetensors } from '../safetensors.js';
import { countCorrect, loadEngine, readMnist, toFloats } from './helpers.mjs';

/** A small network, so that tests are quick; the shipped one where it matters. */
const smallLayers = [
  { type: 'conv2d', units: 8, kernel: 3 },
  { type: 'relu' },
  { type: 'max_pool2d' },
  { type: 'dense', units: 32 },
  { type: 'tanh' },
  { type: 'dropout', rate: 0.2 },
  { type: 'dense', units: 10 },
];

describe('trainer', () => {
  let engine;
  let digits; // 64 of them
  let images;
  before(async () => {
    engine = await loadEngine({ precision: 'float32', threads: 1 });
    digits = await readMnist('train', 64);
    images = toFloats(digits.images);
  });
  after(() => engine.dispose());

  const train = (options, steps = 3, { labels = digits.labels, on = engine, data = images, ...stepOptions } = {}) => {
    const trainer = on.createTrainer(options);
    const losses = Array.from({ length: steps }, () => trainer.step(data, labels, stepOptions));
    const weights = trainer.exportWeights();
    trainer.dispose();
    return { losses, weights };
  };

  test('layers without a name get one that none was given', () => {
    const layers = [{ type: 'dense', units: 12, name: 'dense2' }, { type: 'dense', units: 11 }, { type: 'dense', units: 10 }]; // prettier-ignore
    const names = Object.keys(readSafetensors(train({ layers }, 0).weights)).filter((name) => name.endsWith('.weight'));
    assert.deepEqual(names.sort(), ['dense1.weight', 'dense2.weight', 'dense3.weight']);
  });

  test('a step changes what the next step sees', () => {
    const { losses } = train({ layers: smallLayers.filter(({ type }) => type !== 'dropout'), learningRate: 0.01 }, 30);
    assert.ok(Math.abs(losses[0] - Math.log(10)) < 1, `untrained: ${losses[0]}`);
    assert.notEqual(losses[1], losses[0]);
    assert.ok(losses.at(-1) < 0.3, `after 30 steps on one batch: ${losses.at(-1)}`);
  });

  test('trained weights change what is read', async () => {
    const frames = images.subarray(0, 784 * 10);
    const reader = await loadEngine({ weights: train({ layers: smallLayers }, 1).weights, threads: 1 });
    const untrained = reader.classifyBatch(frames);
    reader.importWeights(train({ layers: smallLayers, learningRate: 0.005 }, 40).weights);
    const trained = reader.classifyBatch(frames);
    assert.notDeepEqual(trained, untrained);
    assert.equal(countCorrect(trained, digits.labels.subarray(0, 10)), 10);
    reader.dispose();
  });

  test('the same seed gives the same weights, another seed others', () => {
    const bytes = (seed) => new Uint8Array(train({ layers: smallLayers, seed }).weights);
    assert.deepEqual(bytes(7), bytes(7));
    assert.notDeepEqual(bytes(7), bytes(8));
  });

  test('plain SGD goes against the gradient, by the learning rate', () => {
    const options = { layers: smallLayers, optimizer: { type: 'sgd', momentum: 0 }, seed: 3 };
    const start = readSafetensors(train(options, 0).weights)['dense2.weight'].values;
    const step = (learningRate) => {
      const { values } = readSafetensors(train({ ...options, learningRate }, 1).weights)['dense2.weight'];
      return values.map((value, i) => start[i] - value);
    };
    const [small, large] = [step(0.5), step(1)];
    const largest = Math.max(...large.map(Math.abs));
    assert.ok(largest > 1e-3);
    large.forEach((value, i) => assert.ok(Math.abs(value - 2 * small[i]) < 1e-4 * largest + 1e-7));
  });

  test('one thread and two agree', async () => {
    const two = await loadEngine({ precision: 'float32', threads: 2 });
    assert.equal(two.backend.threads, 2, two.backend.why);
    const a = engine.classifyBatch(images);
    const b = two.classifyBatch(images);
    a.forEach((p, i) => assert.ok(Math.abs(p - b[i]) < 1e-5));
    const onOne = train({ layers: smallLayers }, 5);
    const onTwo = train({ layers: smallLayers }, 5, { on: two });
    onOne.losses.forEach((loss, i) => assert.ok(Math.abs(loss - onTwo.losses[i]) < 1e-3 * loss));
    two.dispose();
  });

  test('goes on from given weights', () => {
    const options = { layers: smallLayers, learningRate: 0.005 };
    const { losses, weights } = train(options, 30);
    const resumed = train({ weights, learningRate: 1e-6 }, 1);
    assert.ok(resumed.losses[0] < losses[0] / 2, `${losses[0]} → ${resumed.losses[0]}`);
  });

  describe('of the head', () => {
    test('leaves the layers before it as they are', async () => {
      const weights = await engine.exportWeights();
      const [old, now] = [weights, train({ weights, scope: 'head' }, 2).weights].map(readSafetensors);
      for (const name of Object.keys(old)) {
        const [a, b] = [old[name].values, now[name].values];
        if (name.startsWith('conv')) assert.deepEqual(b, a, name);
        else assert.notDeepEqual(b, a, name);
      }
    });

    test('steps on cached features as on the images they come from', async () => {
      const options = { weights: await engine.exportWeights(), scope: 'head' };
      const trainer = engine.createTrainer(options);
      const features = trainer.features(images);
      trainer.dispose();
      assert.equal(features.length, 64 * 9216);
      assert.deepEqual(train(options, 2, { data: features }), train(options, 2));
    });

    test('is told features from pictures where a picture has as many of them as pixels', async () => {
      const layers = [{ type: 'conv2d', units: 4, kernel: 1 }, { type: 'max_pool2d' }, { type: 'dense', units: 10 }];
      const { weights } = train({ layers, learningRate: 0.01 }, 20);
      const options = { weights, scope: 'head' };
      const trainer = engine.createTrainer(options);
      const features = trainer.features(images);
      assert.equal(features.length, images.length);
      const { loss } = await trainer.evaluate(digits);
      assert.throws(() => trainer.step(features.with(5, NaN), digits.labels, { areFeatures: true }), {
        code: 'input',
        message: /images\[5\]: expected a finite number/,
      });
      trainer.dispose();
      const onImages = train(options, 2);
      assert.ok(Math.abs(onImages.losses[0] - loss) < 1e-5, `${onImages.losses[0]}, evaluated ${loss}`);
      assert.deepEqual(train(options, 2, { data: features, areFeatures: true }), onImages);
    });

    test('takes features in no other scope', () => {
      const trainer = engine.createTrainer({ layers: smallLayers });
      assert.throws(() => trainer.step(trainer.features(images), digits.labels, { areFeatures: true }), {
        code: 'input',
        message: /areFeatures.*scope 'head'/,
      });
      trainer.dispose();
    });

    test('needs weights', () => {
      assert.throws(() => engine.createTrainer({ scope: 'head' }), { code: 'input', message: /weights/ });
    });
  });

  test('refuses what it cannot train on, and stays as it was', () => {
    const trainer = engine.createTrainer({ layers: smallLayers });
    const weights = trainer.exportWeights();
    const refused = [
      [images, digits.labels.subarray(1), /64|63/],
      [images, [...digits.labels], /labels: expected a Uint8Array/],
      [images, new Uint8Array(64).fill(10), /label.*10/],
      [images, new Uint8Array(64).fill(255), /label.*255/],
      [images, new Uint8Array(0), /label/],
      [images.map((v) => v * 255), digits.labels, /images\[\d+\].*0 \(paper\) to 1/],
      [images.map((v, i) => (i === 5 ? NaN : v)), digits.labels, /images\[5\].*NaN/],
      [digits.images, digits.labels, /Float32Array.*Uint8Array/],
    ];
    for (const [x, y, message] of refused) assert.throws(() => trainer.step(x, y), { code: 'input', message });
    assert.deepEqual(trainer.exportWeights(), weights);
    trainer.dispose();
  });

  test('says when it diverges, and with what to train anew', async () => {
    const trainer = engine.createTrainer({ learningRate: 1e30 });
    trainer.load('some', { images: digits.images, labels: digits.labels });
    await assert.rejects(trainer.fit('some', { epochs: 3 }), {
      code: 'input',
      message: /diverged.*smaller learningRate/,
    });
    const weights = trainer.exportWeights();
    assert.ok(Number.isNaN(trainer.step(images, digits.labels)));
    assert.deepEqual(trainer.exportWeights(), weights);
    trainer.dispose();
  });

  test('a batch too large for its memory is an error, after which it goes on', () => {
    const trainer = engine.createTrainer();
    const expected = trainer.exportWeights();
    const count = 8192; // their first activations alone are 700 MB
    assert.throws(() => trainer.step(new Float32Array(784 * count), new Uint8Array(count)), {
      code: 'memory',
      message: /smaller batches/,
    });
    assert.deepEqual(trainer.exportWeights(), expected);
    assert.ok(trainer.step(images, digits.labels) > 0);
    trainer.dispose();
  });

  test('refuses options that make no sense', () => {
    const refused = [
      [null, /^options: /],
      [{ optimizer: 'adam' }, /optimizer.*"adam"/],
      [{ optimizer: 'toString' }, /optimizer.*"toString"/],
      [{ optimizer: { type: 'sgd', momentun: 0.5 } }, /momentun.*no such option/],
      [{ learningrate: 0.1 }, /^learningrate: no such option of createTrainer; there are weights, layers, /],
      [{ optimizer: { type: 'sgd', momentum: 2 } }, /momentum/],
      [{ learningRate: -1 }, /learningRate/],
      [{ seed: 1.5 }, /seed/],
      [{ scope: 'tail' }, /scope/],
      [{ layers: 'dense' }, /layers/],
      [{ layers: [{ type: 'dense' }] }, /units/],
      [{ layers: [{ type: 'lstm', units: 10 }] }, /lstm/],
      [{ layers: [{ type: 'toString' }] }, /toString/],
      [{ layers: [{ type: 'conv2d', units: 4, kernel: 29 }] }, /conv|kernel/],
    ];
    for (const [options, message] of refused) {
      assert.throws(() => engine.createTrainer(options), { code: 'input', message });
    }
  });

  test('fit and evaluate refuse what is no signal, and no function to tell of progress', async () => {
    const trainer = engine.createTrainer({ layers: smallLayers });
    for (const method of ['fit', 'evaluate']) {
      const call = (options) => trainer[method](digits, options);
      await assert.rejects(call({ signal: new AbortController() }), { code: 'input', message: /^signal: / });
      await assert.rejects(call({ onProgress: true }), { code: 'input', message: /^onProgress: / });
      await call({ signal: null, onProgress: null }); // as if they were not there
    }
    trainer.dispose();
  });

  describe('fit', () => {
    test('learns a dataset, tells how it goes, and lets others run', async () => {
      const trainer = engine.createTrainer({ layers: smallLayers, learningRate: 0.005 });
      const epochs = 60; // long enough for others to get a turn on a fast machine, too
      const progress = [];
      let otherTasks = 0;
      const timer = setInterval(() => ++otherTasks, 1);
      const report = await trainer.fit(digits, { epochs, batchSize: 20, onProgress: (p) => progress.push(p) });
      clearInterval(timer);
      assert.equal(report.steps, epochs * 4);
      assert.equal(report.losses.length, epochs);
      assert.ok(report.losses.at(-1) < report.losses[0] / 4, `${report.losses}`);
      assert.deepEqual(
        progress.map(({ step }) => step),
        Array.from({ length: epochs * 4 }, (_, i) => i + 1),
      );
      assert.deepEqual([progress.at(-1).epoch, progress.at(-1).secondsLeft], [epochs, 0]);
      assert.ok(otherTasks > 0);
      trainer.dispose();
    });

    test('ends early once the target is reached', async () => {
      const trainer = engine.createTrainer({ layers: smallLayers, learningRate: 0.005 });
      const { epochs, steps, losses } = await trainer.fit(digits, { epochs: 100, batchSize: 64, targetLoss: 0.5 });
      assert.deepEqual([steps, losses.length], [epochs, epochs]);
      assert.ok(epochs < 100 && losses.at(-1) <= 0.5 && losses.at(-2) > 0.5, `${losses}`);
      trainer.dispose();
    });

    test('takes bytes and floats alike', async () => {
      const fit = async (dataset) => {
        const trainer = engine.createTrainer({ layers: smallLayers });
        const { losses } = await trainer.fit(dataset);
        trainer.dispose();
        return losses[0];
      };
      assert.ok(Math.abs((await fit(digits)) - (await fit({ images, labels: digits.labels }))) < 1e-4);
    });

    test('is the same for the same seed, augmented too', async () => {
      const fit = async (seed, augment) => {
        const trainer = engine.createTrainer({ layers: smallLayers, seed });
        await trainer.fit(digits, { augment });
        const weights = new Uint8Array(trainer.exportWeights());
        trainer.dispose();
        return weights;
      };
      assert.deepEqual(await fit(1, true), await fit(1, true));
      assert.notDeepEqual(await fit(1, true), await fit(2, true));
      assert.notDeepEqual(await fit(1, true), await fit(1, false));
      assert.notDeepEqual(await fit(1, true), await fit(1, { rotation: 30 }));
    });

    test('stops when it is aborted, after a whole step', async () => {
      const trainer = engine.createTrainer({ layers: smallLayers });
      const abort = new AbortController();
      const reason = new Error('enough');
      let steps = 0;
      const fitting = trainer.fit(digits, {
        epochs: 1000,
        batchSize: 16,
        signal: abort.signal,
        onProgress: () => ++steps === 3 && abort.abort(reason),
      });
      await assert.rejects(fitting, reason);
      assert.equal(steps, 3);
      assert.ok(trainer.step(images, digits.labels) > 0);
      trainer.dispose();
    });

    test('stops when its trainer is disposed of', async () => {
      const trainer = engine.createTrainer({ layers: smallLayers });
      await assert.rejects(trainer.fit(digits, { epochs: 1000, onProgress: () => trainer.dispose() }), {
        code: 'disposed',
      });
    });

    test('refuses what is no dataset, and options that are none', async () => {
      const trainer = engine.createTrainer({ layers: smallLayers });
      for (const [dataset, options, message] of [
        [undefined],
        [{ images, labels: digits.labels.subarray(1) }],
        [digits, { epochs: 0 }],
        [digits, { batchSize: 1.5 }],
        [digits, { augment: 'much' }],
        [digits, null],
        [digits, { epoch: 5 }, /^epoch: no such option of fit; there are epochs, /],
        [digits, { augment: { rotate: 10 } }, /^rotate: no such option of augment; there are rotation, .*occlusion$/],
      ]) {
        await assert.rejects(trainer.fit(dataset, options), { code: 'input', message: message ?? /./ });
      }
      await assert.rejects(trainer.evaluate(digits, { probability: true }), {
        code: 'input',
        message: /^probability: /,
      });
      trainer.dispose();
    });
  });

  test('a fit epoch by epoch is the same as one fit', async () => {
    const weights = async (fits) => {
      const trainer = engine.createTrainer({ layers: smallLayers });
      for (const options of fits) await trainer.fit(digits, { ...options, batchSize: 16, augment: true });
      const bytes = new Uint8Array(trainer.exportWeights());
      trainer.dispose();
      return bytes;
    };
    const inOne = await weights([{ epochs: 3 }]);
    assert.deepEqual(await weights([{}, { firstEpoch: 1 }, { firstEpoch: 2 }]), inOne);
    assert.notDeepEqual(await weights([{}, {}, {}]), inOne);
  });

  test('a fit stands still while it is paused, and can be looked at and aborted', async () => {
    const trainer = engine.createTrainer({ layers: smallLayers });
    const abort = new AbortController();
    let steps = 0;
    const onProgress = () => {
      if (++steps === 3) trainer.pause();
    };
    const fitting = trainer.fit(digits, { epochs: 50, batchSize: 16, onProgress, signal: abort.signal });
    while (!trainer.paused) await new Promise(setImmediate);
    const { accuracy } = await trainer.evaluate(digits); // takes its time
    assert.ok(accuracy >= 0 && trainer.activations(images.subarray(0, 784)).length > 0);
    assert.equal(steps, 3);
    trainer.resume();
    while (steps < 6) await new Promise(setImmediate);
    trainer.pause();
    await trainer.evaluate(digits);
    const paused = steps;
    abort.abort(new Error('enough'));
    await assert.rejects(fitting, /enough/);
    assert.equal(steps, paused);
    const waiting = trainer.fit(digits); // one that begins while paused waits, too
    trainer.dispose();
    await assert.rejects(waiting, { code: 'disposed' });
  });

  test('what is evaluated while it is paused stays the same weights, also if it resumes meanwhile', async () => {
    const trainer = engine.createTrainer({ layers: smallLayers, learningRate: 0.01 });
    const repeated = (bytes) => Uint8Array.from({ length: 100 * bytes.length }, (_, i) => bytes[i % bytes.length]);
    const many = { images: repeated(digits.images), labels: repeated(digits.labels) };
    let steps = 0;
    const onProgress = () => {
      if (++steps === 3) trainer.pause();
    };
    const abort = new AbortController();
    const fitting = trainer.fit(digits, { epochs: 1e6, batchSize: 16, onProgress, signal: abort.signal });
    while (!trainer.paused) await new Promise(setImmediate);
    const before = await trainer.evaluate(many);
    const evaluations = [trainer.evaluate(many), trainer.evaluate(many)];
    trainer.resume();
    assert.equal(trainer.paused, false);
    assert.deepEqual(await Promise.all(evaluations), [before, before]);
    assert.equal(steps, 3);
    while (steps < 6) await new Promise(setImmediate);
    abort.abort(new Error('enough'));
    await assert.rejects(fitting, /enough/);
    trainer.dispose();
  });

  test('datasets can be kept under a name', async () => {
    const trainer = engine.createTrainer({ layers: smallLayers });
    trainer.load('digits', digits);
    assert.deepEqual(await trainer.evaluate('digits'), await trainer.evaluate(digits));
    assert.equal((await trainer.fit('digits', { batchSize: 32 })).steps, 2);
    await assert.rejects(trainer.fit('letters'), { code: 'input', message: /none named "letters"/ });
    assert.throws(() => trainer.load('digits', { images }), { code: 'input' });
    assert.throws(() => trainer.load(3, digits), { code: 'input', message: /name/ });
    trainer.dispose();
  });

  test('evaluate says what the weights, as they are now, make of a dataset', async () => {
    const start = await engine.exportWeights();
    const probabilities = engine.classifyBatch(images);
    for (const scope of ['all', 'head']) {
      const trainer = engine.createTrainer({ weights: start, scope, learningRate: 0.01 });
      const result = await trainer.evaluate(digits, { probabilities: true });
      assert.deepEqual([result.count, result.correct], [64, countCorrect(probabilities, digits.labels)]);
      assert.equal(result.accuracy, result.correct / 64);
      result.probabilities.forEach((p, i) => assert.ok(Math.abs(p - probabilities[i]) < 1e-5));
      const loss = digits.labels.reduce((sum, label, n) => sum - Math.log(probabilities[n * 10 + label]) / 64, 0);
      assert.ok(Math.abs(result.loss - loss) < 1e-3);
      digits.labels.forEach((label) => assert.ok(result.confusion[label * 10 + label] > 0));
      assert.equal(
        result.confusion.reduce((a, b) => a + b),
        64,
      );
      const wrong = digits.labels.map((label) => (label + 1) % 10);
      for (let i = 0; i < 40; ++i) trainer.step(images, wrong);
      const taught = await trainer.evaluate({ images, labels: wrong });
      assert.ok(taught.correct > 40, `${scope}: ${taught.correct} of 64 as they were taught`);
      await assert.rejects(trainer.evaluate({ images, labels: wrong.fill(10) }), {
        code: 'input',
        message: /below 10/,
      });
      trainer.dispose();
    }
  });

  test('activations are what each layer makes of a picture', async () => {
    const image = images.subarray(0, 784);
    for (const scope of ['all', 'head']) {
      const trainer = engine.createTrainer({ weights: await engine.exportWeights(), scope, learningRate: 0.01 });
      trainer.step(images, digits.labels);
      const layers = trainer.activations(image);
      assert.deepEqual(
        layers.map(({ name, type, shape }) => [name, type, ...shape]),
        [
          ['conv1', 'conv2d', 26, 26, 32],
          ['conv2', 'conv2d', 24, 24, 64],
          ['max_pool2d', 'max_pool2d', 12, 12, 64],
          ['dense1', 'dense', 128],
          ['tanh', 'tanh', 128],
          ['dense2', 'dense', 10],
        ],
      );
      const [conv, dense, tanh, logits] = [0, 3, 4, 5].map((i) => layers[i].data);
      assert.ok(conv.every((value) => value >= 0) && conv.some((value) => value > 0));
      tanh.forEach((value, i) => assert.ok(Math.abs(value - Math.tanh(dense[i])) < 1e-5));
      const reader = await loadEngine({ weights: trainer.exportWeights(), threads: 1 });
      const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
      reader.classifyBatch(image).forEach((p, i) => assert.ok(Math.abs(p - Math.exp(logits[i]) / total) < 1e-5));
      reader.dispose();
      assert.throws(() => trainer.activations(images), { code: 'input', message: /784/ });
      trainer.dispose();
    }
  });

  test('many steps need no more memory than a few', async () => {
    const trainer = engine.createTrainer({ layers: smallLayers });
    await trainer.fit(digits, { epochs: 3, batchSize: 24, augment: true }); // batches of two sizes
    await trainer.evaluate(digits);
    const { heapBytes } = engine.memory();
    await trainer.fit(digits, { epochs: 60, batchSize: 24, augment: true });
    await trainer.evaluate(digits);
    // The allocator rounds otherwise from time to time: bytes, not what a step needs.
    assert.ok(Math.abs(engine.memory().heapBytes - heapBytes) < 1000, `${heapBytes} → ${engine.memory().heapBytes}`);
    trainer.dispose();
  });
});
