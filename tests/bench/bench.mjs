/**
 * Times inkdigit beside other libraries: the same network and weights, in one Chromium session, in turns.
 *
 *   npm run bench [-- --repetitions 5] [--threads 1,2] [--only inkdigit,litert] [--quick]
 *
 * --only takes names of engines (engines/index.js). --quick: one short repetition, to see that all works.
 * Prints Markdown tables; build/bench.json has every sample. Ctrl+C ends it after the measurement under way, and what has been
 * measured is told. Machines are noisy: compare by the ratios of one run.
 */
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureNpmPackages } from '../../scripts/setup/packages.mjs';
import { projectFolder } from '../../scripts/shell.mjs';
import { engines } from './engines/index.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const packageFolder = path.join(projectFolder, 'build/package');

/** What one repetition of a measurement may take, ms; a call that takes longer is made once. */
const budgets = {
  full: { single: 500, batch: 1000, training: 2000, pauses: 5 },
  quick: { single: 50, batch: 1, training: 1, pauses: 1 },
};
/** A page that takes longer than this to start, or for one measurement, is left out, ms. */
const patience = 60_000;

let interrupted = false;
process.once('SIGINT', () => {
  interrupted = true;
  console.error('Stopping after this measurement…');
});

const { dependencies } = JSON.parse(readFileSync(path.join(here, 'package.json'), 'utf8'));

function readSettings() {
  const { values } = parseArgs({
    options: {
      repetitions: { type: 'string' },
      threads: { type: 'string', default: '1,2' },
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
    },
  });
  const repetitions = Number(values.repetitions ?? (values.quick ? 1 : 5));
  const threads = values.threads.split(',').map(Number);
  if (!(Number.isInteger(repetitions) && repetitions >= 1))
    throw new Error('--repetitions takes a whole number of 1 or more.');
  if (!threads.every((count) => Number.isInteger(count) && count >= 1))
    throw new Error('--threads takes numbers such as 1,2.');
  const names = values.only?.split(',') ?? engines.map(({ name }) => name);
  for (const name of names) {
    if (!engines.some((engine) => engine.name === name)) {
      throw new Error(
        `--only: there is no engine "${name}". There are: ${engines.map((engine) => engine.name).join(', ')}.`,
      );
    }
  }
  return { repetitions, threads, names, quick: values.quick };
}

/** One for each engine, build and number of threads. */
function variantsOf({ names, threads }) {
  return engines
    .filter(({ name }) => names.includes(name))
    .flatMap(({ name, title, package: from, builds = [{}], hasThreads }) =>
      builds.flatMap((build) =>
        (hasThreads ? threads : [1]).map((count) => {
          const version = from ? ` ${dependencies[from]}` : '';
          const kind = [build.precision, build.simd && build.simd !== 'auto' ? `${build.simd} SIMD` : ''];
          const words = [`${title}${version}`, ...kind.filter(Boolean), count > 1 ? `${count} threads` : '1 thread'];
          return { engine: name, label: words.join(', '), query: new URLSearchParams({ ...build, threads: count }) };
        }),
      ),
    );
}

/** Opens a variant in a context of its own, with nothing in any cache → the page, once it has given its first answer. */
async function open(browser, url) {
  const context = await browser.newContext({ bypassCSP: true }); // some of the others need eval
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  try {
    await page.goto(url);
    await page.waitForFunction(() => globalThis.bench);
    const failure = await page.evaluate(() => globalThis.bench.failure);
    if (failure) throw new Error(failure);
    return page;
  } catch (error) {
    await context.close();
    throw error;
  }
}

/** A page that takes too long is closed: it would disturb the others. */
async function call(page, name, ...values) {
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    page.context().close();
  }, patience);
  try {
    return await page.evaluate(([name, values]) => globalThis.bench[name](...values), [name, values]);
  } catch (error) {
    throw isLate ? new Error(`it took longer than ${patience / 1000} s`) : error;
  } finally {
    clearTimeout(timer);
  }
}

const addressOf = (server, { engine, query }) => `${server.url}${engine}.html?${query}`;

/** Largest difference from what must come out, and how many digits are the same. */
function compare(probabilities, expected) {
  const digit = (values, i) => {
    const ten = [...values.slice(10 * i, 10 * i + 10)];
    return ten.indexOf(Math.max(...ten));
  };
  const count = expected.length / 10;
  return {
    difference: Math.max(...expected.map((p, i) => Math.abs(p - probabilities[i]))),
    agreement: Array.from({ length: count }, (_, i) => digit(probabilities, i) === digit(expected, i)).filter(Boolean)
      .length,
  };
}

/** Opens every variant and holds its answers against the reference → those that can be measured, with `page` and `result`. */
async function openAll({ browser, server, variants, images, expected, leftOut }) {
  const opened = [];
  for (const variant of variants) {
    const { engine, label } = variant;
    console.error(`Opening ${label}…`);
    try {
      const page = await open(browser, addressOf(server, variant));
      const comparison = compare(await call(page, 'classify', [...images]), expected);
      // Rounding to eight bits moves probabilities; what is read must all but stay.
      const agrees =
        variant.query.get('precision') === 'int8' ? comparison.agreement >= 62 : comparison.difference < 1e-3;
      if (!agrees) {
        await page.context().close();
        throw new Error(
          `its outputs differ by ${comparison.difference}, ${comparison.agreement} of 64 read alike: not comparable`,
        );
      }
      const backend = await page.evaluate(() => globalThis.bench.backend);
      const result = {
        engine,
        label,
        backend,
        ...comparison,
        single: [],
        afterPause: [],
        batch: [],
        training: { all: [], head: [] },
      };
      opened.push({ variant, page, result });
    } catch (error) {
      console.error(`  left out: ${error.message}`);
      leftOut.push({ label, reason: error.message });
    }
  }
  return opened;
}

