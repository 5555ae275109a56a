/** From a fresh clone to the page in a browser: sets up, builds what the page needs, and serves it (npm start). */
import { buildPackageAndSite, buildPreset, wasmPresets } from './build.mjs';
import { setUp } from './setup.mjs';
import { main, run, say } from './shell.mjs';

await main(async () => {
  await setUp({ tests: false });
  for (const preset of wasmPresets) await buildPreset(preset, ['modules']);
  await buildPackageAndSite();
  say('Serving the page');
  await run(process.execPath, ['scripts/serve.mjs']);
});
