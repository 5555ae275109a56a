/**
 * Sets up what is missing, builds and runs every test (npm test). The last line is "N passed, N failed" (", N skipped" may follow), in test
 * cases over all suites. A suite that cannot be built, dies, or runs no test counts as one failure.
 *
 *   node scripts/test.mjs                       everything
 *   node scripts/test.mjs native browser …      these suites alone
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildPackageAndSite, buildPreset, wasmPresets } from './build.mjs';
import { setUp } from './setup.mjs';
import { ensureNpmPackages } from './setup/packages.mjs';
import { main, projectFolder, say, StepError } from './shell.mjs';

const resultsFolder = join(projectFolder, 'build', 'test_results');
const timeLimit = 50 * 60 * 1000; // milliseconds for one suite: a test that hangs becomes a failure
const nothing = { passed: 0, failed: 0, skipped: 0 };

/** Runs a program to its end, its output shown: → its exit code, or what killed it. */
function runToEnd(command, args) {
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd: projectFolder,
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: timeLimit,
    });
    child.on('error', (error) => done(error.message));
    child.on('close', (code, signal) => done(signal ? `${signal} (the limit is ${timeLimit / 60000} minutes)` : code));
  });
}

// The counts a suite left in its results file; an exit code that they do not explain is one more failure.
function account(exit, counts) {
  const { passed, failed, skipped } = counts ?? nothing;
  if (!counts) return { passed, failed: 1, skipped, note: `ended with ${exit}, without results` };
  if (passed + failed + skipped === 0) return { passed, failed: 1, skipped, note: 'ran no test' };
  if (exit !== 0 && failed === 0) return { passed, failed: 1, skipped, note: `ended with ${exit}` };
  return { passed, failed, skipped };
}

// Node 20 has relaxed SIMD behind an option; the quick compiler of its V8 still gets the dot product wrong.
const relaxedInNode20 = ['--experimental-wasm-relaxed-simd', '--no-liftoff'];
const nodeOptions = (preset) =>
  preset.includes('relaxed') && process.versions.node.startsWith('20.') ? relaxedInNode20 : [];

/** What a suite has written; nothing, too, where it was stopped. */
const writtenTo = (results) => (existsSync(results) ? readFileSync(results, 'utf8') : '');

/** Catch2's cases, natively or, for WebAssembly, in Node. */
async function runUnitTests(preset) {
  const results = join(resultsFolder, `${preset}.xml`);
  const program = join('build', preset, 'unit_tests');
  const [command, ...args] = wasmPresets.includes(preset)
    ? [process.execPath, ...nodeOptions(preset), `${program}.cjs`]
    : [program];
  const exit = await runToEnd(command, [...args, '--reporter', 'console', '--reporter', `xml::out=${results}`]);
  const text = writtenTo(results);
  const attributes = text.match(/<OverallResultsCases ([^>]*)\/>/)?.[1];
  const count = (name) => Number(attributes.match(new RegExp(`${name}="(\\d+)"`))?.[1] ?? 0);
  return account(
    exit,
    attributes && { passed: count('successes'), failed: count('failures'), skipped: count('skips') },
  );
}

/** The *.test.mjs files of a folder below tests/, one after the other. */
async function runNodeTests(folder) {
  const results = join(resultsFolder, `${folder}.json`);
  const files = readdirSync(join(projectFolder, 'tests', folder))
    .filter((name) => name.endsWith('.test.mjs'))
    .map((name) => join('tests', folder, name));
  if (files.length === 0) return account(0, nothing);
  const exit = await runToEnd(process.execPath, [
    '--test',
    '--test-concurrency=1', // several measure time, or drive a browser
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    '--test-reporter=./scripts/test_counts.mjs',
    `--test-reporter-destination=${results}`,
    ...files,
  ]);
  const text = writtenTo(results);
  return account(exit, text ? JSON.parse(text) : undefined);
}

const once = (body) => {
  let result;
  return () => (result ??= body());
};
const builtPreset = Object.fromEntries(
  ['native', 'sanitize', ...wasmPresets].map((preset) => {
    // What threads change the tests of the other builds show.
    const wasmTargets = preset === 'wasm-relaxed-threads' ? ['modules'] : ['unit_tests', 'modules'];
    const targets = { native: ['all'], sanitize: ['unit_tests'] }[preset] ?? wasmTargets;
    return [preset, once(() => buildPreset(preset, targets))];
  }),
);
const builtSite = once(async () => {
  for (const preset of wasmPresets) await builtPreset[preset]();
  await buildPackageAndSite();
});

const unitTests = (preset) => ({ build: builtPreset[preset], run: () => runUnitTests(preset) });
const nodeTests = (folder, build) => ({ build, run: () => runNodeTests(folder) });
const suites = {
  repository: nodeTests('repository', () => {}),
  native: unitTests('native'),
  tool: nodeTests('tool', builtPreset.native),
  sanitize: unitTests('sanitize'),
  wasm: unitTests('wasm'),
  'wasm-threads': unitTests('wasm-threads'),
  'wasm-relaxed': unitTests('wasm-relaxed'),
  package: nodeTests('package', builtSite),
  golden: nodeTests('golden', builtSite),
  browser: nodeTests('browser', builtSite),
  consumers: nodeTests('consumers', async () => {
    await builtSite();
    await ensureNpmPackages('tests/consumers');
  }),
};

async function runSuite(name) {
  const started = Date.now();
  let counts;
  try {
    await suites[name].build();
    say(`Testing: ${name}`);
    counts = await suites[name].run();
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    counts = { ...nothing, failed: 1, note: `could not be built: ${error.message}` };
  }
  return { name, seconds: Math.round((Date.now() - started) / 1000), ...counts };
}

const counted = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

async function test(names) {
  rmSync(resultsFolder, { recursive: true, force: true });
  mkdirSync(resultsFolder, { recursive: true });
  const results = [];
  for (const name of names) results.push(await runSuite(name));

  say('Results (the time includes building)');
  for (const result of results) {
    const note = result.note ? ` — ${result.note}` : '';
    console.log(`  ${result.name.padEnd(14)}${`${result.seconds} s`.padStart(7)}  ${counted(result)}${note}`);
  }
  return results;
}

await main(async () => {
  const chosen = process.argv.slice(2);
  const unknown = chosen.find((name) => !(name in suites));
  if (unknown) throw new StepError(`There is no suite "${unknown}".`, `Choose from: ${Object.keys(suites).join(', ')}`);
  let total = { ...nothing, failed: 1 }; // what a set-up that fails comes to
  try {
    await setUp();
    const results = await test(chosen.length > 0 ? chosen : Object.keys(suites));
    const sum = (key) => results.reduce((count, result) => count + result[key], 0);
    total = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    console.log(`\nThis failed: ${error.message}\n${error.advice ?? ''}`);
  }
  console.log(`\n${counted(total)}`);
  if (total.failed > 0) process.exitCode = 1;
});
