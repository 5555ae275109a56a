// Small real sites, each with the package as npm would ship it, driven in Chromium.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import * as esbuild from 'esbuild';
import ts from 'typescript';
import { launchBrowser } from '../browser/support.mjs';
import { drawFrame, readMnist } from '../package/helpers.mjs';
import { drawFour, installSite, openPage, serveFolder, temporaryFolder, unpackPackage } from './support.mjs';

let browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser?.close());

const isolation = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
const strictPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types inkdigit',
  'report-uri /csp-report',
].join('; ');

/** What examples/bundler tells of its own classifier. */
const plainReading = (page) => page.locator('#plain').filter({ hasText: /digit 1, \d thread/ });

for (const isolated of [false, true]) {
  const how = isolated ? 'cross-origin isolated' : 'not isolated';
  test(`a bare page with one script tag under a strict policy, ${how}: no violation`, async (t) => {
    const folder = await installSite('bare_page');
    await unpackPackage(path.join(folder, 'inkdigit'));
    const headers = { 'content-security-policy': strictPolicy, ...(isolated ? isolation : {}) };
    const site = await serveFolder(t, folder, { headers });
    const page = await openPage(t, browser, site.url);
    await drawFour(page);
    const backend = await page.evaluate(async () => {
      const { createClassifier } = await import('./inkdigit/index.js');
      const classifier = await createClassifier({ threads: 2 });
      const { threads, why } = classifier.backend;
      classifier.dispose();
      return { threads, why };
    });
    assert.equal(backend.threads, isolated ? 2 : 1, backend.why);
    assert.deepEqual(site.reports, []);
    await page.getByRole('button', { name: 'Send' }).click();
    await page.waitForURL('**/?floor=4');
    await page.goto('about:blank'); // the site is about to go
  });
}

test('Vite, its server for development', async (t) => {
  const { createServer } = await import('vite');
  const folder = await installSite('bundler');
  const server = await createServer({
    root: folder,
    configFile: false,
    logLevel: 'error',
    server: { host: '127.0.0.1', port: 0 },
  });
  t.after(() => server.close());
  await server.listen();
  const page = await openPage(t, browser, server.resolvedUrls.local[0]);
  await plainReading(page).waitFor();
  await drawFour(page);
});

test('Vite, built', async (t) => {
  const { build } = await import('vite');
  const folder = await installSite('bundler');
  await build({
    root: folder,
    configFile: false,
    logLevel: 'error',

    build: { target: 'es2022' },
  });
  const dist = path.join(folder, 'dist');
  const html = await readFile(path.join(dist, 'index.html'), 'utf8');
  await writeFile(
    path.join(dist, 'index.html'),
    html.replace('<script', '<script>globalThis.inkdigitOptions = { threads: 2 };</script><script'),
  );
  const page = await openPage(t, browser, (await serveFolder(t, dist, { headers: isolation })).url);
  await page
    .locator('#plain')
    .filter({ hasText: /digit 1, 2 threads/ })
    .waitFor();
  await drawFour(page);
});

test('webpack 5', async (t) => {
  const { default: webpack } = await import('webpack');
  const folder = await installSite('bundler');
  const stats = await promisify(webpack)({
    context: folder,
    mode: 'production',
    entry: './main.js',
    output: { path: path.join(folder, 'dist'), filename: 'main.js' },

    performance: { hints: false },
  });
  const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
  assert.deepEqual(
    [...errors, ...warnings].map(({ message }) => message),
    [],
  );
  await writeFile(path.join(folder, 'dist/index.html'), await readFile(path.join(folder, 'index.html')));
  const page = await openPage(t, browser, (await serveFolder(t, path.join(folder, 'dist'))).url);
  await plainReading(page).waitFor();
  await drawFour(page);
});

