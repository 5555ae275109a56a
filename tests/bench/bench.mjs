/**
 * Times the engine beside other libraries: the same network and weights, in one Chromium session, in turns.
 *
 *   npm run bench [-- --repetitions 7] [--threads 1]
 *
 * Prints a table, and writes build/bench.json. Machines are noisy: compare by the ratios of one run.
 */
import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { launchBrowser, mnistTest, serveSite } from './support.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const projectFolder = path.join(here, '../..');
const packageFolder = path.join(projectFolder, 'build/package');

function install() {
  if (existsSync(path.join(here, 'node_modules/@tensorflow/tfjs-backend-wasm'))) return;
  console.error('Installing the libraries to compare with (tests/bench)…');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock'], {
    cwd: here,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** A site with the package, the page that measures, and what the other libraries fetch. */
async function buildSite() {
  const site = await mkdtemp(path.join(os.tmpdir(), 'inkdigit-bench-'));
  await cp(packageFolder, path.join(site, 'inkdigit'), { recursive: true });
  await build({
    entryPoints: [path.join(here, 'page.js')],
    bundle: true,
    format: 'esm',
    minify: true,
    external: ['/inkdigit/*'],
    outdir: site,
    logLevel: 'error',
  });
  const tensorflow = path.join(here, 'node_modules/@tensorflow/tfjs-backend-wasm/dist');
  await mkdir(path.join(site, 'tfjs'));
  for (const name of [
    'tfjs-backend-wasm.wasm',
    'tfjs-backend-wasm-simd.wasm',
    'tfjs-backend-wasm-threaded-simd.wasm',
  ]) {
    await cp(path.join(tensorflow, name), path.join(site, 'tfjs', name));
  }
  await writeFile(
    path.join(site, 'index.html'),
    '<!doctype html><title>bench</title><script type="module" src="page.js"></script>',
  );
  return site;
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const figure = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

function table(results) {
  const rows = results.map(({ name, version, single, batch, start }) => [
    `${name} ${version}`,
    `${figure(median(single))} (${figure(Math.min(...single))}–${figure(Math.max(...single))})`,
    `${figure(median(batch))} (${figure(Math.min(...batch))}–${figure(Math.max(...batch))})`,
    figure(start),
  ]);
  return [['', '1 image, ms', 'batch 64, images/s', 'start, ms'], ['---', '---:', '---:', '---:'], ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');
}

async function main() {
  const { values } = parseArgs({
    options: { repetitions: { type: 'string', default: '7' }, threads: { type: 'string', default: '1' } },
  });
  const repetitions = Number(values.repetitions);
  const threads = Number(values.threads);
  if (!(repetitions >= 1) || !(threads >= 1)) throw new Error('--repetitions and --threads take numbers of 1 or more.');
  if (!existsSync(path.join(packageFolder, 'index.js')))
    throw new Error('There is no package to measure: run `npm run build` first.');

  install();
  const site = await buildSite();
  const server = await serveSite({ root: site });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ bypassCSP: true }); // some of the others need eval
    page.on('pageerror', (error) => console.error(`page: ${error.message}`));
    await page.goto(server.url);
    await page.waitForFunction(() => globalThis.runBench);
    const results = await page.evaluate((options) => globalThis.runBench(options), {
      repetitions,
      threads,
      frames: [...mnistTest(64)],
    });
    const [ours, ...others] = results;
    console.log(table(results));
    for (const other of others) {
      const ratio = median(other.single.map((ms, i) => ms / ours.single[i]));
      const batchRatio = median(ours.batch.map((rate, i) => rate / other.batch[i]));
      console.log(
        `\nAgainst ${other.name}: ${ratio.toFixed(2)} times as fast at one image, ${batchRatio.toFixed(2)} in batches; ` +
          `outputs differ by ${other.difference.toExponential(1)} at most.`,
      );
    }
    const machine = {
      cpu: os.cpus()[0].model,
      cores: os.cpus().length,
      browser: browser.version(),
      date: new Date().toISOString(),
    };
    await mkdir(path.join(projectFolder, 'build'), { recursive: true });
    await writeFile(
      path.join(projectFolder, 'build/bench.json'),
      JSON.stringify({ machine, threads, results }, null, 2),
    );
  } finally {
    await browser.close();
    await server.close();
    await rm(site, { recursive: true, force: true });
  }
}

main().catch((error) => {
  console.error(`bench: ${error.message}`);
  process.exitCode = 1;
});