async function measureSpeed({ opened, settings, images, labels, leftOut }) {
  const { single, batch, training, pauses } = budgets[settings.quick ? 'quick' : 'full'];
  const one = [...images.slice(0, 784)];
  const all = [...images];
  const training32 = [all.slice(0, 32 * 784), [...labels.slice(0, 32)]];
  for (let i = 0; i < settings.repetitions; i++) {
    console.error(`Repetition ${i + 1} of ${settings.repetitions}…`);
    for (const { page, result } of opened) {
      if (interrupted) return;
      if (page.isClosed()) continue;
      try {
        await page.bringToFront();
        result.single.push(await call(page, 'single', one, single));
        result.afterPause.push(...(await call(page, 'afterPause', one, pauses)));
        result.batch.push(64_000 / (await call(page, 'single', all, batch)));
      } catch (error) {
        leftOut.push({ label: result.label, reason: error.message });
      }
    }
    for (const { page, result } of opened) {
      if (page.isClosed()) continue;
      await page.bringToFront();
      for (const scope of ['all', 'head']) {
        if (interrupted) return;
        if (result.training[`${scope}Failure`] || page.isClosed()) continue;
        try {
          result.training[scope].push(1000 / (await call(page, 'training', scope, ...training32, training)));
        } catch (error) {
          result.training[`${scope}Failure`] = error.message.split('\n')[0];
        }
      }
    }
  }
}

/** Cold starts, what is fetched for them, and memory, each time in a fresh context and beside an empty page. */
async function measureStarts({ browser, server, opened, settings, measureTransfer, leftOut }) {
  const emptyPage = [];
  for (let i = 0; i < settings.repetitions && !interrupted; i++) {
    console.error(`Cold starts ${i + 1} of ${settings.repetitions}…`);
    const empty = await startOnce(browser, `${server.url}empty.html`);
    emptyPage.push(empty.started);
    for (const { variant, result } of opened) {
      if (interrupted) break;
      server.requested.length = 0;
      try {
        const { started, memory } = await startOnce(browser, addressOf(server, variant));
        (result.coldStart ??= []).push(started - empty.started);
        if (memory !== null) (result.memory ??= []).push(memory - empty.memory);
        result.requested = server.requested.filter((name) => !name.endsWith('.html'));
      } catch (error) {
        leftOut.push({ label: result.label, reason: `cold start: ${error.message}` });
      }
    }
  }
  console.error('Compressing what was fetched…');
  for (const { result } of opened.filter(({ result }) => result.requested)) {
    result.transfer = await measureTransfer(result.requested);
    delete result.requested;
  }
  return emptyPage;
}

async function startOnce(browser, url) {
  const page = await open(browser, url);
  const started = await page.evaluate(() => globalThis.bench.started);
  const memory = await call(page, 'memory');
  await page.context().close();
  return { started, memory };
}

async function main() {
  const settings = readSettings();
  if (!existsSync(path.join(packageFolder, 'index.js'))) {
    throw new Error('There is no package to measure in build/package: run `npm run build` first.');
  }
  await ensureNpmPackages('tests/bench');
  // These need what was just installed.
  const { buildSite, readWeights, serve } = await import('./site.mjs');
  const { createTransferMeter } = await import('./transfer.mjs');
  const { measureRoofline } = await import('./roofline.mjs');
  const { referenceProbabilities } = await import('./models/reference.js');
  const { launchBrowser, mnistTest } = await import('./support.mjs');
  const { report } = await import('./report.mjs');

  const began = Date.now();
  const { images, labels } = mnistTest(64);
  const expected = referenceProbabilities(await readWeights(packageFolder), images);
  const site = await buildSite(
    packageFolder,
    engines.filter(({ name }) => settings.names.includes(name)),
  );
  const server = await serve(site);
  const browser = await launchBrowser();
  try {
    const leftOut = [];
    const variants = variantsOf(settings);
    const opened = await openAll({ browser, server, variants, images, expected, leftOut });
    if (opened.length === 0) throw new Error('No engine could be opened; the reasons are above.');
    const emptyPage = await open(browser, `${server.url}empty.html`);
    const roofline = await measureRoofline(emptyPage, settings.repetitions);
    await measureSpeed({ opened, settings, images, labels, leftOut });
    for (const { page } of opened) await page.context().close();
    const measureTransfer = createTransferMeter(site, path.join(projectFolder, 'build/bench_transfer.json'));
    const emptyTimes = await measureStarts({ browser, server, opened, settings, measureTransfer, leftOut });
    const run = {
      machine: {
        cpu: os.cpus()[0].model,
        cores: os.cpus().length,
        browser: browser.version(),
        date: new Date().toISOString(),
        loadAverage: os.loadavg(),
      },
      settings: { ...settings, seconds: (Date.now() - began) / 1000 },
      roofline,
      emptyPage: emptyTimes,
      results: opened.map(({ result }) => result),
      leftOut,
    };
    await mkdir(path.join(projectFolder, 'build'), { recursive: true });
    await writeFile(path.join(projectFolder, 'build/bench.json'), JSON.stringify(run, null, 2));
    console.log(report(run));
  } finally {
    await browser.close();
    await server.close();
  }
}

main().catch((error) => {
  console.error(`bench: ${error.message}${error.advice ? `\n${error.advice}` : ''}`);
  process.exitCode = 1;
});
