/** From a fresh clone to the page in a browser: sets up, builds what the page needs, and serves it (npm start). */
import { buildModules, buildPackageAndSite } from './build.mjs';
import { setUp } from './setup.mjs';
import { main, say } from './shell.mjs';

await main(async () => {
  await setUp({ purposes: [] });
  await buildModules();
  await buildPackageAndSite();
  say('Serving the page');
  const { serve } = await import('./serve.mjs'); // it needs what was set up
  serve([]); // in this process: who ends it ends the server
});
