// What the server sends, and what it does not.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { copySite, launchBrowser, openPage, serveSite, settledReading, siteFolder } from './support.mjs';

const serveScript = fileURLToPath(new URL('../../scripts/serve.mjs', import.meta.url));

let site;
before(async () => {
  site = await serveSite();
});
after(() => site?.close());

/** A request with exactly this path, which fetch would tidy up. */
function get(url, rawPath, options = {}) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path: rawPath, ...options }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }),
      );
    })
      .on('error', reject)
      .end();
  });
}

/** A content security policy as a map from directive to its sources. */
const parsePolicy = (text) =>
  new Map(
    text
      .split(';')
      .map((part) => part.trim().split(/\s+/))
      .map(([name, ...sources]) => [name, sources]),
  );

test('every answer carries the security headers, a missing file too', async () => {
  for (const rawPath of ['/', '/main.js', '/no-such-file', '/%E0%A4%A']) {
    const { headers } = await get(site.url, rawPath);
    assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
    assert.equal(headers['cross-origin-embedder-policy'], 'require-corp');
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    const policy = parsePolicy(headers['content-security-policy']);
    assert.deepEqual(policy.get('default-src'), ["'none'"]);
    assert.deepEqual(policy.get('script-src'), ["'self'", "'wasm-unsafe-eval'"]);
    assert.deepEqual(policy.get('frame-ancestors'), ["'none'"]);
  }
});

test('without isolation only the isolating headers are missing', async (t) => {
  const plain = await serveSite({ isolated: false });
  t.after(() => plain.close());
  const { headers } = await get(plain.url, '/');
  assert.equal(headers['cross-origin-opener-policy'], undefined);
  assert.equal(headers['cross-origin-embedder-policy'], undefined);
  assert.ok(headers['content-security-policy']);
});

test("the page's own policy, for hosts that send none, is the header's but for what only a header can say", async () => {
  const { headers } = await get(site.url, '/');
  const policy = parsePolicy(headers['content-security-policy']);
  const html = await readFile(path.join(siteFolder, 'index.html'), 'utf8');
  const own = parsePolicy(/http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(html)[1]);
  policy.delete('frame-ancestors');
  assert.deepEqual(own, policy);
});

test('downloads that are broken off leave no file open, and a file that cannot be read ends no server', async (t) => {
  const root = await copySite(t);
  const site = await serveSite({ root });
  t.after(() => site.close());
  const openFiles = async () => {
    const links = (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ''));
    return (await Promise.all(links)).filter((file) => file.startsWith(root)).length;
  };
  for (let i = 0; i < 20; ++i) {
    const [response] = await once(request(`${site.url}inkdigit/weights/inkdigit.safetensors`).end(), 'response');
    await once(response, 'data');
    response.destroy();
  }
  for (let tries = 0; (await openFiles()) > 0; ++tries) {
    assert.ok(tries < 100, `${await openFiles()} files are open`);
    await setTimeout(50);
  }

  await symlink('/proc/self/mem', path.join(root, 'broken.svg')); // can be opened, but not read
  await get(site.url, '/broken.svg').catch(() => {});
  assert.equal((await get(site.url, '/')).status, 200);
});

test('files have the right types', async () => {
  const types = {
    '/': /^text\/html;\s*charset=utf-8$/,
    '/main.js': /^text\/javascript/,
    '/theme.css': /^text\/css/,
    '/favicon.svg': /^image\/svg\+xml/,
    '/mnist_samples.idx3-ubyte': /^application\/octet-stream$/,
    '/inkdigit/index.js': /^text\/javascript/,
    '/inkdigit/engine.js': /^text\/javascript/,
    '/inkdigit/wasm/inkdigit.wasm': /^application\/wasm$/,
    '/inkdigit/weights/inkdigit.safetensors': /^application\/octet-stream$/,
    '/inkdigit/weights/inkdigit.int8.safetensors.gz': /^application\/octet-stream$/,
  };
  for (const [rawPath, type] of Object.entries(types)) {
    const { status, headers } = await get(site.url, rawPath);
    assert.equal(status, 200, rawPath);
    assert.match(headers['content-type'], type, rawPath);
  }
});

