/** What the browser tests share: a browser, a served site, ways to draw, and the data to draw from. */
import assert from 'node:assert/strict';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before } from 'node:test';
import { chromium } from 'playwright-core';
import { imageBytes, readMnist } from '../../scripts/mnist.mjs';
import { createSiteServer } from '../../scripts/serve.mjs';
import { browserProgram } from '../../scripts/setup/packages.mjs';
import { projectFolder } from '../../scripts/shell.mjs';
import { seededRandom } from '../seeded_random.js';

/** The built site; INKDIGIT_SITE names another. */
export const siteFolder = process.env.INKDIGIT_SITE ?? path.join(projectFolder, 'build/site');

export function launchBrowser() {
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: browserProgram(),
    args: [
      ...(isRoot ? ['--no-sandbox'] : []), // Chromium refuses to run as root with it
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** Serves `root` on a free port → `{ url, close }`. */
export async function serveSite({ root = siteFolder, isolated = true } = {}) {
  const server = createSiteServer({ root, isolated });
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

/**
 * A browser and the served site for the tests of a file, from its start to its end.
 * → { browser, site, openBlankPage(t, contextOptions) }, where the first two are there once the tests run.
 */
export function useSite() {
  const stage = {
    async openBlankPage(t, contextOptions) {
      const page = await openPage(t, stage.browser, stage.site.url, contextOptions);
      await waitForState(page, 'blank');
      return page;
    },
  };
  before(async () => {
    stage.browser = await launchBrowser();
    stage.site = await serveSite();
  });
  after(async () => {
    await stage.browser?.close();
    await stage.site?.close();
  });
  return stage;
}

/** A copy of the site that a test may damage; it is removed when the test ends. */
export async function copySite(t) {
  const folder = await mkdtemp(path.join(tmpdir(), 'inkdigit-site-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await cp(siteFolder, folder, { recursive: true });
  return folder;
}

/**
 * A new page at `url`, in a context of its own that ends with the test. The test fails if there are `problems` by then, in any tab
 * of the context: uncaught errors, console errors and policy violations. `page.expectedProblems` is a RegExp of those that it expects.
 */
export async function openPage(t, browser, url, contextOptions = {}) {
  const context = await browser.newContext(contextOptions);
  const problems = [];
  context.on('weberror', (error) => problems.push(`uncaught: ${error.error().message}`));
  context.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`);
  });
  await context.exposeFunction('reportViolation', (text) => problems.push(`policy: ${text}`));
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => {
      globalThis.reportViolation(`${event.effectiveDirective} ${event.blockedURI}`);
    });
  });
  const page = await context.newPage();
  page.problems = problems;
  t.after(async () => {
    const unexpected = problems.filter((problem) => !page.expectedProblems?.test(problem));
    await context.close();
    assert.deepEqual(unexpected, []);
  });
  await page.goto(url);
  return page;
}

/** The problem that a file makes which is not there, or does not come. */
export const missingFile = /Failed to load resource: .*(404|ERR_FAILED)/;

/** Resolves once `isTrue()` does to true; fails with `message` where that is not so within some milliseconds. */
export async function eventually(isTrue, message, { within = 5000 } = {}) {
  for (const end = Date.now() + within; !(await isTrue());) assert.ok(Date.now() < end, message);
}

/** Resolves once the page has been drawn anew, so many times. */
export const nextFrames = (page, count = 2) =>
  page.evaluate(async (count) => {
    for (let i = 0; i < count; ++i) await new Promise((resolve) => requestAnimationFrame(resolve));
  }, count);

export const drawingArea = (page) => page.getByLabel('Drawing area');
export const button = (page, name) => page.getByRole('button', { name, exact: true });
export const result = (page) => page.getByRole('status');

/** The reading once it is up to date: `{ state, digit, confidence }`, digit as text. */
export async function settledReading(page) {
  await page.locator('#prediction[aria-busy=false]:not([data-state=loading])').waitFor();
  return result(page).evaluate(({ dataset }) => ({
    state: dataset.state,
    digit: dataset.digit,
    confidence: Number(dataset.confidence),
  }));
}

/** Waits until the reading is in this state. */
export const waitForState = (page, state) =>
  page.locator(`#prediction[aria-busy=false][data-state=${state}]`).waitFor();

/** A function that maps pad units (0…1, y downwards) to the page's coordinates. */
export async function padToPage(page) {
  const box = await drawingArea(page).boundingBox();
  return ([x, y]) => [box.x + x * box.width, box.y + y * box.height];
}

/**
 * Draws strokes (lists of [x, y] in pad units) with the mouse, as fast as the browser takes it: what moves between two frames reaches the
 * page as one event with its coalesced ones, as with a fast hand.
 */
export async function drawWithMouse(page, strokes) {
  const toPage = await padToPage(page);
  const session = await page.context().newCDPSession(page);
  const mouse = (type, point, buttons) => {
    const [x, y] = toPage(point);
    return session.send('Input.dispatchMouseEvent', { type, x, y, buttons, button: 'left', clickCount: 1 });
  };
  const sent = [];
  for (const stroke of strokes) {
    sent.push(mouse('mousePressed', stroke[0], 1));
    for (const point of stroke.slice(1)) sent.push(mouse('mouseMoved', point, 1));
    sent.push(mouse('mouseReleased', stroke.at(-1), 0));
  }
  await Promise.all(sent);
  await session.detach();
}

/** Draws strokes with one finger. */
export async function drawWithFinger(page, strokes) {
  const toPage = await padToPage(page);
  const session = await page.context().newCDPSession(page);
  const touch = (type, points) =>
    session.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: points.map(([x, y]) => ({ x, y, id: 1 })),
    });
  for (const stroke of strokes) {
    await touch('touchStart', [toPage(stroke[0])]);
    for (const point of stroke.slice(1)) await touch('touchMove', [toPage(point)]);
    await touch('touchEnd', []);
  }
}

/** A one: a stroke from top to bottom. */
export const drawnOne = [
  [
    [0.5, 0.15],
    [0.5, 0.35],
    [0.5, 0.6],
    [0.49, 0.85],
  ],
];

/** A four in two strokes. */
export const drawnFour = [
  [
    [0.42, 0.15],
    [0.36, 0.3],
    [0.3, 0.45],
    [0.28, 0.55],
    [0.45, 0.55],
    [0.62, 0.54],
    [0.74, 0.53],
  ],
  [
    [0.6, 0.32],
    [0.59, 0.5],
    [0.58, 0.7],
    [0.57, 0.88],
  ],
];

/** A zero in one stroke. */
export const drawnZero = [
  Array.from({ length: 41 }, (_, i) => {
    const angle = (i / 40) * 2 * Math.PI - Math.PI / 2;
    return [0.5 + 0.22 * Math.cos(angle), 0.5 + 0.33 * Math.sin(angle)];
  }),
];

/** MNIST's test images → `{ image(i): Uint8Array(784), label(i) }`. */
export function mnistTestSet() {
  const { images, labels } = readMnist('t10k');
  return {
    image: (i) => images.subarray(i * imageBytes, (i + 1) * imageBytes),
    label: (i) => labels[i],
  };
}

/** Draws scribbles, the same at each run, until one leaves the network unsure, in such `words`; fails when 40 have not. */
export async function drawUnsure(page, words = /^Not sure/) {
  const random = seededRandom(3);
  for (let i = 0; i < 40; ++i) {
    await drawWithMouse(page, [Array.from({ length: 6 }, () => [0.2 + 0.6 * random(), 0.15 + 0.7 * random()])]);
    const reading = await settledReading(page);
    const isWanted = words.test(await page.locator('#prediction .headline').innerText());
    if (reading.state === 'unsure' && isWanted) return reading;
    await button(page, 'Clear').click();
    await waitForState(page, 'blank');
  }
  throw new Error('40 scribbles were all taken for digits');
}
