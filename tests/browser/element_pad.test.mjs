// The pad of <ink-digit>: strokes that are cut off, mere taps, pauses between digits, and how it is printed.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  draw,
  eventsToEnd,
  field,
  fingerOn,
  inkIsLight,
  padBox,
  press,
  sent,
  useElements,
  value,
  waitForValue,
} from './element_support.mjs';
import { drawnFour, drawnOne, eventually, nextFrames } from './support.mjs';

const { openWith } = useElements();

const strokes = (page) => field(page).evaluate((element) => element.strokes);

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

test('a stroke that the system cuts off, as for a call, is kept, and read', async (t) => {
  const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>', { hasTouch: true });
  const touch = await fingerOn(page);
  await touch('touchStart', [drawnOne[0][0]]);
  for (const point of drawnOne[0].slice(1)) await touch('touchMove', [point]);
  const drawn = await strokes(page);
  await field(page).evaluate((element) =>
    element.addEventListener('pointercancel', () => (globalThis.isCancelled = true)),
  );
  await touch('touchCancel', []);
  await page.waitForFunction(() => globalThis.isCancelled);
  await waitForValue(page, '1');
  assert.deepEqual(await strokes(page), drawn);
  await page.waitForFunction(() => globalThis.events.at(-1) === 'change');
});

test('a palm that comes down before the pen changes nothing', async (t) => {
  const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>', { hasTouch: true });
  const box = await padBox(page);
  const session = await page.context().newCDPSession(page);
  const pen = (type, [x, y]) => {
    const point = { x: box.x + x * box.width, y: box.y + y * box.height };
    const held = { pointerType: 'pen', button: 'left', buttons: 1, clickCount: 1 };
    return session.send('Input.dispatchMouseEvent', { type, ...point, ...held });
  };
  const touch = await fingerOn(page);
  await touch('touchStart', [[0.9, 0.9]]);
  await pen('mousePressed', drawnOne[0][0]);
  await nextFrames(page);
  assert.deepEqual(await page.evaluate(() => globalThis.events), []);
  assert.equal(await page.getByRole('status').innerText(), '');
  for (const point of drawnOne[0].slice(1)) await pen('mouseMoved', point);
  await pen('mouseReleased', drawnOne[0].at(-1));
  await waitForValue(page, '1');
});

describe('printed from a dark page', () => {
  const dark = '<meta name="color-scheme" content="dark">';

  test('the ink is dark, as the paper is white then, and light again on the screen', async (t) => {
    const page = await openWith(t, `${dark}<ink-digit aria-label="Floor"></ink-digit>`);
    await draw(page, drawnOne);
    await waitForValue(page, '1');
    await nextFrames(page);
    assert.equal(await inkIsLight(page), true);
    assert.equal(await inkIsLight(page, { after: 'beforeprint' }), false);
    await inkIsLight(page, { after: 'afterprint' });
    await eventually(() => inkIsLight(page), 'the ink stayed dark');
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
    await eventually(isGone, 'it is still there', { within: 20_000 });
  });
});

describe('a tap on the pad', () => {
  const tap = async (page, at = 0.5) => {
    const box = await padBox(page);
    await page.mouse.click(box.x + at * box.width, box.y + box.height / 2);
  };
  const now = (page) =>
    field(page).evaluate(({ value, state, strokes, validity }) => [value, state, strokes.length, validity.valid]);

  test('leads to the field, and is no ink: a form is sent without it', async (t) => {
    const page = await openWith(
      t,
      '<form><ink-digit name="floor" aria-label="Floor"></ink-digit><button>Send</button></form>',
    );
    await tap(page);
    assert.deepEqual(await now(page), ['', 'blank', 0, true]);
    await page.getByRole('button', { name: 'Send' }).click();
    assert.deepEqual(await sent(page), [['floor', '']]);
    assert.deepEqual(await page.evaluate(() => globalThis.events), ['submit']);
    await tap(page);
    await page.keyboard.press('3');
    assert.equal(await value(page), '3');
  });

  test('leaves a field that must be filled in without a value', async (t) => {
    const page = await openWith(t, '<ink-digit required aria-label="Floor"></ink-digit>', { ownClock: true });
    await tap(page);
    await eventsToEnd(page);
    assert.deepEqual(await now(page), ['', 'blank', 0, false]);
    assert.equal(await field(page).evaluate((element) => element.validity.valueMissing), true);
  });

  test('is none where the best guess is taken, either, nor where nothing can be read yet', async (t) => {
    const page = await openWith(t, '<ink-digit accept-unsure aria-label="Floor"></ink-digit>');
    await field(page).evaluate((element) => (element.classifier = { classify: () => new Promise(() => {}) }));
    await tap(page);
    assert.deepEqual(await now(page), ['', 'blank', 0, true]);
  });

  test('leaves what was typed, and what was drawn before that', async (t) => {
    const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>');
    await draw(page, drawnFour);
    await waitForValue(page, '4');
    const drawn = (await strokes(page)).length;
    await field(page).press('5');
    await page.evaluate(() => (globalThis.events = []));
    await tap(page);
    assert.deepEqual(await now(page), ['5', 'digit', drawn, true]);
    assert.deepEqual(await page.evaluate(() => globalThis.events), []);
  });

  test('beside other ink is part of the drawing', async (t) => {
    const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>');
    await draw(page, drawnOne);
    await tap(page, 0.6);
    assert.equal((await strokes(page)).length, 2);
  });
});

