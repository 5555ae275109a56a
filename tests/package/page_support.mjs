// What the tests of the package in pages share: Chromium, and pages under a strict policy that have it at hand.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { launchBrowser } from '../browser/support.mjs';
import { drawFrame, packageFolder, readMnist, serve } from './helpers.mjs';

const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; base-uri 'none'";
const isolation = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
const testPage = { type: 'text/html', status: 200, body: '<!doctype html><title>Test</title>' };

/** Resolves when the page has no more than so many workers left, with those that they started. */
export async function workersEnd(page, { left = 0 } = {}) {
  while (page.workers().length > left) await page.workers().at(-1).waitForEvent('close', { timeout: 10_000 });
}

/** The file at `awaited` is asked for, and never comes. → { asked: promise that it has been asked for, intercept: for open() } */
export function neverComes(awaited) {
  let asks;
  const asked = new Promise((resolve) => (asks = resolve));
  const intercept = (pathname) => {
    if (pathname !== awaited) return undefined;
    asks();
    return new Promise(() => {});
  };
  return { asked, intercept };
}

/** A browser and MNIST's first test pictures while the tests of a file run: → { open, digits }. */
export function usePages() {
  let browser;
  let digits;
  before(async () => {
    browser = await launchBrowser();
    digits = await readMnist('t10k', 60);
  });
  after(() => browser?.close());

  /**
   * Opens an empty page that has the package at hand as globalThis.inkdigit, and MNIST drawings as drawings[i] (ImageData) with
   * labels[i]: → { page, server }. That a page fails or breaks its policy fails the test.
   */
  async function open(t, { isolated = false, hasImages = false, intercept = () => undefined } = {}) {
    const server = await serve(packageFolder, {
      headers: {
        'content-security-policy': hasImages ? `${policy}; img-src *` : policy,
        ...(isolated ? isolation : {}),
      },
      intercept: (pathname) => (pathname === '/test.html' ? testPage : intercept(pathname)),
    });
    const context = await browser.newContext();
    t.after(async () => {
      await context.close();
      await server.close();
      assert.deepEqual(problems, []);
    });
    const problems = [];
    const page = await context.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) problems.push(message.text());
    });
    await page.goto(`${server.url}test.html`);
    await page.evaluate(
      async ({ pictures, labels }) => {
        globalThis.inkdigit = await import('/index.js');
        globalThis.labels = labels;
        globalThis.drawings = pictures.map(
          ({ data, width, height }) => new ImageData(Uint8ClampedArray.from(data), width, height),
        );
        /** What a call throws, as plain data. */
        globalThis.failure = (call) =>
          Promise.resolve()
            .then(call)
            .then(
              () => ({ code: 'nothing was thrown' }),
              ({ name, code, message }) => ({ name, code, message }),
            );
      },
      {
        pictures: Array.from({ length: 12 }, (_, i) =>
          drawFrame(digits.images.subarray(i * 784, (i + 1) * 784), 2),
        ).map(({ data, width, height }) => ({ data: [...data], width, height })),
        labels: [...digits.labels.subarray(0, 12)],
      },
    );
    return { page, server };
  }

  return {
    open,
    /** Those pictures, as readMnist() gives them. */
    get digits() {
      return digits;
    },
  };
}