test('esbuild, with the package’s files served beside', async (t) => {
  const folder = await installSite('bundler');
  const dist = path.join(folder, 'dist');
  await esbuild.build({
    absWorkingDir: folder,
    entryPoints: ['main.js'],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    outdir: dist,
    logLevel: 'error',
    splitting: true,
  });
  await unpackPackage(path.join(dist, 'inkdigit'));
  const html = await readFile(path.join(folder, 'index.html'), 'utf8');
  await writeFile(
    path.join(dist, 'index.html'),
    html
      .replace('<script', "<script>globalThis.inkdigitOptions = { baseUrl: './inkdigit/' };</script><script")
      .replace('<ink-digit', '<ink-digit base-url="./inkdigit/"'),
  );
  const page = await openPage(t, browser, (await serveFolder(t, dist)).url);
  await plainReading(page).waitFor();
  await drawFour(page);
});

test('esbuild, a classic script, which does not know its own address: base-url tells where the files are', async (t) => {
  const folder = await installSite('bundler');
  const dist = path.join(folder, 'dist');
  await esbuild.build({
    stdin: {
      resolveDir: folder,
      contents: "import 'inkdigit/element'; export { createClassifier } from 'inkdigit';",
    },
    bundle: true,
    globalName: 'inkdigit', // and `iife`, as always where no format is named
    target: 'es2022',
    outfile: path.join(dist, 'main.js'),
    logLevel: 'error',
  });
  await unpackPackage(path.join(dist, 'inkdigit'));
  const html = await readFile(path.join(folder, 'index.html'), 'utf8');
  await writeFile(
    path.join(dist, 'index.html'),
    html.replace('type="module"', 'defer').replace('<ink-digit', '<ink-digit base-url="./inkdigit/"'),
  );
  const page = await openPage(t, browser, (await serveFolder(t, dist)).url);
  await drawFour(page);
  const failure = await page.evaluate(() =>
    globalThis.inkdigit.createClassifier().catch(({ code, message }) => `${code}: ${message}`),
  );
  assert.match(failure, /^load: .*`baseUrl`/);
});

test('React: a component of ten lines', async (t) => {
  const { build } = await import('vite');
  const folder = await installSite('react', { others: ['react', 'react-dom', 'scheduler'] });
  await build({
    root: folder,
    configFile: false,
    logLevel: 'error',

    oxc: { jsx: { runtime: 'automatic' } },
  });
  const page = await openPage(t, browser, (await serveFolder(t, path.join(folder, 'dist'))).url);
  await page.getByText('nothing yet').waitFor();
  await drawFour(page);
  await page.getByText('you wrote 4').waitFor();
});

test('React: the component, rendered by a server, and hydrated', async (t) => {
  const { build } = await import('vite');
  const folder = await installSite('react', { others: ['react', 'react-dom', 'scheduler'] });
  const replaceIn = async (file, what, by) => {
    const name = path.join(folder, file);
    await writeFile(name, (await readFile(name, 'utf8')).replace(what, by));
  };
  const props = 'label="Floor" name="floor" suppressHydrationWarning';
  const jsx = `import { DigitField } from './digit_field.tsx';\nconst field = <DigitField ${props} />;\n`;
  await esbuild.build({
    stdin: {
      resolveDir: folder,
      loader: 'tsx',
      contents: `import { renderToString } from 'react-dom/server';\n${jsx}export const html = renderToString(field);`,
    },
    bundle: true,
    packages: 'external',
    format: 'esm',
    jsx: 'automatic',
    outfile: path.join(folder, 'server.mjs'),
  });
  const { html } = await import(path.join(folder, 'server.mjs'));
  await replaceIn('index.html', /<body>.*<\/body>/, `<body>${html}</body>`);
  const client = `import { hydrateRoot } from 'react-dom/client';\n${jsx}hydrateRoot(document.body, field);\n`;
  await writeFile(path.join(folder, 'main.jsx'), client);
  await build({ root: folder, configFile: false, logLevel: 'error', oxc: { jsx: { runtime: 'automatic' } } });
  const page = await openPage(t, browser, (await serveFolder(t, path.join(folder, 'dist'))).url);
  await drawFour(page);
  await page.getByText('you wrote 4').waitFor();
});