const slash = [
  [
    [0, 0.1],
    [1, 0.9],
  ],
];
for (const [how, take] of [
  ['hidden', (element) => (element.hidden = true)],
  ['taken away', (element) => element.remove()],
]) {
  test(`a number whose field is ${how} before it is read is told apart by its cells all the same`, async (t) => {
    const page = await openWith(t, '<ink-digit length="2" aria-label="Floor"></ink-digit>');
    const element = await field(page).elementHandle();
    await element.evaluate((element) => {
      const read = new Promise((resolve) => (globalThis.answer = resolve));
      element.classifier = { classify: () => read };
    });
    // One in each cell, which overlap so far that they might be one digit.
    for (const left of [0.2, 0.4]) await draw(page, slash, { left, width: 0.4 });
    await element.evaluate(take);
    const value = element.evaluate(
      (element) => new Promise((resolve) => element.addEventListener('change', () => resolve(element.value))),
    );
    await page.evaluate(() => globalThis.answer({ digit: 7, state: 'digit', confidence: 1 }));
    assert.equal(await value, '77');
  });
}

describe('a number of which a part is drawn', () => {
  const changes = (page) => page.evaluate(() => globalThis.events.filter((type) => type === 'change').length);
  /** Draws the first of three digits, and lets half a second pass from then on. */
  const beginNumber = async (t) => {
    const page = await openWith(t, '<ink-digit length="3" aria-label="Room"></ink-digit>', { ownClock: true });
    await draw(page, drawnOne, { width: 1 / 3 });
    await waitForValue(page, '1');
    await page.clock.fastForward(1000);
    return page;
  };

  test('is not final while its writer pauses for a second, but is some seconds later', async (t) => {
    const page = await beginNumber(t);
    assert.equal(await changes(page), 0);
    assert.equal(await field(page).evaluate((element) => element.matches(':state(user-invalid)')), false);
    await page.clock.fastForward(5000);
    assert.equal(await changes(page), 1);
  });

  test('is final once the focus leaves', async (t) => {
    const page = await beginNumber(t);
    await page.evaluate(() => document.activeElement.blur());
    assert.equal(await changes(page), 1);
  });

  test('is final once the focus leaves a button, and not while it goes to one', async (t) => {
    const page = await beginNumber(t);
    await draw(page, drawnOne, { left: 1 / 3, width: 1 / 3 });
    await waitForValue(page, '11');
    await page.getByRole('button', { name: 'Undo' }).click();
    await waitForValue(page, '1');
    assert.equal(await changes(page), 0);
    await page.keyboard.press('Tab'); // to Clear
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.localName), 'body');
    assert.equal(await changes(page), 1);
  });

  test('is final soon after it was read, where the focus has left before', async (t) => {
    const page = await openWith(t, '<ink-digit length="3" aria-label="Room"></ink-digit>', { ownClock: true });
    await field(page).evaluate((element) => {
      const read = new Promise((resolve) => (globalThis.answer = resolve));
      element.classifier = { classify: () => read, classifyAll: () => read };
    });
    await draw(page, drawnOne, { width: 1 / 3 });
    await page.evaluate(() => {
      document.activeElement.blur();
      globalThis.answer({ digit: 1, state: 'digit', confidence: 1 });
    });
    await waitForValue(page, '1');
    await page.clock.fastForward(500);
    assert.equal(await changes(page), 1);
  });

  test('is final half a second after its last digit', async (t) => {
    const page = await beginNumber(t);
    await draw(page, drawnOne, { left: 1 / 3, width: 1 / 3 });
    await draw(page, drawnOne, { left: 2 / 3, width: 1 / 3 });
    await waitForValue(page, '111');
    await page.clock.fastForward(500);
    assert.equal(await changes(page), 1);
  });
});
