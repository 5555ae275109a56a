// What the page does when a part of the reader is missing, or cannot run.
import assert from 'node:assert/strict';
import { readdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  button,
  copySite,
  drawWithMouse,
  drawnFour,
  launchBrowser,
  missingFile,
  openPage,
  serveSite,
  settledReading,
} from './support.mjs';

let browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser?.close());

/** Files below `folder` with `part` in their path. */
async function filesWith(folder, part) {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.includes(part)).map((name) => path.join(folder, name));
}

/** Takes files out of a site; the function it returns puts them back. */
async function takeAway(files) {
  assert.notEqual(files.length, 0, 'there is something to take away');
  for (const file of files) await rename(file, `${file}.away`);
  return () => Promise.all(files.map((file) => rename(`${file}.away`, file)));
}

for (const isolated of [true, false]) {
  describe(isolated ? 'missing files, cross-origin isolated' : 'missing files, not isolated', () => {
    for (const [what, part, message] of [
      ['the weights', '.safetensors', /could not be loaded\..*weights\/inkdigit\.int8\.safetensors\.gz.*404/s],
      ['the wasm files', '.wasm', /The reader could not be loaded\..*reader\.wasm/s],
      ['the package', 'inkdigit/index.js', /Something went wrong with the reader/],
      ['the worker', 'inkdigit/worker.js', /The reader could not be loaded/],
    ]) {
      test(`without ${what} the page says so; once they are back, Try again reads what was drawn meanwhile`, async (t) => {
        const root = await copySite(t);
        const site = await serveSite({ root, isolated });
        t.after(() => site.close());
        const putBack = await takeAway(await filesWith(root, part));

        const page = await openPage(t, browser, site.url);
        page.expectedProblems = missingFile;
        await page.getByRole('alert').filter({ hasText: message }).waitFor();
        await drawWithMouse(page, drawnFour);
        assert.match(await page.getByRole('alert').textContent(), message, 'drawing does not hide it');
        await page.getByText('Runs in this page: nothing yet, see the message above').waitFor();
        const seen = await page.getByRole('alert').innerText();
        assert.match(
          seen,
          /^(The weights of the network|The reader) could not be loaded\. Check the connection, then try again\.\s+Details$|^Something went wrong with the reader\. Try again, or reload the page\.\s+Details$/,
        );

        await putBack();
        await button(page, 'Try again').click();
        assert.equal((await settledReading(page)).digit, '4');
        assert.match(await page.locator('#backend').textContent(), /^WebAssembly with/);
        await page.getByRole('alert').filter({ hasText: /./ }).waitFor({ state: 'detached' });
      });
    }
  });
}

test('another message does not take the way out of a failure away', async (t) => {
  const root = await copySite(t);
  const site = await serveSite({ root });
  t.after(() => site.close());
  const putBack = await takeAway(await filesWith(root, '.safetensors'));
  const page = await openPage(t, browser, site.url);
  page.expectedProblems = missingFile;
  await button(page, 'Try again').waitFor();
  const text = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') };
  await page.locator('#picture-file').setInputFiles(text);
  await button(page, 'Dismiss').click();
  await button(page, 'Try again').waitFor();
  await page.locator('#picture-file').setInputFiles(text);
  await button(page, 'Dismiss').waitFor();
  await drawWithMouse(page, drawnFour); // hides what can be dismissed
  await putBack();
  await button(page, 'Try again').click();
  assert.equal((await settledReading(page)).digit, '4');
  assert.equal(await page.getByRole('alert').filter({ hasText: /./ }).count(), 0);
});

for (const file of ['views.js', 'main.js', 'probability_chart.js', 'history.js', 'inkdigit/drawing.js']) {
  test(`a page without its script ${file} says so, and can be reloaded`, async (t) => {
    const site = await serveSite();
    t.after(() => site.close());
    const page = await openPage(t, browser, 'about:blank');
    page.expectedProblems = missingFile;
    const address = `**/${file}`;
    await page.route(address, (route) => route.abort());
    await page.goto(site.url);
    await page
      .getByRole('alert')
      .filter({ hasText: 'A part of this page could not be loaded. Check the connection, then reload the page.' })
      .waitFor();
    assert.equal(await page.getByText('You can start to draw.').count(), 0);
    await page.unroute(address);
    await button(page, 'Reload').click();
    await page.locator('#prediction[aria-busy=false][data-state=blank]').waitFor();
  });
}

test('a browser that does not understand a script of the page is told so', async (t) => {
  const site = await serveSite();
  t.after(() => site.close());
  const page = await openPage(t, browser, 'about:blank');
  page.expectedProblems = /Unexpected token/;
  await page.route('**/history.js', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: 'export class History { #stillToCome = ; }' }),
  );
  await page.goto(site.url);
  await page.getByRole('alert').filter({ hasText: 'This browser cannot run this page: it may be too old.' }).waitFor();
  assert.equal(await page.getByText('You can start to draw.').count(), 0);
  await page.unroute('**/history.js');
  await button(page, 'Reload').click();
  await page.locator('#prediction[aria-busy=false][data-state=blank]').waitFor();
});

test('a browser that cannot run the engine gets a message, and what would work', async (t) => {
  const site = await serveSite();
  t.after(() => site.close());
  // The nearest thing to an old browser: WebAssembly refuses the module, in the page and in its worker.
  const page = await openPage(t, browser, 'about:blank');
  const refusal = `WebAssembly.compile = WebAssembly.compileStreaming = async () => { throw new WebAssembly.CompileError('no SIMD'); };\n`;
  await page.addInitScript(refusal);
  await page.route('**/inkdigit/worker.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: refusal + (await response.text()) });
  });
  await page.goto(site.url);
  await page
    .getByRole('alert')
    .filter({ hasText: /cannot run in this browser.*Chrome \d+, Firefox \d+, Safari/s })
    .waitFor();
});

test('without the sample images everything else works', async (t) => {
  const root = await copySite(t);
  const site = await serveSite({ root });
  t.after(() => site.close());
  const putBack = await takeAway(await filesWith(root, '.idx3-ubyte'));
  const page = await openPage(t, browser, site.url);
  page.expectedProblems = missingFile;
  const told = page.getByText('The samples could not be loaded. Check the connection, then try again.');
  await told.waitFor();
  const cause = page.getByText('404 for /mnist_samples.idx3-ubyte');
  assert.ok(await cause.isHidden());
  await page.getByText('Details', { exact: true }).click();
  assert.ok(await cause.isVisible());
  await settledReading(page);
  await drawWithMouse(page, drawnFour);
  assert.equal((await settledReading(page)).digit, '4');

  await putBack();
  await button(page, 'Try again').press('Enter');
  await page.waitForFunction(() => document.activeElement.ariaLabel === 'Read the sample 0');
  await button(page, 'Read the sample 5').click();
  assert.equal((await settledReading(page)).digit, '5');
  assert.equal(await told.count(), 0);
});

test('without JavaScript the page says that it needs it', async (t) => {
  const site = await serveSite();
  t.after(() => site.close());
  const context = await browser.newContext({ javaScriptEnabled: false });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(site.url);
  assert.match(await page.getByRole('main').innerText(), /^[^\n]*Please allow JavaScript for it\.$/);
});
