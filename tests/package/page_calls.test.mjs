// Calls of the package's worker, in Chromium: their order and their end.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { neverComes, usePages, workersEnd } from './page_support.mjs';

const { open } = usePages();

describe('calls in a page', () => {
  test('answers many calls in order', async (t) => {
    const { page } = await open(t);
    const {
      order,
      digits: read,
      labels,
    } = await page.evaluate(async () => {
      const classifier = await inkdigit.createClassifier();
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = 56;
      canvas.getContext('2d').putImageData(drawings[1], 0, 0);
      const file = await new Promise((resolve) => canvas.toBlob(resolve));
      const order = [];
      const pictures = [drawings[0], file, canvas, drawings[3], file, drawings[0]];
      const results = await Promise.all(
        pictures.map(async (picture, i) => {
          const { digit } = await classifier.classify(picture);
          order.push(i);
          return digit;
        }),
      );
      classifier.dispose();
      return { order, digits: results, labels: [0, 1, 1, 3, 1, 0].map((i) => labels[i]) };
    });
    assert.deepEqual(order, [0, 1, 2, 3, 4, 5]);
    assert.deepEqual(read, labels);
  });

  test('answers calls that change the weights in order with all others', async (t) => {
    const { page } = await open(t);
    const result = await page.evaluate(async () => {
      const trainer = await inkdigit.createTrainer({ layers: [{ type: 'dense', units: 10 }] });
      const weights = await trainer.exportWeights();
      trainer.dispose();
      const classifier = await inkdigit.createClassifier();
      const order = [];
      const told = (name, call) => call.then((answer) => (order.push(name), answer));
      const read = (name) =>
        told(name, classifier.classify(drawings[0])).then(({ probabilities }) => [...probabilities]);
      const calls = [
        read('shipped'),
        told('import', classifier.importWeights(weights)),
        read('imported'),
        told('export', classifier.exportWeights()),
        told('undo', classifier.undo()),
        read('undone'),
        told('import again', classifier.importWeights(weights)),
        told('reset', classifier.resetWeights()),
        read('reset to'),
      ];
      const [shipped, , imported, exported, , undone, , , reset] = await Promise.all(calls);
      const inOrder = order.splice(0);
      // During a lesson they wait for it, and reading does not.
      await Promise.all([
        told('lesson', classifier.fineTune([{ drawing: drawings[0], label: labels[0] }])),
        told('import', classifier.importWeights(weights)),
        read('read'),
      ]);
      classifier.dispose();
      const bytes = [weights, exported].map((buffer) => [...new Uint8Array(buffer)]);
      return { shipped, imported, undone, reset, bytes, inOrder, order };
    });
    const { shipped, imported, undone, reset, bytes, inOrder, order } = result;
    const expected = ['shipped', 'import', 'imported', 'export', 'undo', 'undone', 'import again', 'reset', 'reset to'];
    assert.deepEqual(inOrder, expected);
    assert.notDeepEqual(imported, shipped);
    assert.deepEqual([undone, reset], [shipped, shipped]);
    assert.deepEqual(bytes[1], bytes[0]);
    assert.deepEqual(order, ['read', 'lesson', 'import']);
  });

  test('refuse what are no options', async (t) => {
    const { page } = await open(t);
    const failures = await page.evaluate(async () => {
      const classifier = await inkdigit.createClassifier();
      const trainer = await inkdigit.createTrainer({ layers: [{ type: 'dense', units: 10 }] });
      const samples = [{ drawing: drawings[0], label: 1 }];
      const dataset = { images: new Float32Array(784), labels: new Uint8Array(1) };
      const calls = [
        () => inkdigit.createClassifier(null),
        () => inkdigit.createClassifier('weights.safetensors'),
        () => inkdigit.createTrainer(null),
        () => inkdigit.train(dataset, null),
        () => classifier.fineTune(samples, null),
        () => trainer.fit(dataset, null),
        () => trainer.evaluate(dataset, null),
      ];
      const failures = [];
      for (const call of calls) failures.push(await failure(call));
      for (const each of [classifier, trainer]) each.dispose();
      return failures;
    });
    assert.equal(failures.length, 7);
    for (const { code, message } of failures) {
      assert.equal(code, 'input', message);
      assert.match(message, /^options: expected an object of named options,/);
    }
    await workersEnd(page);
  });

  test('refuse an option of another name before anything is fetched', async (t) => {
    const { page, server } = await open(t);
    const { length } = server.requests;
    const { code, message } = await page.evaluate(() => failure(() => inkdigit.createClassifier({ thread: 2 })));
    assert.equal(code, 'input', message);
    assert.match(message, /^thread: no such option of createClassifier; there are weights, .*workerUrl, signal$/);
    assert.equal(server.requests.length, length);
  });

  test('refuse what is no signal, and no function to tell of progress, before anything is fetched for them', async (t) => {
    const { page, server } = await open(t);
    await page.evaluate(async () => {
      globalThis.classifier = await inkdigit.createClassifier();
      globalThis.trainer = await inkdigit.createTrainer({ layers: [{ type: 'dense', units: 10 }] });
    });
    const { length } = server.requests;
    const failures = await page.evaluate(async () => {
      const samples = [{ drawing: drawings[0], label: 1 }];
      const dataset = { images: new Float32Array(784), labels: new Uint8Array(1) };
      const calls = {
        signal: [
          (options) => inkdigit.createClassifier(options),
          (options) => inkdigit.createTrainer(options),
          (options) => classifier.classify(drawings[0], options),
          (options) => classifier.classifyAll(drawings[0], options),
          (options) => classifier.prepareToLearn(options),
        ],
        both: [
          (options) => inkdigit.train(dataset, options),
          (options) => classifier.fineTune(samples, options),
          (options) => globalThis.trainer.fit(dataset, options),
          (options) => globalThis.trainer.evaluate(dataset, options),
        ],
      };
      const failures = [];
      for (const call of [...calls.signal, ...calls.both]) {
        failures.push(await failure(() => call({ signal: new AbortController() })));
      }
      for (const call of calls.both) failures.push(await failure(() => call({ onProgress: 'yes' })));
      return failures;
    });
    const expected = [
      ...Array(9).fill('signal: expected an AbortSignal, got AbortController'),
      ...Array(4).fill('onProgress: expected a function, got "yes"'),
    ];
    assert.deepEqual(
      failures.map(({ code, message }) => [code, message]),
      expected.map((message) => ['input', message]),
    );
    assert.equal(server.requests.length, length);
  });

  test('are given up as soon as they are aborted, and leave no worker', async (t) => {
    const { asked, intercept } = neverComes('/engine.js'); // what learns
    const { page } = await open(t, { intercept });
    const { before, reads } = await page.evaluate(async () => {
      globalThis.abort = new AbortController();
      globalThis.classifier = await inkdigit.createClassifier({ signal: abort.signal });
      const options = { signal: AbortSignal.abort(new Error('before')) };
      const calls = [
        () => inkdigit.createClassifier(options),
        () => inkdigit.createTrainer(options),
        () => classifier.classify(drawings[0], options),
        () => classifier.prepareToLearn(options),
      ];
      const before = [];
      for (const call of calls) before.push((await failure(call)).message);
      const [{ digit }] = await classifier.classifyAll(drawings[0], { signal: abort.signal });
      return { before, reads: digit === labels[0] };
    });
    assert.deepEqual([before, reads], [Array(4).fill('before'), true]);
    assert.equal(page.workers().length, 1);
    await page.evaluate(() => {
      const waiting = [
        failure(() => inkdigit.createTrainer({ signal: abort.signal })),
        failure(() => classifier.prepareToLearn({ signal: abort.signal })),
      ];
      classifier.resetWeights().catch(() => {}); // keeps the next call waiting
      waiting.push(failure(() => classifier.classify(drawings[0], { signal: abort.signal })));
      globalThis.waiting = Promise.all(waiting);
    });
    await asked;
    const after = await page.evaluate(async () => {
      abort.abort(new Error('enough'));
      return (await waiting).map(({ message }) => message);
    });
    assert.deepEqual(after, Array(3).fill('enough'));
    await workersEnd(page, { left: 2 }); // that of the classifier, and the one that is to learn
    await page.evaluate(() => classifier.dispose());
    await workersEnd(page);
  });

  test('are given up also while they are answered, and those after them are answered', async (t) => {
    const { page } = await open(t);
    await page.evaluate(async () => {
      globalThis.classifier = await inkdigit.createClassifier();
    });
    const [worker] = page.workers();
    await worker.evaluate(() => {
      const { createImageBitmap } = globalThis;
      globalThis.createImageBitmap = async (...args) => {
        await new Promise((resolve) => (globalThis.goOn = resolve));
        return createImageBitmap(...args);
      };
    });
    for (const method of ['classify', 'classifyAll']) {
      await page.evaluate(async (method) => {
        const canvas = new OffscreenCanvas(56, 56);
        canvas.getContext('2d').putImageData(drawings[0], 0, 0);
        globalThis.abort = new AbortController();
        globalThis.waiting = failure(() =>
          canvas.convertToBlob().then((file) => classifier[method](file, { signal: abort.signal })),
        );
      }, method);
      await worker.evaluate(async () => {
        while (!globalThis.goOn) await new Promise((resolve) => setTimeout(resolve, 10));
      });
      const { message } = await page.evaluate(() => {
        globalThis.next = classifier.classify(drawings[1]);
        abort.abort(new Error('enough'));
        return waiting; // the file is still being decoded
      });
      assert.equal(message, 'enough', method);
      await worker.evaluate(() => {
        globalThis.goOn();
        globalThis.goOn = undefined;
      });
      const isRead = await page.evaluate(async () => (await globalThis.next).digit === labels[1]);
      assert.ok(isRead, method);
    }
    await page.evaluate(() => classifier.dispose());
  });

  test('dispose ends the worker and rejects what waits', async (t) => {
    const { page } = await open(t, { isolated: true });
    const { failures, started } = await page.evaluate(async () => {
      const classifier = await inkdigit.createClassifier({ threads: 2 });
      let started = 0;
      globalThis.Worker = class extends Worker {
        constructor(...args) {
          ++started;
          super(...args);
        }
      };
      const waiting = [failure(() => classifier.classify(drawings[0])), failure(() => classifier.exportWeights())];
      classifier.dispose();
      classifier.dispose();
      const failures = await Promise.all([
        ...waiting,
        failure(() => classifier.classify(drawings[0])),
        failure(() => classifier.fineTune([{ drawing: drawings[0], label: 1 }])),
        failure(() => classifier.prepareToLearn()),
      ]);
      return { failures, started };
    });
    for (const { name, code } of failures) assert.deepEqual([name, code], ['InkdigitError', 'disposed']);
    assert.equal(started, 0, 'no worker, to learn');
    await workersEnd(page);
    await page.evaluate(async () => {
      const made = await Promise.all([inkdigit.createClassifier(), inkdigit.createTrainer()]);
      for (const each of made) each[Symbol.dispose](); // as `using` does
    });
    await workersEnd(page);
  });
});
