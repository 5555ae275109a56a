// The page for everyone: axe, the keyboard, small screens, reduced motion, what a screen reader is told.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import {
  button,
  drawingArea,
  drawUnsure,
  drawWithMouse,
  drawnFour,
  drawnZero,
  openPage,
  result,
  settledReading,
  useSite,
  waitForState,
} from './support.mjs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const screens = {
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  'small phone': { viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true },
  'phone on its side': { viewport: { width: 844, height: 390 }, hasTouch: true, isMobile: true },
  tablet: { viewport: { width: 768, height: 1024 } },
  desktop: { viewport: { width: 1280, height: 800 } },
  'large desktop': { viewport: { width: 1600, height: 1000 } },
};

const stage = useSite();
const { openBlankPage } = stage;

/** What axe objects to, in short. Animations are let end first: half-way colours are nobody's. */
async function axeFindings(page) {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    await Promise.all(document.getAnimations().map((animation) => animation.finished));
    const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'] });
    return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html}`));
  });
}

describe('axe finds nothing', () => {
  for (const colorScheme of ['light', 'dark']) {
    for (const screen of ['phone', 'desktop']) {
      test(`${colorScheme}, ${screen}`, async (t) => {
        const page = await openBlankPage(t, { ...screens[screen], colorScheme });
        assert.deepEqual(await axeFindings(page), [], 'blank');

        await drawWithMouse(page, drawnZero);
        assert.equal((await settledReading(page)).state, 'digit');
        assert.deepEqual(await axeFindings(page), [], 'a sure reading');

        await button(page, 'Clear').click();
        await waitForState(page, 'blank');
        await drawUnsure(page);
        assert.deepEqual(await axeFindings(page), [], 'an unsure reading');

        await page
          .getByLabel('Open picture')
          .setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer: Buffer.from('x') });
        await button(page, 'Dismiss').waitFor();
        await drawingArea(page).focus();
        assert.deepEqual(await axeFindings(page), [], 'a message, and the keys of the pad');

        await button(page, 'Read the sample 5').click();
        await settledReading(page);
        assert.deepEqual(await axeFindings(page), [], 'a picture');
      });
    }
  }
});

test('by keyboard alone: draw, read, take back, clear, reach everything', async (t) => {
  const page = await openBlankPage(t);
  const focused = () =>
    page.evaluate(() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent.trim());
  for (const name of ['Draw', 'Train', 'Drawing area']) {
    await page.keyboard.press('Tab');
    assert.equal(await focused(), name);
  }
  await page.getByText('move the pen').waitFor();

  const press = async (key, times = 1) => {
    for (let i = 0; i < times; ++i) await page.keyboard.press(key);
  };
  // A seven: the bar to the right, then slantwise down, with two arrows held.
  await press('ArrowLeft', 6);
  await press('Space');
  await page.getByText('Pen down').waitFor();
  await press('ArrowRight', 11);
  await page.keyboard.down('ArrowLeft');
  for (let i = 0; i < 15; ++i) {
    if (i % 3 === 0) await page.keyboard.up('ArrowLeft');
    if (i % 3 === 1) await page.keyboard.down('ArrowLeft');
    await press('ArrowDown');
  }
  await page.keyboard.up('ArrowLeft');
  await press('Space');
  await page.getByText('Pen up').waitFor();
  assert.equal((await settledReading(page)).digit, '7');

  await press('Space');
  await page.getByText('Pen down').waitFor();
  await press('Control+z');
  await page.getByText('Pen up').waitFor();
  await press('Control+z');
  await waitForState(page, 'blank');

  const reached = [];
  for (let i = 0; i < 13; ++i) {
    await press('Tab');
    reached.push(
      await page.evaluate(
        () =>
          document.activeElement.closest('label')?.textContent.trim() ??
          document.activeElement.getAttribute('aria-label') ??
          document.activeElement.textContent.trim(),
      ),
    );
  }
  assert.deepEqual(reached, [
    'Undo',
    'Clear',
    'Open picture',
    ...Array.from({ length: 10 }, (_, digit) => `Read the sample ${digit}`),
  ]);
  await press('Enter');
  const reading = await settledReading(page);
  assert.notEqual(reading.digit, '');
  for (const key of ['Escape', 'Delete']) {
    await press(key);
    assert.deepEqual(await settledReading(page), reading, `${key} on a button is not about the drawing`);
  }
  await drawingArea(page).focus();
  await press('Escape');
  await waitForState(page, 'blank');
  await press('Space');
  await page.getByText('Pen down').waitFor();
  await press('Tab'); // leaves the pen
  await page.getByText('Pen up').waitFor();
});

test('the page does not scroll under the arrows of someone who draws', async (t) => {
  const page = await openBlankPage(t, screens.phone);
  await drawingArea(page).focus();
  for (let i = 0; i < 10; ++i) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  assert.equal(await page.evaluate(() => scrollY), 0);
});

test('a screen reader is told the settled result, once', async (t) => {
  const page = await openBlankPage(t);
  const announced = result(page).locator('.announcement');
  await announced.filter({ hasText: 'Nothing to read yet' }).waitFor({ state: 'attached' });
  await page.evaluate(() => {
    globalThis.announcements = [];
    const element = document.querySelector('#prediction .announcement');
    new MutationObserver(() => globalThis.announcements.push(element.textContent)).observe(element, {
      childList: true,
    });
  });
  await drawWithMouse(page, drawnZero);
  await announced.filter({ hasText: /^It is a 0 \d+(\.\d)?% sure$/ }).waitFor({ state: 'attached' });
  assert.equal((await page.evaluate(() => globalThis.announcements)).length, 1);
  // All that changes while one draws is hidden from it.
  const spoken = await result(page).evaluate((output) =>
    [...output.children]
      .filter((child) => child.getAttribute('aria-hidden') !== 'true')
      .map((child) => child.className),
  );
  assert.deepEqual(spoken, ['announcement visually-hidden']);
});

describe('screens', () => {
  for (const [name, options] of Object.entries(screens)) {
    test(`${name}: nothing is cut off, everything can be hit, and the page keeps still`, async (t) => {
      const page = await openPage(t, stage.browser, 'about:blank', options);
      await page.addInitScript(() => {
        globalThis.shifts = [];
        new PerformanceObserver((list) => {
          for (const { value } of list.getEntries()) globalThis.shifts.push(value);
        }).observe({ type: 'layout-shift', buffered: true });
      });
      // A busy machine may paint the page while it is still being read in: what the page itself moves, it moves
      // every time it is loaded.
      const shiftLimit = 0.02;
      let shift = Infinity;
      for (let load = 0; load < 3 && shift >= shiftLimit; load++) {
        await page.goto(stage.site.url);
        await waitForState(page, 'blank');
        await drawWithMouse(page, drawnFour);
        await settledReading(page);
        shift = (await page.evaluate(() => globalThis.shifts)).reduce((sum, value) => sum + value, 0);
      }
      assert.ok(shift < shiftLimit, `layout shift ${shift}`);

      // Not innerWidth: on phones it grows with the page.
      assert.equal(
        await page.evaluate(() => document.documentElement.scrollWidth),
        options.viewport.width,
        'no sideways scrolling',
      );
      for (const control of [
        drawingArea(page),
        button(page, 'Undo'),
        button(page, 'Clear'),
        page.locator('label', { hasText: 'Open picture' }),
        button(page, 'Read the sample 0'),
      ]) {
        const { width, height } = await control.boundingBox();
        assert.ok(width >= 44 && height >= 44, `${await control.innerText()}: ${width} × ${height}`);
      }
      const tops = await page.locator('.tools > *').evaluateAll((tools) => tools.map((tool) => tool.offsetTop));
      assert.equal(new Set(tops).size, 1, 'the tools stand side by side');
      // The first screen has all that is needed to draw and to be read.
      for (const needed of [result(page), drawingArea(page), button(page, 'Undo'), button(page, 'Clear')]) {
        const { y, height } = await needed.boundingBox();
        assert.ok(
          y >= 0 && y + height <= options.viewport.height,
          `ends at ${y + height} of ${options.viewport.height}`,
        );
      }
    });
  }

  test('what belongs together is in line: the views beside the title, the pad below its result', async (t) => {
    const page = await openBlankPage(t);
    const box = (locator) => locator.boundingBox();
    for (const width of [740, 900, 1000, 1060, 1100, 1140, 1280]) {
      await page.setViewportSize({ width, height: 700 });
      const [title, views] = [
        await box(page.getByRole('heading', { level: 1 })),
        await box(page.getByRole('navigation')),
      ];
      const middle = ({ y, height }) => y + height / 2;
      assert.ok(Math.abs(middle(title) - middle(views)) < 4, `${width} pixels wide`);
    }
    for (const [width, height] of [
      [390, 844],
      [768, 1024],
      [834, 1194],
    ]) {
      await page.setViewportSize({ width, height });
      const [card, pad] = [await box(page.locator('#prediction')), await box(page.locator('.sheet'))];
      assert.ok(Math.abs(card.x - pad.x) < 1 && Math.abs(card.width - pad.width) < 1, `${width} × ${height}`);
    }
  });

  test('text at twice its size: nothing is cut off sideways', async (t) => {
    const page = await openPage(t, stage.browser, stage.site.url, {
      viewport: { width: 640, height: 400 },
      deviceScaleFactor: 2,
    });
    await settledReading(page);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
  });
});

for (const screen of ['phone', 'small phone']) {
  test(`letters of twice the size on a ${screen}: words stay whole, nothing runs into each other or goes beyond the screen`, async (t) => {
    const page = await openBlankPage(t, { ...screens[screen], reducedMotion: 'reduce' }); // it scrolls at once
    const session = await page.context().newCDPSession(page);
    await session.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } });
    await page.waitForFunction(() => getComputedStyle(document.documentElement).fontSize === '32px');
    const { width } = screens[screen].viewport;
    const fits = async (what) => {
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, `${what}: sideways`);
      // What is cut off, or hangs out of its box without making the page wider.
      const cut = await page.evaluate(() =>
        [...document.querySelectorAll('main button, main .button, #prediction .words')]
          .filter((element) => element.checkVisibility() && element.scrollWidth > element.clientWidth + 1)
          .map((element) => element.textContent),
      );
      assert.deepEqual(cut, [], what);
    };
    await drawingArea(page).scrollIntoViewIfNeeded();
    await drawWithMouse(page, drawnZero);
    await settledReading(page);
    await button(page, 'Yes').waitFor();
    await fits('the question');
    const yes = await button(page, 'Yes').evaluate((element) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      return range.getClientRects().length;
    });
    assert.equal(yes, 1, 'on one line');
    await button(page, 'No…').click();
    await button(page, 'A symbol of your own…').click();
    await fits('the answers');
    await page.getByRole('link', { name: 'Train' }).click();
    await button(page, 'Start training').waitFor();
    await fits('the Train view');
  });
}

test('where less motion is wanted, nothing moves', async (t) => {
  const moving = async (reducedMotion) => {
    const page = await openBlankPage(t, { reducedMotion });
    await page.evaluate(() => {
      globalThis.moved = 0;
      for (const kind of ['animationstart', 'transitionrun']) document.addEventListener(kind, () => ++globalThis.moved);
    });
    await drawWithMouse(page, drawnZero);
    await settledReading(page);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    return page.evaluate(() => globalThis.moved);
  };
  assert.ok((await moving('no-preference')) > 0, 'there is something that could move');
  assert.equal(await moving('reduce'), 0);
});

/** The colour that is painted at [x, y] (shares of its size) of an element, as "red,green,blue". Computed styles do not tell what is forced. */
async function paintedColour(page, locator, [x, y]) {
  const png = await locator.screenshot();
  return page.evaluate(
    async ({ bytes, x, y }) => {
      const image = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
      const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
      context.drawImage(image, 0, 0);
      return [...context.getImageData(image.width * x, image.height * y, 1, 1).data.subarray(0, 3)].join();
    },
    { bytes: [...png], x, y },
  );
}

test('with forced colours the drawing and the bars can be seen, and which buttons do nothing now', async (t) => {
  const page = await openBlankPage(t, { forcedColors: 'active' });
  const colours = (id) =>
    page.locator(id).evaluate((one) => [getComputedStyle(one).color, getComputedStyle(one).borderColor]);
  const [idle, ready] = [await colours('#undo'), await colours('#clear')];
  for (const i of [0, 1]) assert.notEqual(idle[i], ready[i]);
  await drawWithMouse(page, drawnZero);
  await settledReading(page);
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished)));
  const pad = drawingArea(page);
  assert.notEqual(
    await paintedColour(page, pad, [0.28, 0.5]),
    await paintedColour(page, pad, [0.54, 0.54]),
    'ink, paper',
  );
  const bars = page.locator('#probabilities .bar');
  assert.notEqual(
    await paintedColour(page, bars.nth(0), [0.5, 0.55]),
    await paintedColour(page, bars.nth(1), [0.5, 0.55]),
    'bars',
  );
});
