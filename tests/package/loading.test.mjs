// Fetching the engine and the weights from servers, good and bad.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { build as bundle } from 'esbuild';
import { loadEngine, packageFolder, serve } from './helpers.mjs';

const { loadReader } = await import('../../build/package/reader.js');

const webPage = { type: 'text/html', body: '<!doctype html><title>Not here</title>' };

/** Serves the package with some answers replaced while `use(server)` runs. */
async function withServer(intercept, use) {
  const server = await serve(packageFolder, { intercept });
  try {
    await use(server);
  } finally {
    await server.close();
  }
}

describe('loading', () => {
  test('in Node, createClassifier says what to use there', async () => {
    const { createClassifier } = await import(path.join(packageFolder, 'index.js'));
    (await loadEngine({ threads: 2 })).dispose(); // after which there is a global Worker, but no web worker
    await assert.rejects(createClassifier(), { code: 'unsupported', message: /inkdigit\/engine/ });
  });

  test('fetches one wasm file and one weights file', async () => {
    for (const threads of [1, 2]) {
      await withServer(undefined, async ({ url, requests }) => {
        const engine = await loadEngine({ baseUrl: url, threads, simd: 'baseline' });
        assert.equal(engine.backend.threads, threads, engine.backend.why);
        assert.deepEqual(requests.sort(), [
          threads === 1 ? '/wasm/inkdigit.wasm' : '/wasm-threads/inkdigit.wasm',
          '/weights/inkdigit.int8.safetensors.gz',
        ]);
        engine.dispose();
      });
    }
  });

  test('has its threads also in a bundle that lies elsewhere', async (t) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'inkdigit-bundle-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const outfile = path.join(folder, 'bundle.mjs');
    const baseUrl = pathToFileURL(packageFolder).href;
    const contents = `import { loadEngine } from './engine.js';
      const engine = await loadEngine({ baseUrl: '${baseUrl}', threads: 2 });
      console.log(engine.backend.threads, engine.classifyBatch(new Float32Array(784 * 64)).length);
      engine.dispose();`;
    const stdin = { contents, resolveDir: packageFolder };
    const banner = { js: "import { createRequire } from 'module'; const require = createRequire(import.meta.url);" };
    const options = { bundle: true, format: 'esm', platform: 'node', logLevel: 'error', banner };
    await bundle({ stdin, outfile, ...options });
    const { stdout } = await promisify(execFile)(process.execPath, [outfile]);
    assert.equal(stdout.trim(), '2 640');
  });

  test('works with any MIME type', async () => {
    const intercept = (path) => (path.endsWith('.wasm') ? { type: 'application/octet-stream' } : undefined);
    await withServer(intercept, async ({ url }) => {
      (await loadEngine({ baseUrl: url, threads: 1 })).dispose();
    });
  });

  const bad = {
    'a missing file': [{ status: 404, body: '' }, /404/],
    'a web page in its place': [webPage, /web page/],
    'a web page that calls itself wasm': [{ ...webPage, type: 'application/wasm' }, /not a WebAssembly file.*3c 21/],
    'a web page without a type': [{ ...webPage, type: 'application/octet-stream' }, /not a WebAssembly file.*3c 21/],
    'an empty file': [{ type: 'application/wasm', body: '' }, /not a WebAssembly file/],
    'a server error': [{ status: 500, body: '' }, /500/],
  };
  for (const [name, [answer, message]] of Object.entries(bad)) {
    test(`${name} for the engine is an error that names the address`, async () => {
      await withServer(
        (path) => (path.endsWith('.wasm') ? answer : undefined),
        async ({ url }) => {
          await assert.rejects(loadEngine({ baseUrl: url, threads: 1, simd: 'baseline' }), (error) => {
            assert.equal(error.code, 'load');
            assert.match(error.message, message);
            assert.ok(error.message.includes(`${url}wasm/inkdigit.wasm`), error.message);
            assert.match(error.message, /baseUrl/);
            return true;
          });
        },
      );
    });
  }

  test('a damaged engine is told of', async () => {
    const body = Buffer.from('\0asm\x01\0\0\0 and no more');
    await withServer(
      (path) => (path.endsWith('.wasm') ? { body } : undefined),
      async ({ url }) => {
        await assert.rejects(loadEngine({ baseUrl: url, threads: 1 }), { code: 'unsupported', message: /damaged/ });
      },
    );
  });

  test('missing weights are an error that names the address', async () => {
    for (const answer of [{ status: 404, body: '' }, webPage]) {
      await withServer(
        (path) => (path.startsWith('/weights') ? answer : undefined),
        async ({ url }) => {
          const message = new RegExp(`the weights from ${url}weights/inkdigit.int8.safetensors.gz.*(404|web page)`);
          await assert.rejects(loadEngine({ baseUrl: url, threads: 1 }), { code: 'load', message });
        },
      );
    }
  });

  test('weights may lie elsewhere', async () => {
    await withServer(undefined, async ({ url }) => {
      const weights = new URL('weights/inkdigit.safetensors', url);
      for (const form of [weights, weights.href]) (await loadEngine({ weights: form, threads: 1 })).dispose();
      await assert.rejects(loadEngine({ weights: `${url}none`, threads: 1 }), { code: 'load', message: /none.*404/ });
    });
    await assert.rejects(loadEngine({ weights: 'http://127.0.0.1:1/none', threads: 1 }), { code: 'load' });
  });

  test('weights come compressed, or decompressed on the way, or damaged', async () => {
    const compressed = await readFile(path.join(packageFolder, 'weights/inkdigit.int8.safetensors.gz'));
    const plain = gunzipSync(compressed);
    const answerWith = (body) => (asked) => (asked.startsWith('/weights') ? { body } : undefined);
    for (const body of [compressed, plain]) {
      await withServer(answerWith(body), async ({ url }) => {
        const engine = await loadEngine({ baseUrl: url, threads: 1 });
        assert.equal(engine.backend.precision, 'int8');
        engine.dispose();
      });
    }
    await withServer(answerWith(compressed.subarray(0, 5000)), async ({ url }) => {
      await assert.rejects(loadEngine({ baseUrl: url, threads: 1 }), {
        code: 'weights',
        message: /inkdigit\.int8\.safetensors\.gz are damaged/,
      });
    });
  });

  test('in Node, weights may lie at any path', async (t) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'inkdigit-'));
    t.after(() => rm(folder, { recursive: true }));
    for (const name of ['a#b.gz', 'what?.gz', '50%.gz', '%41.gz']) {
      const weights = path.join(folder, name);
      await cp(path.join(packageFolder, 'weights/inkdigit.int8.safetensors.gz'), weights);
      for (const form of [weights, path.relative('', weights), pathToFileURL(weights), pathToFileURL(weights).href]) {
        (await loadReader({ weights: form, threads: 1 })).dispose();
      }
    }
  });

  test('weights given as bytes may be compressed, where they can be waited for', async () => {
    const compressed = await readFile(path.join(packageFolder, 'weights/inkdigit.int8.safetensors.gz'));
    for (const load of [loadReader, loadEngine]) {
      const loaded = await load({ weights: compressed, threads: 1 });
      assert.equal(loaded.classifyBatch(new Float32Array(784)).length, 10);
      loaded.dispose();
      await assert.rejects(load({ weights: compressed.subarray(0, 5000), threads: 1 }), {
        code: 'weights',
        message: /damaged \(/,
      });
    }
    const bomb = gzipSync(new Uint8Array(3e8 + 1), { level: 1 });
    await assert.rejects(loadReader({ weights: bomb, threads: 1 }), { code: 'weights', message: /too large/ });
    const engine = await loadEngine({ weights: null, threads: 1 });
    for (const take of [() => engine.importWeights(compressed), () => engine.createTrainer({ weights: compressed })]) {
      assert.throws(take, { code: 'weights', message: /compressed by gzip. Decompress them first/ });
    }
    engine.dispose();
  });

  test('weights given as bytes are copied: their owner may give them away while they are loaded', async () => {
    const compressed = await readFile(path.join(packageFolder, 'weights/inkdigit.int8.safetensors.gz'));
    const shipped = {
      int8: new Uint8Array(gunzipSync(compressed)),
      float32: new Uint8Array(await readFile(path.join(packageFolder, 'weights/inkdigit.safetensors'))),
    };
    for (const [load, weights] of [
      [loadReader, shipped.int8],
      [loadEngine, shipped.int8],
      [loadEngine, shipped.float32],
    ]) {
      const given = weights.slice();
      const loading = load({ weights: given, threads: 2 });
      structuredClone(given.buffer, { transfer: [given.buffer] });
      const loaded = await loading;
      assert.equal(loaded.classifyBatch(new Float32Array(2 * 784)).length, 20);
      if (weights === shipped.float32) assert.deepEqual(new Uint8Array(await loaded.exportWeights()), weights);
      loaded.dispose();
    }
  });

  test('an unreachable server is an error', async () => {
    const server = await serve(packageFolder);
    await server.close();
    await assert.rejects(loadEngine({ baseUrl: server.url, threads: 1 }), { code: 'load', message: /request failed/ });
  });

  test('a file that breaks off is an error that names the address', async () => {
    for (const file of [
      'wasm/inkdigit.wasm',
      'weights/inkdigit.int8.safetensors.gz',
      'weights/rehearsal.safetensors',
    ]) {
      await withServer(
        (path) => (path === `/${file}` ? { isCut: true } : undefined),
        async ({ url }) => {
          const learn = async () => {
            const engine = await loadEngine({ baseUrl: url, threads: 1, simd: 'baseline' });
            await engine.fineTune([{ frame: new Uint8Array(784).fill(255, 300, 400), label: 7 }]);
          };
          await assert.rejects(learn, { code: 'load', message: new RegExp(`load all of ${url}${file}`) });
        },
      );
    }
  });

  test('without the threaded build, one thread does', async () => {
    const intercept = (path) => (/^\/wasm.*-threads\//.test(path) ? { status: 404, body: '' } : undefined);
    await withServer(intercept, async ({ url }) => {
      const engine = await loadEngine({ baseUrl: url, threads: 2 });
      assert.equal(engine.backend.threads, 1);
      assert.match(engine.backend.why, /1 thread: the threaded engine did not load.*404/);
      engine.dispose();
    });
  });
});
