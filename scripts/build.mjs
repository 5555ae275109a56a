/**
 * Configures and builds CMake presets; after all WebAssembly presets, puts the package and the site together.
 *
 *   node scripts/build.mjs                      everything
 *   node scripts/build.mjs native sanitize …    these presets
 */
import { availableParallelism } from 'node:os';
import { pathToFileURL } from 'node:url';
import { main, run, say, StepError } from './shell.mjs';

export const wasmPresets = ['wasm', 'wasm-threads', 'wasm-relaxed', 'wasm-relaxed-threads'];
export const allPresets = ['native', 'sanitize', ...wasmPresets];

/** Builds one preset in build/<preset>: everything, or these targets. */
export async function buildPreset(preset, targets = ['all']) {
  say(`Building ${preset} (${targets.join(', ')})`);
  const advice =
    'If a tool or a source is missing: npm run setup. To start this build afresh, remove ' + `build/${preset}.`;
  await run('cmake', ['--preset', preset, '--log-level=WARNING'], { advice, stdio: ['ignore', 'ignore', 'inherit'] });
  const jobs = ['--parallel', String(availableParallelism())];
  await run('cmake', ['--build', `build/${preset}`, ...jobs, '--target', ...targets], { advice });
}

/** The npm package in build/package and the page in build/site, from all WebAssembly builds. */
export async function buildPackageAndSite() {
  say('Putting the package and the site together');
  await run(process.execPath, ['scripts/build_package.mjs']);
  await run(process.execPath, ['scripts/build_site.mjs']);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(async () => {
    const presets = process.argv.length > 2 ? process.argv.slice(2) : allPresets;
    const unknown = presets.find((preset) => !allPresets.includes(preset));
    if (unknown) throw new StepError(`There is no preset "${unknown}".`, `Choose from: ${allPresets.join(', ')}`);
    for (const preset of presets) await buildPreset(preset);
    if (wasmPresets.every((preset) => presets.includes(preset))) await buildPackageAndSite();
  });
}
