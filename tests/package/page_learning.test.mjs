// Learning and training by the package in a page, in Chromium.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { neverComes, usePages, workersEnd } from './page_support.mjs';

const pages = usePages();
const { open } = pages;

describe('learning in a page', () => {
  describe('fineTune', () => {
    /** A hand that writes a sign of its own for the 4: a box. */
    const helpers = () => {
      globalThis.drawBox = (side) => {
        const canvas = new OffscreenCanvas(100, 100);
        const context = canvas.getContext('2d');
        context.lineWidth = 8;
        context.strokeRect(30, 30, side, side * 1.2);
        return context.getImageData(0, 0, 100, 100);
      };
      globalThis.boxes = [30, 34, 38, 42, 46].map((side) => ({ drawing: drawBox(side), label: 4 }));
    };

    test('learns a sign, and goes on reading meanwhile', async (t) => {
      const { page } = await open(t);
      await page.evaluate(helpers);
      const { report, progress, meanwhile, box, digitsRead } = await page.evaluate(async () => {
        const classifier = await inkdigit.createClassifier();
        const progress = [];
        let tuning = true;
        const done = classifier
          .fineTune(boxes, { onProgress: (p) => progress.push(p) })
          .finally(() => (tuning = false));
        await classifier.classify(drawings[0]);
        const meanwhile = tuning;
        const report = await done;
        const box = await classifier.classify(drawBox(36)); // none it was shown
        let digitsRead = 0;
        for (const [i, drawing] of drawings.entries())
          digitsRead += (await classifier.classify(drawing)).digit === labels[i];
        classifier.dispose();
        return { report, progress, meanwhile, box: box.digit, digitsRead };
      });
      assert.ok(meanwhile);
      assert.deepEqual([report.samples, report.after.correct], [5, 5]);
      assert.ok(report.before.correct < 5 && report.after.loss < report.before.loss, JSON.stringify(report));
      assert.equal(progress.length, report.epochs);
      assert.equal(box, 4);
      assert.ok(digitsRead >= 11, `${digitsRead} of 12 digits still read right`);
    });

    test(
      'keeps no reading waiting while the weights that it starts from are fetched',
      { timeout: 60_000 },
      async (t) => {
        const { asked, intercept } = neverComes('/weights/inkdigit.safetensors');
        const { page } = await open(t, { intercept });
        await page.evaluate(async () => {
          globalThis.classifier = await inkdigit.createClassifier();
          classifier.prepareToLearn().catch(() => {});
        });
        await asked;
        assert.ok(await page.evaluate(async () => (await classifier.classify(drawings[0])).digit === labels[0]));
        await page.evaluate(() => classifier.dispose());
      },
    );

    test('finds what it needs when it was prepared for, and does without when that failed', async (t) => {
      const asked = [];
      let isOffline = true;
      const { page } = await open(t, {
        intercept: (pathname) => {
          asked.push(pathname);
          const isMissing = isOffline && pathname.endsWith('rehearsal.safetensors');
          return isMissing ? { type: 'text/plain', status: 503, body: '' } : undefined;
        },
      });
      await page.evaluate(helpers);
      const failed = await page.evaluate(async () => {
        globalThis.classifier = await inkdigit.createClassifier();
        return failure(() => classifier.prepareToLearn());
      });
      assert.equal(failed.code, 'load');
      assert.match(failed.message, /rehearsal/);
      isOffline = false;
      await page.evaluate(() => classifier.prepareToLearn());
      const prepared = asked.splice(0);
      for (const file of ['rehearsal.safetensors', 'inkdigit.safetensors', 'inkdigit.wasm', 'engine.js']) {
        assert.ok(
          prepared.some((pathname) => pathname.endsWith(file)),
          file,
        );
      }
      const accepted = await page.evaluate(async () => (await classifier.fineTune(boxes)).accepted);
      assert.ok(accepted);
      assert.deepEqual(asked, []);
    });

    test(
      'ends with dispose also while its worker loads, and leaves none afterwards',
      { timeout: 60_000 },
      async (t) => {
        const { asked, intercept } = neverComes('/engine.js');
        const { page } = await open(t, { intercept });
        await page.evaluate(helpers);
        await page.evaluate(async () => {
          globalThis.classifier = await inkdigit.createClassifier();
          globalThis.waiting = failure(() => classifier.fineTune(boxes));
        });
        while (page.workers().length < 2) await page.waitForEvent('worker'); // the lesson's own
        await asked;
        const failures = await page.evaluate(async () => {
          classifier.dispose();
          return [await waiting, await failure(() => classifier.fineTune(boxes))];
        });
        for (const { code, message } of failures) assert.equal(code, 'disposed', message);
        await workersEnd(page);
      },
    );

    test('is given by another worker when that of the last one broke down', async (t) => {
      const { page } = await open(t);
      await page.evaluate(helpers);
      await page.evaluate(async () => {
        globalThis.classifier = await inkdigit.createClassifier();
        await classifier.prepareToLearn();
      });
      await page.workers()[1].evaluate(() => {
        setTimeout(() => {
          throw new Error('broken');
        });
      });
      const broken = await page.evaluate(() => failure(() => classifier.fineTune(boxes, { epochs: 1000, maxLoss: 0 })));
      assert.match(broken.message, /broken/);
      assert.ok(await page.evaluate(async () => (await classifier.fineTune(boxes)).accepted));
    });

    test('is given by the build that the classifier was asked to use', async (t) => {
      const { page } = await open(t);
      const files = [];
      page.on('request', (request) => files.push(request.url()));
      await page.evaluate(async () => {
        const classifier = await inkdigit.createClassifier({ simd: 'baseline' });
        await classifier.prepareToLearn();
        classifier.dispose();
      });
      const engines = files.filter((url) => /\/wasm[^/]*\/[^/]*\.wasm$/.test(url)).map((url) => url.split('/').at(-2));
      assert.ok(engines.includes('wasm'), engines.join());
      assert.ok(!engines.some((folder) => folder.includes('relaxed')), engines.join());
    });

    test('keeps the old weights when it is aborted or fails', async (t) => {
      const { page } = await open(t);
      await page.evaluate(helpers);
      const result = await page.evaluate(async () => {
        const classifier = await inkdigit.createClassifier();
        const read = async () => [...(await classifier.classify(drawBox(36))).probabilities];
        const before = await read();
        const abort = new AbortController();
        const aborted = await failure(() =>
          classifier.fineTune(boxes, {
            signal: abort.signal,
            epochs: 1000,
            onProgress: () => abort.abort(new Error('enough')),
          }),
        );
        // One that waits for its turn is given up at once.
        const first = classifier.fineTune(boxes, { maxLoss: 0 });
        let isFirstDone = false;
        first.then(() => (isFirstDone = true));
        const waits = new AbortController();
        const given = failure(() => classifier.fineTune(boxes, { signal: waits.signal }));
        waits.abort(new Error('no longer'));
        const { message } = await given;
        const givenUp = { message, isFirstDone };
        await first;
        await classifier.resetWeights();
        const blank = new ImageData(20, 20);
        const text = new Blob(['hello'], { type: 'text/plain' });
        const failures = [
          await failure(() => classifier.fineTune([])),
          await failure(() => classifier.fineTune({ drawing: blank, label: 1 })),
          await failure(() => classifier.fineTune([{ drawing: blank, label: 1 }])),
          await failure(() => classifier.fineTune([{ drawing: drawings[0], label: 10 }])),
          await failure(() => classifier.fineTune([{ frame: new Uint8Array(3), label: 1 }])),
          await failure(() => classifier.fineTune(boxes, { learningRate: NaN })),
          await failure(() => classifier.fineTune([...boxes, { drawing: 'seven', label: 7 }])),
          await failure(() => classifier.fineTune([...boxes, { drawing: new Image(), label: 7 }])),
          await failure(() => classifier.fineTune([...boxes, { drawing: text, label: 7 }])),
        ];
        const after = await read();
        const waiting = failure(() =>
          classifier.fineTune(boxes, { epochs: 1000, onProgress: () => classifier.dispose() }),
        );
        return { before, after, aborted, givenUp, failures, disposed: await waiting };
      });
      assert.equal(result.aborted.message, 'enough');
      assert.deepEqual(result.givenUp, { message: 'no longer', isFirstDone: false });
      for (const { code, message } of result.failures) assert.equal(code, 'input', message);
      assert.match(result.failures[2].message, /samples\[0\].*no ink/);
      const ofPictures = [/an ImageData/, /one of at least 1 pixel/, /This file .* is not a picture/];
      ofPictures.forEach((message, i) => {
        assert.match(result.failures[6 + i].message, /^samples\[5\]\.drawing: /);
        assert.match(result.failures[6 + i].message, message);
      });
      assert.deepEqual(result.after, result.before);
      assert.equal(result.disposed.code, 'disposed');
    });
  });

  test('trains in a worker: steps, epochs, abort', async (t) => {
    const { page } = await open(t, { isolated: true });
    const result = await page.evaluate(
      async ({ images, labels }) => {
        const dataset = { images: Uint8Array.from(images), labels: Uint8Array.from(labels) };
        const trainer = await inkdigit.createTrainer({
          layers: [{ type: 'dense', units: 10 }],
          learningRate: 0.01,
          threads: 2,
        });
        const floats = Float32Array.from(dataset.images, (v) => v / 255);
        const losses = [await trainer.step(floats, dataset.labels), await trainer.step(floats, dataset.labels)];
        let progressed = 0;
        const report = await trainer.fit(dataset, { epochs: 5, batchSize: 30, onProgress: () => ++progressed });
        const abort = new AbortController();
        const aborted = await failure(() =>
          trainer.fit(dataset, {
            epochs: 1e6,
            signal: abort.signal,
            onProgress: () => abort.abort(new Error('enough')),
          }),
        );
        const late = await failure(() => trainer.fit(dataset, { signal: abort.signal }));
        const misspelt = await failure(() => inkdigit.train(dataset, { epoch: 5, threads: 1 }));
        const usable = (await trainer.step(floats, dataset.labels)) < losses[0];
        trainer.dispose();
        const head = await inkdigit.createTrainer({ scope: 'head' });
        const features = await head.features(floats);
        const headLoss = await head.step(features, dataset.labels);
        head.dispose();
        const small = await inkdigit.createTrainer({
          layers: [{ type: 'conv2d', units: 4, kernel: 1 }, { type: 'max_pool2d' }, { type: 'dense', units: 10 }],
        });
        const weights = await small.exportWeights();
        small.dispose();
        const onFeatures = async (areFeatures) => {
          const trainer = await inkdigit.createTrainer({ weights, scope: 'head' });
          const images = areFeatures ? await trainer.features(floats) : floats;
          const loss = await trainer.step(images, dataset.labels, { areFeatures });
          trainer.dispose();
          return loss;
        };
        const told = [await onFeatures(true), await onFeatures(false)];
        return {
          losses,
          report,
          progressed,
          aborted,
          late,
          misspelt,
          usable,
          features: features.length,
          headLoss,
          told,
        };
      },
      { images: [...pages.digits.images], labels: [...pages.digits.labels] },
    );
    assert.ok(result.losses[1] < result.losses[0]);
    assert.deepEqual([result.report.steps, result.progressed], [10, 10]);
    assert.equal(result.aborted.message, 'enough');
    assert.match(result.misspelt.message, /^epoch: no such option of createTrainer; there are /);
    assert.equal(result.late.message, 'enough');
    assert.ok(result.usable);
    assert.equal(result.features, 60 * 9216);
    assert.ok(result.headLoss < 1);
    assert.equal(result.told[0], result.told[1]); // as many features as pixels
  });

  test('train that is aborted while it loads rejects at once, and leaves no worker', { timeout: 60_000 }, async (t) => {
    let asks, letThrough;
    const asked = new Promise((resolve) => (asks = resolve));
    const late = new Promise((resolve) => (letThrough = resolve));
    const { page } = await open(t, {
      intercept(pathname) {
        if (pathname !== '/engine.js') return undefined;
        asks();
        return late;
      },
    });
    await page.evaluate(() => {
      const dataset = { images: new Uint8Array(784), labels: new Uint8Array(1) };
      globalThis.abort = new AbortController();
      globalThis.waiting = failure(() => inkdigit.train(dataset, { signal: abort.signal }));
    });
    await asked;
    const { message } = await page.evaluate(() => {
      abort.abort(new Error('enough'));
      return waiting;
    });
    assert.equal(message, 'enough');
    letThrough();
    await workersEnd(page);
  });

  test('what is aborted before its turn is given up at once, and the others keep their turns', async (t) => {
    const { page } = await open(t);
    const message = await page.evaluate(
      async ({ images, labels }) => {
        const dataset = { images: Uint8Array.from(images), labels: Uint8Array.from(labels) };
        const trainer = await inkdigit.createTrainer({ layers: [{ type: 'dense', units: 10 }] });
        const [endless, waiting] = [new AbortController(), new AbortController()];
        const fitting = failure(() => trainer.fit(dataset, { epochs: 1e6, signal: endless.signal }));
        const evaluating = failure(() => trainer.evaluate(dataset, { signal: waiting.signal }));
        const last = trainer.exportWeights();
        waiting.abort(new Error('enough'));
        const { message } = await evaluating; // while the fit goes on
        endless.abort();
        await Promise.all([fitting, last]);
        trainer.dispose();
        return message;
      },
      { images: [...pages.digits.images], labels: [...pages.digits.labels] },
    );
    assert.equal(message, 'enough');
  });

  test('pause overtakes what waits; what only looks is answered meanwhile', async (t) => {
    const { page } = await open(t);
    const result = await page.evaluate(
      async ({ images, labels }) => {
        const dataset = { images: Uint8Array.from(images), labels: Uint8Array.from(labels) };
        const trainer = await inkdigit.createTrainer({ layers: [{ type: 'dense', units: 10 }] });
        await trainer.load('digits', dataset);
        let steps = 0;
        const abort = new AbortController();
        const fitting = trainer.fit('digits', { epochs: 1e6, signal: abort.signal, onProgress: () => ++steps });
        const last = trainer.memory(); // waits for its turn
        await trainer.pause();
        trainer.load('others', dataset);
        const { count, confusion } = await trainer.evaluate('others');
        const paused = steps;
        const layers = await trainer.activations(Float32Array.from(dataset.images.subarray(0, 784), (v) => v / 255));
        const stood = steps === paused;
        await trainer.resume();
        await trainer.pause();
        await new Promise((resolve) => {
          const look = () => (steps > paused ? resolve() : trainer.resume().then(look));
          look();
        });
        abort.abort(new Error('enough'));
        const aborted = await failure(() => fitting);
        await last;
        trainer.dispose();
        const trained = await inkdigit.train(dataset, {
          layers: [{ type: 'dense', units: 10 }],
          epochs: 30,
          learningRate: 0.01,
          threads: 1,
        });
        const classifier = await inkdigit.createClassifier({ weights: trained.weights });
        const { digit } = await classifier.classify(drawings[0]);
        classifier.dispose();
        return {
          count,
          classes: confusion.length,
          layers: layers.length,
          stood,
          aborted,
          epochs: trained.report.epochs,
          digit,
        };
      },
      { images: [...pages.digits.images], labels: [...pages.digits.labels] },
    );
    assert.equal(result.aborted.message, 'enough');
    assert.deepEqual(
      [result.count, result.classes, result.layers, result.stood, result.epochs, result.digit],
      [60, 100, 1, true, 30, pages.digits.labels[0]],
    );
  });

  test('learns a symbol of its own in a page, undoes it, and takes it up elsewhere', async (t) => {
    const { page } = await open(t);
    const result = await page.evaluate(async () => {
      const drawTick = (n) => {
        const canvas = new OffscreenCanvas(100, 100);
        const context = canvas.getContext('2d');
        context.lineWidth = 8;
        context.lineCap = context.lineJoin = 'round';
        context.moveTo(20 + n, 50);
        context.lineTo(42, 80 - n);
        context.lineTo(85 - n, 15 + n);
        context.stroke();
        return canvas;
      };
      const classifier = await inkdigit.createClassifier();
      const before = classifier.symbols;
      const canvas = drawTick(0);
      const pixels = drawTick(4).getContext('2d').getImageData(0, 0, 100, 100);
      const bitmap = await createImageBitmap(drawTick(8));
      const samples = [canvas, pixels, bitmap].map((drawing) => ({ drawing, label: 'tick' }));
      const learning = classifier.fineTune(samples);
      // They were taken as they looked.
      canvas.getContext('2d').clearRect(0, 0, 100, 100);
      pixels.data.fill(0);
      bitmap.close();
      const { accepted, after } = await learning;
      const symbols = classifier.symbols;
      const reading = await classifier.classify(drawTick(6));
      const weights = await classifier.exportWeights();
      const undone = [await classifier.undo(), await classifier.undo()];
      const gone = classifier.symbols;
      const digit = await classifier.classify(drawings[0]);
      await classifier.importWeights(weights);
      const again = classifier.symbols;
      await classifier.removeSymbol('tick');
      const removed = classifier.symbols;
      const unknown = await failure(() => classifier.removeSymbol('tick'));
      classifier.dispose();
      return {
        before,
        accepted,
        after,
        symbols,
        label: reading.label,
        undone,
        gone,
        digit: digit.label,
        again,
        removed,
        unknown,
      };
    });
    assert.ok(result.accepted && result.after.correct === 3, JSON.stringify(result));
    assert.deepEqual(
      [
        result.before,
        result.symbols,
        result.label,
        result.undone,
        result.gone,
        result.digit,
        result.again,
        result.removed,
      ],
      [[], ['tick'], 'tick', [true, false], [], `${pages.digits.labels[0]}`, ['tick'], []],
    );
    assert.equal(result.unknown.code, 'input');
  });
});
