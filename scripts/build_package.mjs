/**
 * Puts the npm package together in build/package, exactly as npm would ship it: web/package bundled, the builds of
 * the engine, the weights, and a package.json made from the project's. With --sizes, prints what each file weighs, which
 * takes longer than all the rest (brotli).
 *
 *   node scripts/build_package.mjs [--sizes]
 */
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { build as bundle, transform } from 'esbuild';

import { wasmPresets as builds } from './build.mjs';
import { makeRehearsal } from './rehearsal.mjs';
import { depsFolder, isMain, main, projectFolder, StepError } from './shell.mjs';

/** The modules of each build: the whole engine, and what only reads. */
const modules = ['inkdigit', 'reader'];

/**
 * The glue of the reader without threads, which is the same for all its builds, is part of the scripts that import it: one
 * file less to wait for.
 */
const inlinedGlue = path.join(projectFolder, 'build/wasm/reader.js');
const isInlined = (file) => /^\.\/wasm(-relaxed)?\/reader\.js$/.test(file);

const minified = { format: 'esm', target: 'es2022', minify: true, legalComments: 'none', logLevel: 'warning' };

/** Node's own that the scripts import in Node. Without `node:`, which not all bundlers for the web can leave out. */
const nodeModules = ['fs/promises', 'module', 'os', 'url', 'worker_threads'];

/** The project's package.json, whose exports name the same files in build/package. */
const project = JSON.parse(await readFile(path.join(projectFolder, 'package.json'), 'utf8'));

/** What the package exports: in it, files are where they are in build/package. */
const packageExports = JSON.parse(JSON.stringify(project.exports).replaceAll('./build/package/', './'));

/** The names of the scripts that are asked for by name: by the package's users, and the worker by its own page. */
const scriptEntries = Object.values(packageExports)
  .filter((entry) => entry.default)
  .map((entry) => path.basename(entry.default, '.js'));

/** Fields that the package shares with the project. */
const sharedFields = ['name', 'version', 'description', 'keywords', 'license', 'type', 'engines'];

/** The package's own package.json. */
function packageManifest() {
  return {
    ...Object.fromEntries(sharedFields.map((key) => [key, project[key]])),
    main: './index.js',
    types: './index.d.ts',
    exports: packageExports,
    sideEffects: ['./worker.js', './element.js'],
    // Asked for only in Node; bundlers for the web leave them out.
    browser: Object.fromEntries(nodeModules.map((name) => [name, false])),
  };
}

/**
 * Emscripten's script with threads as every bundler takes it. It does not say where it is itself, which is what its threads are started
 * from: a bundler would make a script of its own of it for each, and Turbopack does not end that. Whoever starts it knows
 * (web/package/wasm_module.js). And nothing is awaited at the top, which the default format of Vite's workers cannot do.
 */
function forThreads(glue) {
  const ownAddress = /new Worker\(new URL\("\w+\.js",import\.meta\.url\),/;
  const awaited = /if \(isNode\) isPthread = \(await import\('worker_threads'\)\)[^]*?isPthread && createModule\(\);/;
  return replaceOnce(
    replaceOnce(glue, ownAddress, "new Worker(Module['threadScript'],"),
    awaited,
    `if (isPthread) createModule();
if (isNode) {
  import('worker_threads').then(({ workerData }) => workerData === 'em-pthread' && createModule());
}`,
  );
}

/** `text` with its one part that `pattern` matches replaced. */
function replaceOnce(text, pattern, replacement) {
  if (text.split(pattern).length === 2) return text.replace(pattern, replacement);
  throw new StepError(
    `Emscripten's script does not have, just once, what ${pattern} looks for.`,
    'Its version is another than the one that scripts/build_package.mjs was written for: change the pattern there.',
  );
}

const writeCompressed = async (from, to) => writeFile(to, await promisify(gzip)(await readFile(from), { level: 9 }));

/** Texts of the project that the package has, and where. */
const texts = { 'web/package/README.md': 'README.md', 'weights/README.md': 'weights/README.md' };

/** Whose code is in the modules, and where its licence is in .deps. */
const licences = {
  XNNPACK: 'sources/xnnpack/LICENSE',
  pthreadpool: 'sources/pthreadpool/LICENSE',
  FXdiv: 'sources/fxdiv/LICENSE',
  FP16: 'sources/fp16/LICENSE',
  'JSON for Modern C++': 'sources/nlohmann-json3/LICENSE.MIT',
  stb_image_resize2: 'sources/libstb/LICENSE',
  musl: 'emscripten/root/system/lib/libc/musl/COPYRIGHT',
};

/** The notices that licences of others ask for. That of Emscripten is no file in Debian's package, so it stands in the project. */
async function thirdPartyNotices() {
  const own = await readFile(path.join(projectFolder, 'web/package/third_party_notices.txt'), 'utf8');
  const others = Object.entries(licences).map(
    async ([name, file]) => `\n\n=== ${name} ===\n\n${(await readFile(path.join(depsFolder, file), 'utf8')).trim()}\n`,
  );
  return [own, ...(await Promise.all(others))].join('');
}

/** Where a file of the project is in the package, if it is part of it. */
const placeInPackage = (file) => texts[file] ?? file.replace(/^web\/package\//, '');

/** The text `file` as it is in the package at `packageFolder`: of links to what that does not have, the words are left. */
async function withLinksInside(file, packageFolder) {
  const text = await readFile(path.join(projectFolder, file), 'utf8');
  return text.replace(/(!?)\[([^\]]*)\]\(([^):]+)\)/g, (link, mark, words, target) => {
    const place = placeInPackage(path.posix.join(path.posix.dirname(file), target));
    if (!existsSync(path.join(packageFolder, place))) return mark ? '' : words;
    return `${mark}[${words}](${path.posix.relative(path.posix.dirname(texts[file]), place)})`;
  });
}

