// Nothing is left behind: objects, memory, threads.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { loadEngine, packageFolder, readMnist, toFloats } from './helpers.mjs';

const disposed = { name: 'InkdigitError', code: 'disposed' };

describe('dispose', () => {
  test('of trainers gives their memory back', async () => {
    const engine = await loadEngine({ threads: 1 });
    const { images, labels } = await readMnist('train', 32);
    const floats = toFloats(images);
    const cycle = (options) => {
      const trainer = engine.createTrainer(options);
      trainer.step(floats, labels);
      assert.equal(engine.memory().liveObjects, start.liveObjects + 1);
      trainer.dispose();
    };
    const weights = await engine.exportWeights();
    let start = engine.memory();
    const everyKind = () => {
      cycle({});
      cycle({ weights, scope: 'head', optimizer: 'sgd' });
      assert.throws(() => engine.createTrainer({ weights: new Uint8Array(100) }), { code: 'weights' });
      assert.throws(() => engine.createTrainer({ layers: [], weights, optimizer: { type: 'sgd', momentum: 9 } }));
    };
    everyKind(); // what is made once, on first use, is made now
    start = engine.memory();
    for (let i = 0; i < 5; ++i) everyKind();
    const now = engine.memory();
    assert.equal(now.liveObjects, start.liveObjects);
    // The allocator counts a block that is split otherwise a little larger.
    assert.ok(
      Math.abs(now.heapBytes - start.heapBytes) < 200,
      `${start.heapBytes} bytes before, ${now.heapBytes} after`,
    );
    engine.dispose();
  });

  test('failed and repeated imports of weights leave nothing', async () => {
    const engine = await loadEngine({ threads: 1 });
    const weights = await engine.exportWeights();
    const frames = new Float32Array(784 * 40).fill(0.5);
    const cycle = () => {
      engine.importWeights(weights);
      assert.throws(() => engine.importWeights(weights.slice(0, -4)), { code: 'weights' });
      engine.classifyBatch(frames);
    };
    // The most of several: the new weights lie elsewhere than the old ones, where the allocator rounds otherwise.
    const mostHeap = (cycles) =>
      Math.max(
        ...Array.from({ length: cycles }, () => {
          cycle();
          return engine.memory().heapBytes;
        }),
      );
    cycle();
    const { liveObjects } = engine.memory();
    const before = mostHeap(10);
    const after = mostHeap(40);
    assert.ok(Math.abs(after - before) < 200, `${after - before}`);
    assert.equal(engine.memory().liveObjects, liveObjects);
    engine.dispose();
  });

  test('of an engine disposes of its trainers; both refuse all later calls', async () => {
    const engine = await loadEngine({ threads: 1 });
    const trainer = engine.createTrainer({ layers: [{ type: 'dense', units: 10 }] });
    engine.dispose();
    engine.dispose();
    trainer.dispose();
    const frame = new Float32Array(784);
    for (const call of [
      () => engine.classify({ data: new Uint8ClampedArray(4), width: 1, height: 1 }),
      () => engine.frame({ data: new Uint8ClampedArray(4), width: 1, height: 1 }),
      () => engine.classifyBatch(frame),
      () => engine.importWeights(new ArrayBuffer(8)),
      () => engine.createTrainer(),
      () => engine.memory(),
      () => trainer.step(frame, new Uint8Array(1)),
      () => trainer.features(frame),
      () => trainer.exportWeights(),
    ]) {
      assert.throws(call, disposed);
    }
    await assert.rejects(engine.exportWeights(), disposed);
    await assert.rejects(trainer.fit({ images: frame, labels: new Uint8Array(1) }), disposed);
  });

  test('is what `using` calls', async () => {
    const { loadReader } = await import('../../build/package/reader.js');
    const engine = await loadEngine({ threads: 1 });
    const reader = await loadReader({ threads: 1 });
    const trainer = engine.createTrainer({ layers: [{ type: 'dense', units: 10 }] });
    for (const each of [trainer, engine, reader]) each[Symbol.dispose]();
    for (const call of [() => trainer.exportWeights(), () => engine.createTrainer(), () => reader.memory()]) {
      assert.throws(call, disposed);
    }
  });

  /** Runs a script that has the package at hand, and ends it if it does not end by itself. */
  const run = async (script, ...nodeOptions) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'inkdigit-'));
    const file = path.join(folder, 'script.mjs');
    try {
      await writeFile(
        file,
        `import { loadEngine } from ${JSON.stringify(pathToFileURL(`${packageFolder}engine.js`))};\n${script}`,
      );
      return spawnSync(process.execPath, [...nodeOptions, file], { encoding: 'utf8', timeout: 60_000 });
    } finally {
      await rm(folder, { recursive: true });
    }
  };

  test('ends the threads, so that the process can end', async () => {
    const { status, stdout, stderr } = await run(`
      const engine = await loadEngine({ threads: 3 });
      engine.classifyBatch(new Float32Array(784 * 64));
      console.log(engine.backend.threads);
      engine.dispose();`);
    assert.equal(status, 0, stderr || 'the process did not end');
    assert.equal(stdout.trim(), '3');
  });

  test('in the middle of a lesson or a fit ends it, on one thread and on several', async () => {
    const { status, stdout, stderr } = await run(`
      const samples = [{ frame: new Uint8Array(784).fill(9, 300, 500), label: 7 }];
      const dataset = { images: new Uint8Array(784 * 64), labels: new Uint8Array(64) };
      for (const threads of [1, 2]) {
        for (const work of [
          (engine, options) => engine.fineTune(samples, options),
          (engine, options) => engine.createTrainer().fit(dataset, { augment: true, ...options }),
        ]) {
          const engine = await loadEngine({ threads });
          await work(engine, { onProgress: () => engine.dispose() }).catch(({ code }) => console.log(code));
        }
        const engine = await loadEngine({ threads });
        const preparation = engine.prepareToTeach(new Uint8Array(await engine.exportWeights())); // what it fetches is there
        setTimeout(() => engine.dispose());
        await preparation.catch(({ code }) => console.log(code));
      }`);
    assert.equal(status, 0, stderr || 'the process did not end');
    assert.deepEqual(stdout.trim().split('\n'), Array(6).fill('disposed'));
  });

  test('ends the threads of an engine whose weights cannot be had', async () => {
    const { status, stdout, stderr } = await run(`
      const weights = new URL('file:///nowhere/at_all.safetensors');
      await loadEngine({ threads: 3, weights }).catch(({ code }) => console.log(code));`);
    assert.equal(status, 0, stderr || 'the process did not end');
    assert.equal(stdout.trim(), 'load');
  });

  test('frees whole engines', async () => {
    const { status, stdout, stderr } = await run(
      `
      const cycle = async (threads) => {
        const engine = await loadEngine({ threads });
        engine.classifyBatch(new Float32Array(784 * 64));
        engine.dispose();
      };
      // Memory of wasm is freed by the collector, some time after it is let go, and that of threads when they have ended.
      const settle = async (most = Infinity) => {
        let bytes = Infinity;
        for (let i = 0; i < 20 || (bytes > most && i < 500); ++i) {
          globalThis.gc();
          await new Promise((resolve) => setTimeout(resolve, 10));
          bytes = process.memoryUsage().arrayBuffers;
        }
        return bytes;
      };
      for (const threads of [1, 2]) {
        await cycle(threads);
        const start = await settle();
        for (let i = 0; i < 8; ++i) await cycle(threads);
        console.log(((await settle(start + 40 * 2 ** 20)) - start) / 2 ** 20);
      }`,
      '--expose-gc',
    );
    assert.equal(status, 0, stderr);
    for (const growth of stdout.trim().split('\n').map(Number)) {
      assert.ok(growth < 40, `${growth.toFixed(0)} MB more after 8 engines of 32 MB and more each`);
    }
  });
});