test('React: its component is typed, and so is <ink-digit> in it', async () => {
  const folder = await installSite('react', { others: ['@types', 'react'] });
  const wrong = path.join(folder, 'wrong.tsx');
  const mistakes = [
    'length="five"',
    'acceptUnsure',
    'accept-unsure={2}',
    'form={3}',
    'readonly="no"',
    'min-length="two"',
    'onInput={(event) => event.currentTarget.nothing}',
  ];
  const lines = mistakes.map(
    (mistake, i) => `// @ts-expect-error\nexport const wrong${i} = <ink-digit ${mistake} />;\n`,
  );
  const right = `export const right = <ink-digit accept-unsure base-url="/inkdigit/" readOnly length={5} />;
export const alsoRight = <ink-digit form="order" readonly min-length={2} length={5} />;\n`;
  await writeFile(wrong, [...lines, right].join(''));
  const program = ts.createProgram([path.join(folder, 'digit_field.tsx'), wrong], {
    strict: true,
    noEmit: true,
    jsx: ts.JsxEmit.ReactJSX,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
  });
  const texts = ts.getPreEmitDiagnostics(program).map(({ messageText }) => messageText);
  assert.deepEqual(texts, []);
});

/** A site whose package comes from another origin: → { page, cdn, site } */
async function openFromCdn(t, { attributes = '', policy, answers, expected }) {
  const cdnFolder = await temporaryFolder();
  await unpackPackage(cdnFolder);
  const cdn = await serveFolder(t, cdnFolder, { headers: { 'access-control-allow-origin': '*' } });
  const folder = await installSite('cdn');
  const fill = (text) => text.replaceAll('%CDN%', cdn.url).replaceAll('%ATTRIBUTES%', attributes);
  await writeFile(path.join(folder, 'index.html'), fill(await readFile(path.join(folder, 'index.html'), 'utf8')));
  const site = await serveFolder(t, folder, {
    headers: { 'content-security-policy': fill(policy) },
    answers: Object.fromEntries(Object.entries(answers ?? {}).map(([name, text]) => [name, fill(text)])),
  });
  return { cdn, site, page: await openPage(t, browser, site.url, { expected }) };
}

const cdnPolicy =
  "default-src 'none'; script-src %CDN% 'self' 'wasm-unsafe-eval'; connect-src %CDN%; img-src data:; report-uri /csp-report";
const hasWorker = (page) => page.workers().length > 0;

test('from another origin: with nothing set, drawings are read on the page’s own thread', async (t) => {
  const { page } = await openFromCdn(t, {
    policy: cdnPolicy,
    expected: /cannot be accessed from origin|Failed to construct/,
  });
  await drawFour(page);
  assert.equal(hasWorker(page), false);
});

test('from another origin: by a worker of one line on the page’s own', async (t) => {
  const { page, site } = await openFromCdn(t, {
    policy: cdnPolicy,
    attributes: ' worker-url="/inkdigit_worker.js"',
    answers: { '/inkdigit_worker.js': "import '%CDN%worker.js';\n" },
  });
  await drawFour(page);
  assert.equal(hasWorker(page), true);
  assert.deepEqual(site.reports, []);
});

test('from another origin: by a worker from a blob, where the page allows that', async (t) => {
  const { page, cdn, site } = await openFromCdn(t, {
    policy: `${cdnPolicy}; worker-src blob: %CDN%`,
    attributes: ' worker-url="blob:"',
  });
  await drawFour(page);
  assert.equal(hasWorker(page), true);
  // The same by the function, which without the option says what to do.
  const got = await page.evaluate(async (url) => {
    const { createClassifier } = await import(`${url}index.js`);
    const classifier = await createClassifier({ workerUrl: 'blob:' });
    const { why } = classifier.backend;
    classifier.dispose();
    return why;
  }, cdn.url);
  assert.match(got, /1 thread/);
  assert.deepEqual(site.reports, []);
});