async function buildPackage(packageFolder) {
  const from = (...parts) => path.join(projectFolder, ...parts);
  const to = (...parts) => path.join(packageFolder, ...parts);
  await rm(packageFolder, { recursive: true, force: true });
  await mkdir(packageFolder, { recursive: true });
  for (const { types } of Object.values(packageExports)) if (types) await cp(from('web/package', types), to(types));
  const built = (...file) =>
    readFile(from('build', ...file)).catch((cause) => {
      if (cause.code !== 'ENOENT') throw cause;
      throw new StepError(`build/${file.join('/')} is missing.`, 'Build it first: npm run build');
    });
  for (const build of builds) {
    await mkdir(to(build));
    for (const name of modules) {
      await writeFile(to(build, `${name}.wasm`), await built(build, `${name}.wasm`));
      const glue = await built(build, `${name}.js`);
      if (isInlined(`./${build}/${name}.js`)) {
        if (glue.equals(await readFile(inlinedGlue))) continue;
        throw new StepError(
          `build/${build}/${name}.js is not the same as ${inlinedGlue}.`,
          'Build both anew: npm run build',
        );
      }
      const script = build.endsWith('-threads') ? forThreads(`${glue}`) : `${glue}`;
      const { code } = await transform(script, minified);
      await writeFile(to(build, `${name}.js`), code);
    }
  }
  await bundleScripts(from('web/package'), packageFolder);
  await mkdir(to('weights'));
  const weights = (await readdir(from('weights')).catch(() => [])).filter((file) => file.endsWith('.safetensors'));
  for (const file of weights) {
    // Few servers compress weights; gzip makes int8 ones smaller by two fifths.
    if (file.endsWith('.int8.safetensors')) await writeCompressed(from('weights', file), to('weights', `${file}.gz`));
    else await cp(from('weights', file), to('weights', file));
  }
  if (weights.length === 0) console.warn('There are no weights in weights/: the package is built without any.');
  await writeFile(to('weights/rehearsal.safetensors'), await makeRehearsal());
  await cp(from('LICENSE'), to('LICENSE'));
  await writeFile(to('THIRD_PARTY_NOTICES.txt'), await thirdPartyNotices());
  for (const place of Object.values(texts)) await writeFile(to(place), ''); // so that they find each other
  for (const file of Object.keys(texts)) await writeFile(to(texts[file]), await withLinksInside(file, packageFolder));
  await writeFile(to('package.json'), `${JSON.stringify(packageManifest(), null, 2)}\n`);
}

/**
 * Bundles and minifies the scripts of web/package, one for each entry of the package, whole in itself: each that it had to import
 * would be another way to the server and back before a page reads. What comes from npm becomes part of them, since the
 * package depends on nothing.
 */
async function bundleScripts(from, to) {
  const entries = scriptEntries.map((name) => `${name}.js`);
  const plugin = {
    name: 'package-files',
    setup({ onResolve, onLoad }) {
      // Files that are fetched when they are needed find each other by addresses that count from the package's folder.
      onResolve({ filter: /^\.\.?\// }, ({ path: file, kind }) => {
        const name = path.posix.basename(file);
        if (kind === 'dynamic-import' && entries.includes(name) && !file.includes('wasm')) {
          return { path: `./${name}`, external: true };
        }
        if (!/^\.\/wasm[^/]*\//.test(file)) return undefined;
        return isInlined(file) ? { path: inlinedGlue } : { path: file, external: true };
      });
      // It is not beside its wasm file then, which it is always given: bundlers are not to look for one.
      onLoad({ filter: /[/\\]build[/\\]wasm[/\\]reader\.js$/ }, async () => {
        const glue = await readFile(inlinedGlue, 'utf8');
        return { contents: replaceOnce(glue, 'new URL("reader.wasm",import.meta.url).href', '""') };
      });
      // The element's style sheet is part of its script, as text.
      onLoad({ filter: /\.css$/ }, async ({ path: file }) => {
        const { code } = await transform(await readFile(file, 'utf8'), { loader: 'css', minify: true });
        return { contents: code, loader: 'text' };
      });
    },
  };
  await bundle({
    ...minified,
    entryPoints: entries.map((name) => path.join(from, name)),
    outdir: to,
    bundle: true,
    plugins: [plugin],
    external: [...nodeModules, 'fs', 'path'],
  });
}

/** Files below `folder`, with their sizes in bytes. */
async function weigh(folder) {
  const names = (await readdir(folder, { recursive: true })).sort();
  const files = [];
  for (const name of names) {
    const file = path.join(folder, name);
    if ((await stat(file)).isDirectory()) continue;
    const bytes = await readFile(file);
    files.push({ name, raw: bytes.length, brotli: (await promisify(brotliCompress)(bytes)).length });
  }
  return files;
}

function printSizes(files) {
  const row = (name, raw, brotli) =>
    console.log(`${name.padEnd(36)}${`${raw}`.padStart(10)}${`${brotli}`.padStart(10)}`);
  row('file (bytes)', 'raw', 'brotli');
  for (const { name, raw, brotli } of files) row(name, raw, brotli);
}

if (isMain(import.meta.url)) {
  await main(async () => {
    const packageFolder = path.join(projectFolder, 'build/package');
    await buildPackage(packageFolder);
    if (process.argv.includes('--sizes')) printSizes(await weigh(packageFolder));
    console.log(`The package is in ${path.relative(process.cwd(), packageFolder)}.`);
  });
}
