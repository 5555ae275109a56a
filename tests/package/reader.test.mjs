// Reading alone: the small module and its entry of the package.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { composePostcode, drawFrame, loadEngine, packageFolder, readMnist, serve, toFloats } from './helpers.mjs';

const { InkdigitError, loadReader } = await import('../../build/package/reader.js');

const { images, labels } = readMnist('t10k', 300);
const digit = (n) => images.subarray(n * 784, (n + 1) * 784);
const shipped = (name) => readFile(new URL(`../../weights/${name}`, import.meta.url));

/** A reader and an engine with the same options, disposed of at the end. */
async function both(t, options) {
  const loaded = await Promise.all([loadReader(options), loadEngine(options)]);
  t.after(() => loaded.forEach((each) => each.dispose()));
  return loaded;
}

describe('reader', () => {
  for (const threads of [1, 2]) {
    test(`reads what the engine reads, on ${threads} of the threads`, async (t) => {
      const [reader, engine] = await both(t, { threads });
      assert.equal(reader.backend.threads, threads, reader.backend.why);
      assert.deepEqual({ ...reader.backend }, { ...engine.backend });
      const frames = toFloats(images);
      assert.deepEqual(reader.classifyBatch(frames), engine.classifyBatch(frames));
      const postcode = composePostcode(3, digit, labels);
      assert.deepEqual(reader.classifyAll(postcode.picture), engine.classifyAll(postcode.picture));
      for (let n = 0; n < 20; ++n) {
        const picture = drawFrame(digit(n));
        assert.deepEqual(reader.classify(picture), engine.classify(picture));
        assert.deepEqual(reader.frame(picture), engine.frame(picture));
      }
      assert.deepEqual(reader.symbols, []);
    });
  }

  test('fetches the small module and no float32 weights', async () => {
    const server = await serve(packageFolder);
    try {
      const reader = await loadReader({ baseUrl: server.url, threads: 1, simd: 'baseline' });
      reader.dispose();
      assert.deepEqual(server.requests.sort(), ['/wasm/reader.wasm', '/weights/inkdigit.int8.safetensors.gz']);
    } finally {
      await server.close();
    }
  });

  test('null in place of weights or an address is none', async (t) => {
    const reader = await loadReader({ weights: null, baseUrl: null });
    t.after(() => reader.dispose());
    assert.equal(reader.classify(drawFrame(digit(0))).digit, labels[0]);
  });

  test('takes int8 weights by bytes, and refuses others', async (t) => {
    const reader = await loadReader({ weights: await shipped('inkdigit.int8.safetensors'), threads: 1 });
    t.after(() => reader.dispose());
    assert.equal(reader.classify(drawFrame(digit(0))).digit, labels[0]);

    const refused = {
      name: 'InkdigitError',
      code: 'weights',
      message: /are float32: a reader needs int8 ones; loadEngine\(\) reads both/,
    };
    await assert.rejects(loadReader({ weights: await shipped('inkdigit.safetensors'), threads: 1 }), refused);
    const pointer = new TextEncoder().encode('version https://git-lfs.github.com/spec/v1');
    await assert.rejects(loadReader({ weights: pointer, threads: 1 }), {
      code: 'weights',
      message: /not a safetensors/,
    });
    const cut = (await shipped('inkdigit.int8.safetensors')).subarray(0, 100_000);
    await assert.rejects(loadReader({ weights: cut, threads: 1 }), { code: 'weights', message: /data_offsets/ });
    const message = /^precision: no such option of loadReader; there are weights, baseUrl, threads, simd$/;
    await assert.rejects(loadReader({ precision: 'float32' }), { code: 'input', message });
  });

  test('its errors are those of the other entries, though each is whole in itself', async () => {
    const engine = await import('../../build/package/engine.js');
    const error = await loadReader({ weights: new Uint8Array(100), threads: 1 }).catch((reason) => reason);
    assert.ok(error instanceof engine.InkdigitError);
    assert.ok(!(new Error('another') instanceof engine.InkdigitError));
  });

  test('says what is wrong with its input, and that it was disposed of', async () => {
    const reader = await loadReader({ threads: 1 });
    assert.throws(() => reader.classify({}), { code: 'input' });
    assert.throws(() => reader.classifyBatch(new Float32Array(783)), { code: 'input' });
    assert.ok(reader.memory().heapBytes < 8e6);
    reader.dispose();
    reader.dispose();
    for (const use of [() => reader.classify(drawFrame(digit(0))), () => reader.symbols, () => reader.memory()]) {
      assert.throws(use, (error) => error instanceof InkdigitError && error.code === 'disposed');
    }
  });
});
