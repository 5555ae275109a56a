// The pad of <ink-digit>: strokes that are cut off, mere taps, and how it is printed.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { draw, field, press, useElements, value, waitForValue } from './element_support.mjs';
import { drawnOne } from './support.mjs';

const { openWith } = useElements();

const strokes = (page) => field(page).evaluate((element) => element.strokes);
const nextFrames = (page) =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));

describe('a stroke in the middle of which the field', () => {
  test('is hidden ends there', async (t) => {
    const page = await openWith(t, '<dialog><ink-digit aria-label="Floor"></ink-digit></dialog>');
    await page.evaluate(() => document.querySelector('dialog').showModal());
    await press(page, drawnOne[0]);
    const drawn = await strokes(page);
    await page.keyboard.press('Escape');
    await nextFrames(page);
    await page.mouse.move(3, 3);
    await page.mouse.up();
    await nextFrames(page);
    assert.deepEqual(await strokes(page), drawn);
  });

  test('is taken away, and put back later, ends there, too', async (t) => {
    const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>');
    await press(page, drawnOne[0]);
    const drawn = await strokes(page);
    const box = await field(page).boundingBox();
    await page.evaluate(() => {
      globalThis.field = document.querySelector('ink-digit');
      globalThis.field.remove();
    });
    await page.mouse.up();
    await page.evaluate(() => document.querySelector('main').append(globalThis.field));
    await page.mouse.move(box.x + 5, box.y + 5, { steps: 4 });
    await page.mouse.move(box.x + 60, box.y + 60, { steps: 4 });
    await nextFrames(page);
    assert.deepEqual(await strokes(page), drawn);
    await page.waitForFunction(() => globalThis.events.includes('change'));
    assert.equal(await value(page), '1');
  });
});

describe('printed from a dark page', () => {
  const dark = '<meta name="color-scheme" content="dark">';

  test('the ink is dark, as the paper is white then, and light again on the screen', async (t) => {
    const page = await openWith(t, `${dark}<ink-digit aria-label="Floor"></ink-digit>`);
    await draw(page, drawnOne);
    await waitForValue(page, '1');
    await nextFrames(page);
    /** Whether the ink is light when `type` has been told. */
    const inkIsLight = (type) =>
      field(page).evaluate((element, type) => {
        if (type) dispatchEvent(new Event(type));
        const canvas = element.shadowRoot.querySelector('canvas');
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        const inked = data.findIndex((alpha, i) => i % 4 === 3 && alpha === 255);
        return data[inked - 1] + data[inked - 2] + data[inked - 3] > 500;
      }, type);
    assert.equal(await inkIsLight(), true);
    assert.equal(await inkIsLight('beforeprint'), false);
    await inkIsLight('afterprint');
    for (const end = Date.now() + 5000; !(await inkIsLight());) assert.ok(Date.now() < end, 'the ink stayed dark');
  });

  test('or not, a field that was taken away is not kept for it', async (t) => {
    const page = await openWith(t, `${dark}<ink-digit aria-label="Floor"></ink-digit>`);
    await nextFrames(page);
    await field(page).evaluate((element) => {
      globalThis.canvas = new WeakRef(element.shadowRoot.querySelector('canvas'));
      element.remove();
    });
    await nextFrames(page);
    const session = await page.context().newCDPSession(page);
    const isGone = async () => {
      await session.send('HeapProfiler.collectGarbage');
      return page.evaluate(() => globalThis.canvas.deref() === undefined);
    };
    for (const end = Date.now() + 20_000; !(await isGone());) assert.ok(Date.now() < end, 'it is still there');
  });
});
