// What the package loads in a page, in Chromium: builds, threads, and what is missing.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { usePages, workersEnd } from './page_support.mjs';

const pages = usePages();
const { open } = pages;

describe('the package, loaded in a page', () => {
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

  test('null in place of weights or an address is none', async (t) => {
    const { page, server } = await open(t);
    const { label, backend } = await page.evaluate(async () => {
      const classifier = await inkdigit.createClassifier({ weights: null, baseUrl: null, workerUrl: null });
      const { label } = await classifier.classify(drawings[0]);
      classifier.dispose();
      const trainer = await inkdigit.createTrainer({
        weights: null,
        baseUrl: null,
        layers: [{ type: 'dense', units: 10 }],
      });
      trainer.dispose();
      return { label, backend: classifier.backend };
    });
    assert.deepEqual([label, backend.precision], [`${pages.digits.labels[0]}`, 'int8']);
    assert.ok(!server.requests.includes('/weights/inkdigit.safetensors'), server.requests.join(' '));
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
    assert.equal(digit, pages.digits.labels[0]);
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

  test('the shipped weights come back without a network', async (t) => {
    let isOffline = false;
    const { page } = await open(t, { intercept: () => (isOffline ? { status: 503, body: '' } : undefined) });
    const classify = () => page.evaluate(async () => (await classifier.classify(drawings[0])).probabilities);
    await page.evaluate(async () => {
      globalThis.classifier = await inkdigit.createClassifier();
    });
    const first = await classify();
    await page.evaluate(() => classifier.fineTune([{ drawing: drawings[0], label: 5 }], { maxLoss: 1 }));
    assert.notDeepEqual(await classify(), first);
    isOffline = true;
    await page.evaluate(() => classifier.resetWeights());
    assert.deepEqual(await classify(), first);
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
