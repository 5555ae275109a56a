// The page's part of the bench: loads each engine, checks that all say the same, and times them in turns.
import * as inkdigit from './engines/inkdigit.js';
import * as tensorflow from './engines/tensorflow_wasm.js';
import { readSafetensors } from './safetensors.js';

const batchSize = 64;
const frameSize = 784;

/** Milliseconds a call, as the median over calls that take about `budget` ms together. */
async function timeCall(call, budget) {
  const times = [];
  const end = performance.now() + budget;
  do {
    const start = performance.now();
    await call();
    times.push(performance.now() - start);
  } while (performance.now() < end || times.length < 3);
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
}

async function start(engine, bytes, threads) {
  const before = performance.now();
  const runner = await engine.load({ bytes, tensors: readSafetensors(bytes), threads });
  await runner.classifyBatch(new Float32Array(frameSize));
  return { engine, runner, start: performance.now() - before };
}

globalThis.runBench = async ({ repetitions, threads, frames }) => {
  const images = Float32Array.from(frames);
  const one = images.slice(0, frameSize);
  const bytes = await (await fetch('/inkdigit/weights/inkdigit.safetensors')).arrayBuffer();
  const runs = [];
  for (const engine of [inkdigit, tensorflow]) runs.push(await start(engine, bytes, threads));

  const results = [];
  const expected = await runs[0].runner.classifyBatch(images);
  for (const { engine, runner, start } of runs) {
    const probabilities = await runner.classifyBatch(images);
    const difference = Math.max(...probabilities.map((p, i) => Math.abs(p - expected[i])));
    if (!(difference < 1e-3)) throw new Error(`${engine.name} disagrees by ${difference}: nothing to compare`);
    results.push({ name: engine.name, version: engine.version, start, difference, single: [], batch: [] });
  }
  for (let i = 0; i < repetitions; i++) {
    for (const [k, { runner }] of runs.entries()) {
      results[k].single.push(await timeCall(() => runner.classifyBatch(one), 300));
      results[k].batch.push((1000 * batchSize) / (await timeCall(() => runner.classifyBatch(images), 500)));
    }
  }
  return results;
};
