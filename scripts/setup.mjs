/**
 * Brings everything the build needs, and does nothing twice: the system's packages, npm's, the pinned sources, Emscripten.
 * What it fetches lies in .deps/ and node_modules/. A complete set-up is told from files alone, so it works offline.
 *
 *   node scripts/setup.mjs           for everything (npm run setup)
 *   node scripts/setup.mjs --page    only what building and serving the page needs
 *   node scripts/setup.mjs --tool    that, and what building the tool needs
 */
import { parseArgs } from 'node:util';
import { ensureEmscripten } from './setup/emscripten.mjs';
import { checkMnist } from './setup/mnist.mjs';
import { ensureNpmPackages, ensureSystemPackages } from './setup/packages.mjs';
import { fetchSources } from './setup/sources.mjs';
import { detail, isMain, main, say } from './shell.mjs';

export async function setUp({ purposes = ['tool', 'tests'] } = {}) {
  say('Tools of this system');
  detail((await ensureSystemPackages({ purposes })) ? 'installed' : 'all there');
  say('npm packages');
  detail((await ensureNpmPackages()) ? 'installed' : 'all there');
  say('MNIST');
  checkMnist();
  say('Source archives');
  await fetchSources();
  say('Emscripten');
  await ensureEmscripten();
}

if (isMain(import.meta.url)) {
  await main(async () => {
    const { values } = parseArgs({ options: { page: { type: 'boolean' }, tool: { type: 'boolean' } } });
    await setUp({ purposes: values.page ? [] : values.tool ? ['tool'] : undefined });
  });
}
