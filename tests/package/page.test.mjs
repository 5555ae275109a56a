// The package in a page, in Chromium, under a strict policy: workers, pictures, order, dispose, learning.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launchBrowser } from '../browser/support.mjs';
import { drawFrame, packageFolder, readMnist, serve } from './helpers.mjs';

const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; base-uri 'none'";
const isolation = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
/** Resolves when the page has no more than so many workers left, with those that they started. */
async function workersEnd(page, { left = 0 } = {}) {
  while (page.workers().length > left) await page.workers().at(-1).waitForEvent('close', { timeout: 10_000 });
}

const testPage = { type: 'text/html', status: 200, body: '<!doctype html><title>Test</title>' };

describe('package in a page', () => {
  let browser;
  let digits;
  before(async () => {
    browser = await launchBrowser();
    digits = await readMnist('t10k', 60);
  });
  after(() => browser.close());

  /**
   * Opens an empty page that has the package at hand as globalThis.inkdigit, and MNIST drawings as
   * drawings[i] (ImageData) with labels[i]. `policyBroken` collects violations.
   */
  async function open(t, { isolated = false, hasImages = false, intercept = () => undefined } = {}) {
    const server = await serve(packageFolder, {
      headers: {
        'content-security-policy': hasImages ? `${policy}; img-src *` : policy,
        ...(isolated ? isolation : {}),
      },
      intercept: (pathname) => (pathname === '/test.html' ? testPage : intercept(pathname)),
    });
    const context = await browser.newContext();
    t.after(async () => {
      await context.close();
      await server.close();
      assert.deepEqual(problems, []);
    });
    const problems = [];
    const page = await context.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) problems.push(message.text());
    });
    await page.goto(`${server.url}test.html`);
    await page.evaluate(
      async ({ pictures, labels }) => {
        globalThis.inkdigit = await import('/index.js');
        globalThis.labels = labels;
        globalThis.drawings = pictures.map(
          ({ data, width, height }) => new ImageData(Uint8ClampedArray.from(data), width, height),
        );
        /** What a call throws, as plain data. */
        globalThis.failure = (call) =>
          Promise.resolve()
            .then(call)
            .then(
              () => ({ code: 'nothing was thrown' }),
              ({ name, code, message }) => ({ name, code, message }),
            );
      },
      {
        pictures: Array.from({ length: 12 }, (_, i) =>
          drawFrame(digits.images.subarray(i * 784, (i + 1) * 784), 2),
        ).map(({ data, width, height }) => ({ data: [...data], width, height })),
        labels: [...digits.labels.subarray(0, 12)],
      },
    );
    return { page, server };
  }

  test('without isolation it runs on one thread, and says so', async (t) => {
    const { page, server } = await open(t);
    const { backend, digit, label } = await page.evaluate(async () => {
      const classifier = await inkdigit.createClassifier({ threads: 2 });
      const { digit } = await classifier.classify(drawings[0]);
      classifier.dispose();
      return { backend: classifier.backend, digit, label: labels[0] };
    });
    assert.equal(backend.threads, 1);
    assert.match(backend.why, /not cross-origin isolated/);
    assert.equal(digit, label);
    assert.deepEqual(
      server.requests.filter((path) => path.endsWith('.wasm')),
      ['/wasm-relaxed/reader.wasm'],
    );
  });

  test('the whole engine and the float32 weights come when something is to be learnt', async (t) => {
    const { page, server } = await open(t);
    const fetched = () => server.requests.filter((path) => /\.(wasm|safetensors|gz)$/.test(path)).sort();
    await page.evaluate(async () => {
      globalThis.classifier = await inkdigit.createClassifier();
      await classifier.classify(drawings[0]);
    });
    const small = ['/wasm-relaxed/reader.wasm', '/weights/inkdigit.int8.safetensors.gz'];
    assert.deepEqual(fetched(), small);
    const before = await page.evaluate(() => classifier.classify(drawings[0]).then(({ digit }) => digit));
    const { accepted, precision, digit, undone, again } = await page.evaluate(async () => {
      const { accepted } = await classifier.fineTune([{ drawing: drawings[0], label: labels[0] }]);
      const { precision } = classifier.backend;
      const { digit } = await classifier.classify(drawings[0]);
      return { accepted, precision, digit, undone: await classifier.undo(), again: classifier.backend.precision };
    });
    assert.deepEqual([accepted, precision, digit, undone, again], [true, 'float32', before, true, 'int8']);
    for (const late of ['/wasm-relaxed/inkdigit.wasm', '/weights/inkdigit.safetensors']) {
      assert.ok(fetched().includes(late), fetched().join(' '));
    }
  });

  test('when isolated it reads on one thread, and learns on several', async (t) => {
    const { page, server } = await open(t, { isolated: true });
    const { backend, accepted } = await page.evaluate(async () => {
      const classifier = await inkdigit.createClassifier();
      const { backend } = classifier;
      const { accepted } = await classifier.fineTune([{ drawing: drawings[0], label: labels[0] }]);
      return { backend, accepted };
    });
    assert.equal(backend.threads, 1, backend.why);
    assert.ok(accepted);
    const fetched = new Set(server.requests.filter((path) => path.endsWith('.wasm')));
    assert.deepEqual([...fetched].sort(), ['/wasm-relaxed-threads/inkdigit.wasm', '/wasm-relaxed/reader.wasm']);
  });

  test('when isolated it runs on several if asked', async (t) => {
    const { page, server } = await open(t, { isolated: true });
    const { backend, same } = await page.evaluate(async () => {
      const classifier = await inkdigit.createClassifier({ threads: 2 });
      const { frame, probabilities } = await classifier.classify(drawings[0]);
      const frames = Float32Array.from({ length: 64 * 784 }, (_, i) => frame[i % 784] / 255);
      const batch = await classifier.classifyBatch(frames);
      classifier.dispose();
      return { backend: classifier.backend, same: probabilities.every((p, k) => Math.abs(p - batch[630 + k]) < 1e-5) };
    });
    assert.equal(backend.threads, 2, backend.why);
    assert.ok(same);
    assert.deepEqual(
      server.requests.filter((path) => path.endsWith('.wasm')),
      ['/wasm-relaxed-threads/reader.wasm'],
    );
  });

  for (const [what, broken] of Object.entries({
    'wasm file': '/wasm-relaxed-threads/reader.wasm',
    script: '/wasm-relaxed-threads/reader.js',
  })) {
    test(`when the threaded build's ${what} is missing, one thread does`, async (t) => {
      const { page } = await open(t, {
        isolated: true,
        intercept: (path) => (path === broken ? { status: 404, body: '' } : undefined),
      });
      const backend = await page.evaluate(async () => {
        const classifier = await inkdigit.createClassifier({ threads: 2 });
        await classifier.classify(drawings[0]);
        classifier.dispose();
        return classifier.backend;
      });
      assert.equal(backend.threads, 1);
      assert.match(backend.why, /threaded engine did not load/);
    });
  }

  for (const starting of [0, 1]) {
    test(`when ${starting} of two threads start, one thread does, and none of the two is left`, async (t) => {
      // The worker imports the script first, each thread once more.
      let requests = 0;
      const intercept = (path) =>
        path === '/wasm-relaxed-threads/reader.js' && ++requests > 1 + starting ? { status: 404, body: '' } : undefined;
      const { page } = await open(t, { isolated: true, intercept });
      const backend = await page.evaluate(async () => {
        globalThis.classifier = await inkdigit.createClassifier({ threads: 3 });
        await classifier.classify(drawings[0]);
        return classifier.backend;
      });
      assert.equal(backend.threads, 1);
      assert.match(backend.why, /a thread did not start/);
      assert.ok(requests > 1 + starting);
      await workersEnd(page, { left: 1 });
      await page.evaluate(() => classifier.dispose());
      await workersEnd(page);
    });
  }

  test('reads every kind of picture, and leaves it to its owner', async (t) => {
    const { page } = await open(t);
    const results = await page.evaluate(async () => {
      const classifier = await inkdigit.createClassifier();
      const drawing = drawings[0];
      const canvas = document.createElement('canvas');
      canvas.width = drawing.width;
      canvas.height = drawing.height;
      canvas.getContext('2d').putImageData(drawing, 0, 0);
      const offscreen = new OffscreenCanvas(drawing.width, drawing.height);
      offscreen.getContext('2d').putImageData(drawing, 0, 0);
      const bitmap = await createImageBitmap(canvas);
      const kinds = {
        ImageData: drawing,
        HTMLCanvasElement: canvas,
        OffscreenCanvas: offscreen,
        ImageBitmap: bitmap,
        PNG: await new Promise((resolve) => canvas.toBlob(resolve)),
        JPEG: await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.95)),
      };
      const results = {};
      for (const [kind, picture] of Object.entries(kinds)) {
        const { digit, probabilities } = await classifier.classify(picture);
        results[kind] = { digit, probabilities: [...probabilities] };
      }
      results.untouched = drawing.data.length > 0 && bitmap.width === drawing.width;
      results.label = labels[0];
      classifier.dispose();
      return results;
    });
    const { untouched, label, ...kinds } = results;
    assert.ok(untouched);
    for (const [kind, { digit, probabilities }] of Object.entries(kinds)) {
      assert.equal(digit, label, kind);
      if (kind !== 'JPEG') assert.deepEqual(probabilities, kinds.ImageData.probabilities, kind);
    }
  });

  describe('what a canvas draws', () => {
    /** An image of a one, of so many pixels a side. */
    const one = (side) => ({
      type: 'image/svg+xml',
      status: 200,
      body: `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" viewBox="0 0 100 100">
        <path d="M50 10V90" stroke="black" stroke-width="8"/></svg>`,
    });
    const images = { '/small.svg': one(100), '/large.svg': one(5000), '/too_large.svg': one(40_000) };
    const openWithImages = async (t) => {
      const { page, server } = await open(t, { hasImages: true, intercept: (pathname) => images[pathname] });
      await page.evaluate(() => {
        globalThis.load = async (src) => {
          const image = new Image();
          image.src = src;
          await image.decode();
          return image;
        };
        globalThis.toCanvas = (image) => {
          const canvas = document.createElement('canvas');
          Object.assign(canvas, { width: image.naturalWidth, height: image.naturalHeight });
          canvas.getContext('2d').drawImage(image, 0, 0);
          return canvas;
        };
      });
      return { page, server };
    };

    test('is read: images, videos and their frames, also large ones', async (t) => {
      const { page } = await openWithImages(t);
      const { left, ...kinds } = await page.evaluate(async () => {
        const classifier = await inkdigit.createClassifier();
        const [small, large] = [await load('/small.svg'), await load('/large.svg')];
        const canvas = toCanvas(small);
        const context = canvas.getContext('2d');
        context.globalCompositeOperation = 'destination-over'; // videos have no transparent pixels
        context.fillStyle = 'white';
        context.fillRect(0, 0, 100, 100);
        const video = document.createElement('video');
        Object.assign(video, { srcObject: canvas.captureStream(), muted: true });
        await Promise.all([video.play(), new Promise((resolve) => video.requestVideoFrameCallback(resolve))]);
        const frame = new VideoFrame(canvas, { timestamp: 0 });
        const kinds = { image: small, video, frame, 'large image': large, 'large canvas': toCanvas(large) };
        const read = {};
        for (const [kind, picture] of Object.entries(kinds)) read[kind] = (await classifier.classify(picture)).digit;
        const [{ box }] = await classifier.classifyAll(kinds['large canvas']);
        frame.close();
        classifier.dispose();
        return { ...read, left: box.x };
      });
      assert.deepEqual(kinds, { image: 1, video: 1, frame: 1, 'large image': 1, 'large canvas': 1 });
      assert.ok(left > 2200 && left < 2500, `${left}`);
    });

    test('is refused when it has not loaded, is too large, or from another origin', async (t) => {
      const { page, server } = await openWithImages(t);
      const failures = await page.evaluate(
        async (elsewhere) => {
          const classifier = await inkdigit.createClassifier();
          const foreign = await load(elsewhere);
          const canvas = toCanvas(foreign);
          const bitmap = await createImageBitmap(canvas);
          const failures = {
            unloaded: await failure(() => classifier.classify(new Image())),
            'no image': await failure(() =>
              classifier.classify({ [Symbol.toStringTag]: 'HTMLImageElement', naturalWidth: 9, naturalHeight: 9 }),
            ),
            'too large': await failure(async () => classifier.classify(await load('/too_large.svg'))),
            image: await failure(() => classifier.classify(foreign)),
            canvas: await failure(() => classifier.classifyAll(canvas)),
            bitmap: await failure(() => classifier.classify(bitmap)),
            'canvas to learn': await failure(() => classifier.fineTune([{ drawing: canvas, label: 1 }])),
            'bitmap to learn': await failure(() => classifier.fineTune([{ drawing: bitmap, label: 1 }])),
          };
          classifier.dispose();
          return failures;
        },
        `${server.url.replace('127.0.0.1', 'localhost')}small.svg`,
      );
      for (const [name, { code, message }] of Object.entries(failures)) {
        assert.equal(code, 'input', name);
        if (name === 'unloaded') assert.match(message, /at least 1 pixel.*loaded/);
        else if (name === 'no image') assert.match(message, /a canvas can hold.*not of type/);
        else if (name === 'too large') assert.match(message, /40000 × 40000. Scale it down/);
        else assert.match(message, /another origin.*crossorigin.*CORS/, name);
      }
    });
  });

  test('takes a canvas as it looked when it was called', async (t) => {
    const { page } = await open(t);
    const states = await page.evaluate(async () => {
      const classifier = await inkdigit.createClassifier();
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = 56;
      const context = canvas.getContext('2d');
      const blank = classifier.classify(canvas);
      context.putImageData(drawings[0], 0, 0);
      const drawn = classifier.classify(canvas);
      context.clearRect(0, 0, 56, 56);
      const results = await Promise.all([blank, drawn]);
      classifier.dispose();
      return results.map(({ state }) => state);
    });
    assert.deepEqual(states, ['blank', 'digit']);
  });

  test('reads huge pictures scaled down', async (t) => {
    const { page } = await open(t);
    const { digit, label } = await page.evaluate(async () => {
      const classifier = await inkdigit.createClassifier();
      const canvas = new OffscreenCanvas(4000, 4000);
      const context = canvas.getContext('2d');
      context.drawImage(await createImageBitmap(drawings[0]), 0, 0, 4000, 4000);
      const { digit } = await classifier.classify(await canvas.convertToBlob());
      classifier.dispose();
      return { digit, label: labels[0] };
    });
    assert.equal(digit, label);
  });

  test('refuses what is no picture, and says why', async (t) => {
    const { page } = await open(t);
    const failures = await page.evaluate(async () => {
      const classifier = await inkdigit.createClassifier();
      const canvas = document.createElement('canvas');
      canvas.width = 0;
      const closed = await createImageBitmap(drawings[0]);
      closed.close();
      const failures = {};
      for (const [name, picture] of Object.entries({
        text: new Blob(['hello'], { type: 'text/plain' }),
        'empty file': new Blob([]),
        'damaged image': new Blob([Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a)], { type: 'image/png' }),
        'no size': canvas,
        'closed bitmap': closed,
        nothing: undefined,
        words: 'seven',
      })) {
        failures[name] = await failure(() => classifier.classify(picture));
      }
      failures.afterwards = { code: 'input', read: (await classifier.classify(drawings[0])).digit === labels[0] };
      classifier.dispose();
      return failures;
    });
    for (const [name, { code, message }] of Object.entries(failures))
      assert.equal(code, 'input', `${name}: ${message}`);
    assert.match(failures.text.message, /not a picture this browser can read/);
    assert.match(failures['no size'].message, /at least 1 pixel/);
    assert.match(failures.words.message, /expected an ImageData.*"seven"/);
    assert.ok(failures.afterwards.read);
  });

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

  test('dispose ends the worker and rejects what waits', async (t) => {
    const { page } = await open(t, { isolated: true });
    const failures = await page.evaluate(async () => {
      const classifier = await inkdigit.createClassifier({ threads: 2 });
      const waiting = [failure(() => classifier.classify(drawings[0])), failure(() => classifier.exportWeights())];
      classifier.dispose();
      classifier.dispose();
      return Promise.all([
        ...waiting,
        failure(() => classifier.classify(drawings[0])),
        failure(() => classifier.fineTune([])),
      ]);
    });
    for (const { name, code } of failures.slice(0, 3)) assert.deepEqual([name, code], ['InkdigitError', 'disposed']);
    await workersEnd(page);
  });

  test('reads the canvas of another window, and says of pixels that are gone that there are none', async (t) => {
    const { page } = await open(t);
    const result = await page.evaluate(async () => {
      const classifier = await inkdigit.createClassifier();
      const frame = document.body.appendChild(document.createElement('iframe'));
      const canvas = frame.contentDocument.createElement('canvas');
      const [drawing, gone] = [drawings[0], new ImageData(20, 20)];
      Object.assign(canvas, { width: drawing.width, height: drawing.height });
      canvas.getContext('2d').putImageData(drawing, 0, 0);
      const { digit } = await classifier.classify(canvas);
      structuredClone(gone.data.buffer, { transfer: [gone.data.buffer] });
      const error = await failure(() => classifier.classify(gone));
      const after = await classifier.classify(drawing);
      classifier.dispose();
      return { digit, error, after: after.digit };
    });
    assert.deepEqual([result.digit, result.after], [digits.labels[0], digits.labels[0]]);
    assert.equal(result.error.code, 'input');
  });

  test('imports and exports weights; damaged ones change nothing', async (t) => {
    const { page } = await open(t);
    const result = await page.evaluate(async () => {
      const classifier = await inkdigit.createClassifier({ precision: 'float32' });
      const read = async () => [...(await classifier.classify(drawings[0])).probabilities];
      const before = await read();
      const weights = await classifier.exportWeights();
      const damaged = await failure(() => classifier.importWeights(weights.slice(0, 1000)));
      const after = await read();
      const trainer = await inkdigit.createTrainer({ seed: 5 });
      await classifier.importWeights(await trainer.exportWeights());
      const other = await read();
      await classifier.importWeights(weights);
      const back = await read();
      trainer.dispose();
      classifier.dispose();
      return { before, damaged, after, other, back, bytes: weights.byteLength };
    });
    assert.equal(result.damaged.code, 'weights');
    assert.deepEqual(result.after, result.before);
    assert.notDeepEqual(result.other, result.before);
    assert.deepEqual(result.back, result.before);
    assert.ok(result.bytes > 4.7e6);
  });

  test('what is refused leaves the classifier as it was, and as it says that it is', async (t) => {
    const { page } = await open(t, { isolated: true });
    const { failures, before, after } = await page.evaluate(async () => {
      const classifier = await inkdigit.createClassifier();
      const state = async () => ({ ...classifier.backend, liveObjects: (await classifier.memory()).liveObjects });
      const before = await state();
      const failures = [
        await failure(() => classifier.importWeights(new Uint8Array(1000))),
        await failure(() => classifier.removeSymbol('tick')),
      ];
      const undone = await classifier.undo(); // tells anew what is read with
      const after = { ...(await state()), undone };
      classifier.dispose();
      return { failures, before, after };
    });
    assert.deepEqual(
      failures.map(({ code }) => code),
      ['weights', 'input'],
    );
    assert.deepEqual(after, { ...before, undone: false });
  });

  test('takes weights compressed by gzip, also as bytes', async (t) => {
    const { page } = await open(t);
    const { expected, given, imported } = await page.evaluate(async () => {
      const read = async (classifier) => [...(await classifier.classify(drawings[0])).probabilities];
      const shipped = await inkdigit.createClassifier();
      const expected = await read(shipped);
      const weights = await (await fetch('/weights/inkdigit.int8.safetensors.gz')).arrayBuffer();
      const classifier = await inkdigit.createClassifier({ weights });
      const given = await read(classifier);
      const trainer = await inkdigit.createTrainer({ layers: [{ type: 'dense', units: 10 }] });
      await shipped.importWeights(await trainer.exportWeights());
      await shipped.importWeights(weights);
      const imported = await read(shipped);
      for (const object of [shipped, classifier, trainer]) object.dispose();
      return { expected, given, imported };
    });
    assert.deepEqual([given, imported], [expected, expected]);
  });

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
        const { page } = await open(t, {
          intercept: (pathname) => (pathname === '/engine.js' ? new Promise(() => {}) : undefined),
        });
        await page.evaluate(helpers);
        const failures = await page.evaluate(async () => {
          const classifier = await inkdigit.createClassifier();
          const waiting = failure(() => classifier.fineTune(boxes));
          await classifier.exportWeights();
          await new Promise((resolve) => setTimeout(resolve, 300)); // the lesson has them, too
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
        const failures = [
          await failure(() => classifier.fineTune([])),
          await failure(() => classifier.fineTune({ drawing: blank, label: 1 })),
          await failure(() => classifier.fineTune([{ drawing: blank, label: 1 }])),
          await failure(() => classifier.fineTune([{ drawing: drawings[0], label: 10 }])),
          await failure(() => classifier.fineTune([{ frame: new Uint8Array(3), label: 1 }])),
          await failure(() => classifier.fineTune(boxes, { learningRate: NaN })),
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
        return { losses, report, progressed, aborted, late, usable, features: features.length, headLoss, told };
      },
      { images: [...digits.images], labels: [...digits.labels] },
    );
    assert.ok(result.losses[1] < result.losses[0]);
    assert.deepEqual([result.report.steps, result.progressed], [10, 10]);
    assert.equal(result.aborted.message, 'enough');
    assert.equal(result.late.message, 'enough');
    assert.ok(result.usable);
    assert.equal(result.features, 60 * 9216);
    assert.ok(result.headLoss < 1);
    assert.equal(result.told[0], result.told[1]); // as many features as pixels
  });

  test('train that is aborted while it loads rejects at once, and leaves no worker', { timeout: 60_000 }, async (t) => {
    let letThrough;
    const late = new Promise((resolve) => (letThrough = resolve));
    const { page } = await open(t, { intercept: (pathname) => (pathname === '/engine.js' ? late : undefined) });
    const { message } = await page.evaluate(() => {
      const dataset = { images: new Uint8Array(784), labels: new Uint8Array(1) };
      const abort = new AbortController();
      setTimeout(() => abort.abort(new Error('enough')), 300);
      return failure(() => inkdigit.train(dataset, { signal: abort.signal }));
    });
    assert.equal(message, 'enough');
    letThrough();
    await workersEnd(page);
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
      { images: [...digits.images], labels: [...digits.labels] },
    );
    assert.equal(result.aborted.message, 'enough');
    assert.deepEqual(
      [result.count, result.classes, result.layers, result.stood, result.epochs, result.digit],
      [60, 100, 1, true, 30, digits.labels[0]],
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
      [[], ['tick'], 'tick', [true, false], [], `${digits.labels[0]}`, ['tick'], []],
    );
    assert.equal(result.unknown.code, 'input');
  });

  for (const [what, broken, message] of [
    ['worker', '/worker.js', /worker.*did not load/],
    ['engine', '/wasm-relaxed/reader.wasm', /reader\.wasm.*404/],
    ['weights', '/weights/inkdigit.int8.safetensors.gz', /inkdigit\.int8\.safetensors\.gz.*404/],
  ]) {
    test(`a missing ${what} is a clear error`, async (t) => {
      const { page } = await open(t, {
        intercept: (path) => (path === broken ? { status: 404, body: '' } : undefined),
      });
      const { code, message: said } = await page.evaluate(() => failure(() => inkdigit.createClassifier()));
      assert.equal(code, 'load');
      assert.match(said, message);
      await workersEnd(page);
    });
  }

  for (const isolated of [false, true]) {
    test(`a missing worker says what to do, ${isolated ? '' : 'not '}isolated`, async (t) => {
      const intercept = (path) => (path === '/worker.js' ? { status: 404, body: '' } : undefined);
      const { page } = await open(t, { isolated, intercept });
      const { message } = await page.evaluate(() => failure(() => inkdigit.createClassifier()));
      assert.match(message, /`baseUrl`.*Vite.*`optimizeDeps\.exclude`/);
      assert.equal(/Cross-Origin-Embedder-Policy/.test(message), isolated);
    });
  }

  test('in a service worker inkdigit/reader reads, and createClassifier says so', async (t) => {
    const body = `
      import { createClassifier } from './index.js';
      import { loadReader } from './reader.js';
      const reader = loadReader();
      const refusal = createClassifier().catch(({ code, message }) => ({ code, message }));
      addEventListener('message', async ({ data, ports }) =>
        ports[0].postMessage({ digit: (await reader).classify(data).digit, refusal: await refusal }));`;
    const script = { type: 'text/javascript', status: 200, body };
    const { page } = await open(t, { intercept: (pathname) => (pathname === '/service.js' ? script : undefined) });
    const { digit, refusal } = await page.evaluate(async () => {
      await navigator.serviceWorker.register('/service.js', { type: 'module' });
      const { active } = await navigator.serviceWorker.ready;
      const { port1, port2 } = new MessageChannel();
      active.postMessage(drawings[0], [port2]);
      return new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
    });
    assert.equal(digit, digits.labels[0]);
    assert.equal(refusal.code, 'unsupported');
    assert.match(refusal.message, /in a service worker `inkdigit\/reader`/);
  });

  test('a missing script of the whole engine is a clear error, and is asked for again', async (t) => {
    let isOffline = true;
    const { page } = await open(t, {
      intercept: (pathname) =>
        isOffline && pathname === '/engine.js' ? { type: 'text/plain', status: 503, body: '' } : undefined,
    });
    const { code, message } = await page.evaluate(async () => {
      globalThis.classifier = await inkdigit.createClassifier();
      return failure(() => classifier.resetWeights());
    });
    assert.deepEqual([code, message.includes('engine.js')], ['load', true], message);
    isOffline = false;
    await page.evaluate(() => classifier.resetWeights());
  });

  test('the package may lie in another folder, given as baseUrl', async (t) => {
    const moved = (path) => (path.startsWith('/files/') ? { status: 404, body: '' } : undefined);
    const { page, server } = await open(t, { intercept: moved });
    const [failed, digit] = await page.evaluate(async () => {
      const failed = await failure(() => inkdigit.createClassifier({ baseUrl: 'files' }));
      const classifier = await inkdigit.createClassifier({ baseUrl: '.?v=1#top' });
      const { digit } = await classifier.classify(drawings[0]);
      classifier.dispose();
      return [failed, digit === labels[0]];
    });
    assert.equal(failed.code, 'load');
    assert.ok(server.requests.includes('/files/worker.js'));
    assert.ok(digit);
  });
});
