// What the READMEs show, run as it stands there: how the page is driven without hands, and the package's longer examples.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { readMnist } from '../../scripts/mnist.mjs';
import { projectFolder } from '../../scripts/shell.mjs';
import { shapes } from '../package/pen.mjs';
import { draw, field, waitForState, waitForValue } from './element_support.mjs';
import { drawnFour, drawnOne, eventually, openPage, useSite } from './support.mjs';

const stage = useSite();

/** An example below a heading of a README: the first in this language that has `words` in it. */
function exampleBelow(heading, { readme = 'README.md', language = 'js', words = '' } = {}) {
  const text = readFileSync(path.join(projectFolder, readme), 'utf8');
  const below = text.slice(text.indexOf(`\n${heading}\n`));
  const examples = [...below.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(
    ([, example]) => example,
  );
  return examples.find((example) => example.includes(words));
}

const packageExample = (heading, options) => exampleBelow(heading, { readme: 'web/package/README.md', ...options });

/** The names that the package's examples import by, as a bundler resolves them. */
const imports = {
  inkdigit: './inkdigit/index.js',
  'inkdigit/drawing': './inkdigit/drawing.js',
  'inkdigit/element': './inkdigit/element.js',
  'idb-keyval': './vendor/idb-keyval/index.js',
};

/** A page of the site with this body; `files(name)` gives the bytes of what it fetches from mnist/. */
async function openExample(t, body, files) {
  const page = await openPage(t, stage.browser, 'about:blank');
  await page.route('**/example.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><html lang="en"><title>Example</title><link rel="icon" href="data:,">
        <script type="importmap">${JSON.stringify({ imports })}</script>${body}</html>`,
    }),
  );
  await page.route('**/mnist/*-ubyte', (route) =>
    route.fulfill({ body: files(new URL(route.request().url()).pathname) }),
  );
  await page.goto(`${stage.site.url}example.html`);
  return page;
}

test('the page is driven as the README says', async (t) => {
  const page = await stage.browser.newPage();
  t.after(() => page.close());
  const example = exampleBelow('## Drive it without hands').replace('http://localhost:8000', stage.site.url);
  await Object.getPrototypeOf(async () => {}).constructor('page', example)(page);
  assert.equal(await page.locator('#prediction').getAttribute('data-state'), 'digit');
});

test('a pad of one’s own, as the package’s README has it, reads a number, and is cleared', async (t) => {
  const page = await openExample(t, packageExample('### A pad of your own', { language: 'html' }));
  await page.waitForFunction(() => document.querySelector('#pad').width === 400); // the script has come to its end
  const { x, y, width, height } = await page.locator('#pad').boundingBox();
  const output = page.locator('#digits');
  for (const [i, strokes] of [drawnOne, drawnFour].entries()) {
    for (const stroke of strokes) {
      const points = stroke.map(([across, down]) => [x + ((across + i) / 2) * width, y + down * height]);
      await page.mouse.move(...points[0]);
      await page.mouse.down();
      for (const point of points) await page.mouse.move(...point);
      await page.mouse.up();
    }
  }
  await output.filter({ hasText: /^14$/ }).waitFor();
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.waitForFunction(() => document.querySelector('#digits').value === '');
});

test('a field teaches its classifier what it misread, as the package’s README has it, and the next visit knows', async (t) => {
  const example = packageExample('## Teaching', { words: 'idb-keyval' });
  const body = `<ink-digit aria-label="Floor"></ink-digit>
    <script type="module">import 'inkdigit/element'; ${example}; globalThis.isReady = true;</script>`;
  const page = await openExample(t, body);
  const isKept = () =>
    page.evaluate(async () => {
      const { get } = await import('idb-keyval');
      return (await get('hand')) !== undefined;
    });
  const drawSeven = async () => {
    await page.waitForFunction(() => globalThis.isReady);
    await draw(page, shapes.crossedSeven);
    await page.waitForFunction(() => ['digit', 'unsure'].includes(document.querySelector('ink-digit').state));
  };
  await drawSeven();
  assert.notEqual(await field(page).evaluate(({ value }) => value), '7');
  await page.getByRole('textbox', { name: 'Floor' }).fill('7');
  await eventually(isKept, 'nothing was learnt', { within: 120_000 });
  await page.reload();
  await drawSeven();
  await waitForValue(page, '7');
  await waitForState(page, 'digit');
});

test('a network is trained as the package’s README has it', async (t) => {
  const few = readMnist('train', 200);
  const files = (name) =>
    Buffer.concat(name.includes('images') ? [Buffer.alloc(16), few.images] : [Buffer.alloc(8), few.labels]);
  const example = packageExample('## Teaching', { words: 'mnist/' });
  const script = `import { train } from 'inkdigit'; ${example}; globalThis.trained = { bytes: weights.byteLength, ...report };`;
  const page = await openExample(t, `<script type="module">${script}</script>`, files);
  await page.waitForFunction(() => globalThis.trained, undefined, { timeout: 120_000 });
  const { bytes, epochs, steps } = await page.evaluate(() => globalThis.trained);
  assert.deepEqual([epochs, steps], [2, 14]);
  assert.ok(bytes > 4_000_000);
});
