/** The site that the bench serves: the package, a page for each engine, what the other libraries fetch, models of the same weights. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { createSiteServer } from '../../scripts/serve.mjs';
import { readSafetensors } from '../safetensors.js';
import { onnxModel } from './models/onnx.js';
import { tfliteModel } from './models/tflite.js';

const here = fileURLToPath(new URL('.', import.meta.url));

/** What the libraries fetch by themselves: folder of the site → folder below node_modules, and the names of its files. */
const libraryFiles = {
  tensorflow: ['@tensorflow/tfjs-backend-wasm/dist', /\.wasm$/],
  litert: ['@litertjs/core/wasm', /\.(js|wasm)$/],
  onnxruntime: ['onnxruntime-web/dist', /^ort-wasm-simd-threaded\.(mjs|wasm)$/],
};

async function bundle(site, name, source) {
  await build({
    stdin: { contents: source, resolveDir: here },
    bundle: true,
    format: 'esm',
    minify: true,
    external: ['/inkdigit/*'],
    outfile: path.join(site, `${name}.js`),
    logLevel: 'error',
  });
  await writeFile(
    path.join(site, `${name}.html`),
    `<!doctype html><title>${name}</title><link rel="icon" href="data:,"><script type="module" src="${name}.js"></script>`,
  );
}

/** Builds the site of these engines → its folder. */
export async function buildSite(packageFolder, engines) {
  const site = await mkdtemp(path.join(os.tmpdir(), 'inkdigit-bench-'));
  await cp(packageFolder, path.join(site, 'inkdigit'), { recursive: true });
  for (const { name } of engines) {
    const source = `import * as engine from './engines/${name}.js'; import { expose } from './page.js'; expose(engine);`;
    await bundle(site, name, source);
  }
  await bundle(
    site,
    'empty',
    'globalThis.bench = { started: performance.now(), memory: () => performance.measureUserAgentSpecificMemory().then(({ bytes }) => bytes) };',
  );

  for (const [folder, [source, names]] of Object.entries(libraryFiles)) {
    await cp(path.join(here, 'node_modules', source), path.join(site, folder), {
      recursive: true,
      filter: (file) => !path.extname(file) || names.test(path.basename(file)),
    });
  }
  const tensors = await readWeights(packageFolder);
  await mkdir(path.join(site, 'models'));
  await writeFile(path.join(site, 'models/digits.onnx'), onnxModel(tensors));
  for (const batch of [1, 64]) {
    await writeFile(path.join(site, `models/digits_${batch}.tflite`), tfliteModel(tensors, batch));
  }
  return site;
}

export async function readWeights(packageFolder) {
  const { buffer, byteOffset, byteLength } = await readFile(path.join(packageFolder, 'weights/inkdigit.safetensors'));
  return readSafetensors(buffer.slice(byteOffset, byteOffset + byteLength));
}

/** Serves a folder, isolated → { url, requested: paths since it was last emptied, close }. */
export async function serve(site) {
  const server = createSiteServer({ root: site, isolated: true });
  const requested = [];
  server.on('request', ({ url }) => requested.push(url.split('?')[0]));
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    requested,
    close: async () => {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      await rm(site, { recursive: true, force: true });
    },
  };
}
