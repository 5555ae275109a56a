// What the tests of <ink-digit> share: pages with fields on them, and drawing on these.
import { after, before } from 'node:test';
import { launchBrowser, openPage, serveSite } from './support.mjs';

/** Sharp turns, like no digit. */
export const scribble = [
  [
    [0.2, 0.5],
    [0.8, 0.2],
    [0.3, 0.3],
    [0.7, 0.8],
    [0.2, 0.2],
  ],
];

/** A browser and a site while the tests of a file run: → { openWith, url }. */
export function useElements() {
  let browser;
  let site;
  before(async () => {
    browser = await launchBrowser();
    site = await serveSite();
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });
  return {
    /** The site's address. */
    get url() {
      return site.url;
    },
    openWith: (t, body, { at = site, ...options } = {}) => openWith(t, browser, at, body, options),
  };
}

export const strictPolicy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; require-trusted-types-for 'script'; trusted-types inkdigit";

/**
 * A page with this body and one script tag, served by the site itself, under this policy. Its `events` tells what the fields told. With
 * `ownClock` its timers can be hurried by page.clock; its frames are not the browser's then.
 */
async function openWith(t, browser, at, body, { ownClock = false, policy = strictPolicy, ...options }) {
  const page = await openPage(t, browser, 'about:blank', options);
  if (ownClock) await page.clock.install();
  await page.route('**/element_test.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      headers: { 'content-security-policy': policy },
      body: `<!doctype html><html lang="en"><title>Test</title><link rel="icon" href="data:,">
        <script type="module" src="./inkdigit/element.js"></script><main>${body}</main></html>`,
    }),
  );
  await page.addInitScript(() => {
    globalThis.events = [];
    for (const type of ['input', 'change', 'classify', 'failure', 'invalid', 'submit']) {
      addEventListener(
        type,
        (event) => {
          globalThis.events.push(type === 'classify' ? `classify ${event.detail.value} ${event.detail.state}` : type);
          if (type === 'submit') {
            event.preventDefault();
            globalThis.sent = [...new FormData(event.target)];
          }
        },
        { capture: type === 'invalid' },
      );
    }
  });
  await page.goto(`${at.url}element_test.html`);
  await page.waitForFunction(() => customElements.get('ink-digit') !== undefined);
  return page;
}

export const field = (page, selector = 'ink-digit') => page.locator(selector);
export const value = (page, selector = 'ink-digit') => field(page, selector).evaluate((element) => element.value);
export const sent = (page) => page.evaluate(() => globalThis.sent);
export const sentCount = (page) => page.evaluate(() => globalThis.events.filter((type) => type === 'submit').length);
/** Waits until the field's value is this, by all that is drawn: of a part of it, a digit may have been read before. */
export const waitForValue = (page, wanted, selector = 'ink-digit') =>
  page.waitForFunction(
    ([css, text]) => {
      const { value, state } = document.querySelector(css);
      return value === text && state !== 'reading';
    },
    [selector, wanted],
  );
export const waitForState = (page, state, selector = 'ink-digit') =>
  page.locator(`${selector}[state=${state}]`).waitFor();

/** Waits until all that can be read is read, and lets it settle at once. The page has a clock of its own. */
export async function eventsToEnd(page) {
  await page.waitForFunction(() => {
    const isReading = ({ state, readOnly }) => state === 'reading' && !readOnly;
    return ![...document.querySelectorAll('ink-digit:not(:disabled)')].some(isReading);
  });
  await page.clock.fastForward(5000);
}

/** Whether the ink of the only field is light, once an event of the type `after`, if any, has been told to the window. */
export const inkIsLight = (page, { after } = {}) =>
  field(page).evaluate((element, type) => {
    if (type) dispatchEvent(new Event(type));
    const canvas = element.shadowRoot.querySelector('canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const inked = data.findIndex((alpha, i) => i % 4 === 3 && alpha === 255);
    return data[inked - 1] + data[inked - 2] + data[inked - 3] > 500;
  }, after);

/** Where the pad of the only field is. */
export const padBox = (page) => page.getByRole('img', { name: 'Drawing area' }).boundingBox();

/** Draws with the mouse in a part of the pad: from share `left` of its width on, `width` wide. */
export async function draw(page, strokes, { selector = 'ink-digit', left = 0, width = 1 } = {}) {
  const pad = field(page, selector).getByRole('img', { name: 'Drawing area' });
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  const at = ([x, y]) => [box.x + (left + x * width) * box.width, box.y + y * box.height];
  for (const stroke of strokes) {
    await page.mouse.move(...at(stroke[0]));
    await page.mouse.down();
    for (const point of stroke.slice(1)) await page.mouse.move(...at(point));
    await page.mouse.up();
  }
}

/** A finger on the only field of a page that has touch: → touch('touchStart' | 'touchMove' | 'touchEnd', points in shares of the pad). */
export async function fingerOn(page) {
  const box = await padBox(page);
  const session = await page.context().newCDPSession(page);
  return (type, points) =>
    session.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: points.map(([x, y]) => ({ x: box.x + x * box.width, y: box.y + y * box.height, id: 1 })),
    });
}

/** Draws on the whole pad of that field. */
export async function drawByFinger(page, strokes) {
  const touch = await fingerOn(page);
  for (const stroke of strokes) {
    await touch('touchStart', [stroke[0]]);
    for (const point of stroke.slice(1)) await touch('touchMove', [point]);
    await touch('touchEnd', []);
  }
}

/** Draws one stroke on the only field with the mouse, and does not lift it: points in shares of the pad. */
export async function press(page, stroke) {
  const box = await padBox(page);
  const at = ([x, y]) => [box.x + x * box.width, box.y + y * box.height];
  await page.mouse.move(...at(stroke[0]));
  await page.mouse.down();
  for (const point of stroke.slice(1)) await page.mouse.move(...at(point), { steps: 4 });
}