test('from another origin: createClassifier without an option says what to do', async (t) => {
  const { page, cdn } = await openFromCdn(t, { policy: cdnPolicy, expected: /./ });
  const got = await page.evaluate(
    (url) =>
      import(`${url}index.js`).then(({ createClassifier }) =>
        createClassifier().then(
          () => 'no error',
          ({ code, message }) => `${code}: ${message}`,
        ),
      ),
    cdn.url,
  );
  assert.match(got, /^load: .*own origin.*baseUrl.*import 'http.*worker\.js'.*workerUrl/s);
});

test('a sandboxed iframe', async (t) => {
  const folder = await installSite('bare_page');
  await unpackPackage(path.join(folder, 'inkdigit'));
  const site = await serveFolder(t, folder, {
    headers: { 'access-control-allow-origin': '*' },
    answers: {
      '/outer.html':
        '<!doctype html><link rel="icon" href="data:,"><iframe sandbox="allow-scripts" src="/" width="600" height="400"></iframe>',
    },
  });
  const page = await openPage(t, browser, `${site.url}outer.html`, { expected: /cannot be accessed from origin/ });
  const frame = page.frames().find((one) => one.parentFrame());
  assert.equal(await frame.evaluate(() => globalThis.origin), 'null');
  await drawFour(page, frame);
  assert.equal(hasWorker(page), false);
  const got = await frame.evaluate(async () => {
    const { createClassifier } = await import('./inkdigit/index.js');
    const { loadReader } = await import('./inkdigit/reader.js');
    const workerUrl = `data:text/javascript,import '${new URL('inkdigit/worker.js', document.baseURI)}';`;
    const made = [createClassifier(), createClassifier({ workerUrl }), loadReader()];
    return Promise.all(
      made.map((one) =>
        one.then(
          () => 'reads',
          ({ code }) => code,
        ),
      ),
    );
  });
  assert.deepEqual(got, ['load', 'reads', 'reads']);
});

test('a server in Node reads digits', async (t) => {
  const folder = await installSite('node_server');
  const server = spawn(process.execPath, ['server.mjs'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => server.kill());
  const [port] = await once(server.stdout, 'data');
  const { images, labels } = await readMnist('t10k', 20);
  let right = 0;
  for (const [i, label] of labels.entries()) {
    const { data, width, height } = drawFrame(images.subarray(i * 784, (i + 1) * 784));
    const answer = await fetch(`http://127.0.0.1:${Number(port)}/?width=${width}&height=${height}`, {
      method: 'POST',
      body: data,
    });
    right += (await answer.json()).digit === label;
  }
  assert.ok(right >= 19, `${right} of 20`);
  const bad = await fetch(`http://127.0.0.1:${Number(port)}/?width=3&height=3`, { method: 'POST', body: 'x' });
  assert.equal(bad.status, 400);
  assert.match(await bad.text(), /expected 4 × 3 × 3/);
  // A client that breaks off costs that request alone.
  const broken = connect(Number(port), '127.0.0.1');
  broken.end('POST //?width=3 HTTP/1.1\r\nhost: a\r\ncontent-length: 36\r\n\r\nhalf');
  await once(broken.resume(), 'close');
  const next = await fetch(`http://127.0.0.1:${Number(port)}/?width=3&height=3`, { method: 'POST', body: 'x' });
  assert.equal(next.status, 400);
});

test('a server that renders pages can import the element', async () => {
  const folder = await installSite('node_server');
  await writeFile(
    path.join(folder, 'render.mjs'),
    "import { InkDigitElement } from 'inkdigit/element';\nimport { readStrokes } from 'inkdigit/drawing';\nimport { createClassifier } from 'inkdigit';\nconsole.log(typeof InkDigitElement, typeof readStrokes, typeof createClassifier);\n",
  );
  const child = spawn(process.execPath, ['render.mjs'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  const [output] = await once(child.stdout, 'data');
  assert.equal(String(output).trim(), 'function function function');
});
