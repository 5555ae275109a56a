// The page's part of the bench: one page holds one engine, loads it at once, and measures what it is asked for.

const frameSize = 784;

/** Milliseconds a call: the median over the calls that fit into `budget` ms, of which one at least is made. */
async function timeCall(call, budget) {
  const times = [];
  const end = performance.now() + budget;
  do {
    const start = performance.now();
    await call();
    times.push(performance.now() - start);
  } while (performance.now() < end);
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export async function expose(engine) {
  const query = new URLSearchParams(location.search);
  const option = (name) => query.get(name) ?? undefined;
  const settings = { threads: Number(option('threads')), precision: option('precision'), simd: option('simd') };
  try {
    const runner = await engine.load(settings);
    await runner.classifyBatch(new Float32Array(frameSize));
    const started = performance.now(); // since the navigation
    const trainers = {};
    globalThis.bench = {
      started,
      backend: runner.backend,
      classify: async (frames) => [...(await runner.classifyBatch(Float32Array.from(frames)))],
      single: (frames, budget) => {
        const images = Float32Array.from(frames);
        return timeCall(() => runner.classifyBatch(images), budget);
      },
      /** Milliseconds of the first picture after 300 ms in which nothing was asked. */
      async afterPause(frames, times) {
        const images = Float32Array.from(frames);
        const samples = [];
        for (let i = 0; i < times; i++) {
          await pause(300);
          const start = performance.now();
          await runner.classifyBatch(images);
          samples.push(performance.now() - start);
        }
        return samples;
      },
      /** Milliseconds a step; the first call also makes the trainer and takes two steps that do not count. */
      async training(scope, frames, labels, budget) {
        if (!runner.createTrainer) throw new Error('it does not train');
        if (!trainers[scope]) {
          const trainer = await runner.createTrainer(scope, Float32Array.from(frames), Uint8Array.from(labels));
          const before = await trainer.step();
          const after = await trainer.step();
          if (!Number.isFinite(before) || !Number.isFinite(after))
            throw new Error(`its loss is ${before}, then ${after}`);
          trainers[scope] = trainer;
        }
        return timeCall(() => trainers[scope].step(), budget);
      },
      /** Bytes, or null where the browser does not tell: threads that wait for work do not answer it. */
      async memory() {
        if (!performance.measureUserAgentSpecificMemory) return null;
        const measured = performance.measureUserAgentSpecificMemory().then(({ bytes }) => bytes);
        return Promise.race([measured, pause(5000).then(() => null)]);
      },
    };
  } catch (error) {
    globalThis.bench = { failure: String(error?.message ?? error) };
  }
}
