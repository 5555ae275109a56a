/**
 * Configures and builds CMake presets; after all WebAssembly presets, puts the package and the site together.
 *
 *   node scripts/build.mjs                      the tool, the WebAssembly modules, the package and the site
 *   node scripts/build.mjs native sanitize …    all of these presets, their tests, too
 *   node scripts/build.mjs --package            the package with what it needs, and nothing else; prints what its files weigh
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMain, main, run, say, StepError } from './shell.mjs';

export const wasmPresets = ['wasm', 'wasm-threads', 'wasm-relaxed', 'wasm-relaxed-threads'];
const allPresets = ['native', 'sanitize', ...wasmPresets];

/** Builds one preset in build/<preset>: everything, or these targets. */
export async function buildPreset(preset, targets = ['all']) {
  say(`Building ${preset} (${targets.join(', ')})`);
  const advice =
    'If a tool or a source is missing: npm run setup. To start this build afresh, remove ' + `build/${preset}.`;
  await run('cmake', ['--preset', preset, '--log-level=WARNING'], { advice, stdio: ['ignore', 'ignore', 'inherit'] });
  const jobs = ['--parallel', String(availableParallelism())];
  await run('cmake', ['--build', `build/${preset}`, ...jobs, '--target', ...targets], { advice });
}

/** All that the package and the page need of the engine. */
export async function buildModules() {
  for (const preset of wasmPresets) await buildPreset(preset, ['modules']);
}

/** The npm package in build/package and the page in build/site, from all WebAssembly builds. */
export async function buildPackageAndSite() {
  say('Putting the package and the site together');
  await run(process.execPath, ['scripts/build_package.mjs']);
  await run(process.execPath, ['scripts/build_site.mjs']);
}

if (isMain(import.meta.url)) {
  await main(async () => {
    const { values, positionals } = parseArgs({ options: { package: { type: 'boolean' } }, allowPositionals: true });
    const unknown = positionals.find((preset) => !allPresets.includes(preset));
    if (unknown) throw new StepError(`There is no preset "${unknown}".`, `Choose from: ${allPresets.join(', ')}`);
    if (positionals.length > 0) {
      for (const preset of positionals) await buildPreset(preset);
      if (wasmPresets.every((preset) => positionals.includes(preset))) await buildPackageAndSite();
      return;
    }
    if (!values.package) await buildPreset('native', ['inkdigit']);
    await buildModules();
    if (values.package) await run(process.execPath, ['scripts/build_package.mjs', '--sizes']);
    else await buildPackageAndSite();
  });
}