test("nothing but the site's own files is served", async (t) => {
  const root = await copySite(t);
  await writeFile(path.join(root, '.secret'), 'secret');
  await mkdir(path.join(root, '.git'));
  await writeFile(path.join(root, '.git', 'config'), 'secret');
  await writeFile(path.join(path.dirname(root), `${path.basename(root)}-beside`), 'secret');
  const own = await serveSite({ root });
  t.after(() => own.close());
  for (const rawPath of [
    '/.secret',
    '/%2esecret',
    '/.git/config',
    '/inkdigit/../.secret',
    `/../${path.basename(root)}-beside`,
    `/..%2f${path.basename(root)}-beside`,
    '/..%5c..%5cx',
    '/../../../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/inkdigit/',
    '/inkdigit',
    '/%00',
    '//etc/passwd',
  ]) {
    const { status, body } = await get(own.url, rawPath);
    assert.equal(status, 404, rawPath);
    assert.doesNotMatch(body.toString(), /secret|root:/);
  }
});

test('odd requests are answered and leave the server alive', async () => {
  const posted = await get(site.url, '/', { method: 'POST' });
  assert.deepEqual([posted.status, posted.headers.allow], [405, 'GET, HEAD']);
  assert.equal((await get(site.url, '/main.js', { headers: { range: 'bytes=10-5' } })).status, 200);
  assert.equal((await get(site.url, '/', { method: 'HEAD' })).body.length, 0);
  assert.equal((await get(site.url, '/')).status, 200);
});

test('a file that has not changed is not sent again', async () => {
  const first = await get(site.url, '/main.js');
  const again = await get(site.url, '/main.js', { headers: { 'if-none-match': first.headers.etag } });
  assert.equal(again.status, 304);
  assert.equal(again.body.length, 0);
  assert.match(first.headers['cache-control'], /no-cache/);
});

/** Runs scripts/serve.mjs until it prints a line or ends → `{ line, error, code }`. */
function runServe(t, env, args = []) {
  const child = spawn(process.execPath, [serveScript, ...args, siteFolder], { env: { ...process.env, ...env } });
  t.after(() => child.kill());
  return new Promise((resolve) => {
    let error = '';
    child.stderr.on('data', (text) => {
      error += text;
    });
    child.stdout.once('data', (text) => resolve({ line: String(text), error }));
    child.once('close', (code) => resolve({ line: '', error, code }));
  });
}

test('the command prints its address, which is loopback', async (t) => {
  const { line } = await runServe(t, { PORT: '0', HOST: undefined });
  const [, url] = /(http:\/\/127\.0\.0\.1:\d+\/)/.exec(line);
  assert.equal((await fetch(url)).status, 200);
});

test('a port in use is a clear error', async (t) => {
  const { error, code } = await runServe(t, { PORT: new URL(site.url).port });
  assert.match(error, /port \d+ is in use.*PORT=/);
  assert.equal(code, 1);
});

test('a port that is no port is a clear error', async (t) => {
  const { error, code } = await runServe(t, { PORT: 'http' });
  assert.match(error, /PORT must be a number from 0 to 65535, not "http"/);
  assert.equal(code, 1);
});

test('the page works in a sub-folder of a plain static host', async (t) => {
  const root = await copySite(t);
  const { cp, rm } = await import('node:fs/promises');
  const outer = `${root}-outer`;
  t.after(() => rm(outer, { recursive: true, force: true }));
  await cp(root, path.join(outer, 'demos', 'digits'), { recursive: true });
  const host = await serveSite({ root: outer, isolated: false });
  t.after(() => host.close());
  const browser = await launchBrowser();
  t.after(() => browser.close());
  const page = await openPage(t, browser, `${host.url}demos/digits/`);
  assert.equal((await settledReading(page)).state, 'blank');
});
