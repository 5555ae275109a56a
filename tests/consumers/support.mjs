/** What the consumers' tests share: the packed package, folders for sites, a server, and drawing. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { drawnFour } from '../browser/support.mjs';
import { serve } from '../package/helpers.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const packageFolder = path.join(here, '../../build/package');

const folders = [];
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** A folder that is removed when all tests have ended. */
export async function temporaryFolder() {
  folders.push(await mkdtemp(path.join(tmpdir(), 'inkdigit-consumer-')));
  return folders.at(-1);
}

let tarball;

/** The package as npm would publish it: the path of its tarball. */
function packedPackage() {
  if (!tarball) {
    const target = path.join(here, '../../build');
    const [{ filename }] = JSON.parse(
      execFileSync('npm', ['pack', '--json', '--silent', '--pack-destination', target, packageFolder], {
        encoding: 'utf8',
      }),
    );
    tarball = path.join(target, filename);
  }
  return tarball;
}

/** Unpacks the tarball: its files lie in `folder` then. */
export async function unpackPackage(folder) {
  await mkdir(folder, { recursive: true });
  execFileSync('tar', ['-xzf', packedPackage(), '--strip-components=1', '-C', folder]);
}

/** A copy of an example, or of one of the sites here, in a folder of its own, with the package installed, and `others` from our own node_modules. */
export async function installSite(name, { others = [] } = {}) {
  const folder = await temporaryFolder();
  const example = path.join(here, '../../examples', name);
  await cp(existsSync(example) ? example : path.join(here, 'sites', name), folder, { recursive: true });
  await unpackPackage(path.join(folder, 'node_modules/inkdigit'));
  for (const other of others) {
    await symlink(path.join(here, 'node_modules', other), path.join(folder, 'node_modules', other));
  }
  return folder;
}

/**
 * Serves a folder until the test ends. `headers` go with every answer; `answers` maps paths to texts that are no files.
 * → { url, reports } where `reports` are the policy violations that browsers posted to /csp-report.
 */
export async function serveFolder(t, folder, { headers = {}, answers = {} } = {}) {
  const reports = [];
  const intercept = async (pathname, request) => {
    if (pathname === '/csp-report') {
      reports.push((await json(request))['csp-report']);
      return { status: 204, body: '' };
    }
    return Object.hasOwn(answers, pathname) ? { body: answers[pathname] } : undefined;
  };
  const server = await serve(folder, { headers, intercept });
  t.after(() => server.close());
  return { url: server.url, reports };
}

/** Opens a page; the test fails at its end if there were errors on it, besides those that `expected` matches. */
export async function openPage(t, browser, url, { expected = /^$/ } = {}) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const problems = [];
  const note = (text) => expected.test(text) || problems.push(text);
  page.on('pageerror', (error) => note(error.message));
  page.on('console', (message) => message.type() === 'error' && note(`${message.text()} ${message.location().url}`));
  t.after(async () => {
    await context.close();
    assert.deepEqual(problems, []);
  });
  await page.goto(url);
  return page;
}

/** Draws a four into the page's (or frame's) only <ink-digit>, and waits until its value is one. */
export async function drawFour(page, frame = page) {
  const box = await frame.getByRole('img', { name: 'Drawing area' }).boundingBox();
  for (const stroke of drawnFour) {
    const points = stroke.map(([x, y]) => [box.x + x * box.width, box.y + y * box.height]);
    await page.mouse.move(...points[0]);
    await page.mouse.down();
    for (const point of points) await page.mouse.move(...point);
    await page.mouse.up();
  }
  await frame.waitForFunction(() => document.querySelector('ink-digit').value === '4');
}
