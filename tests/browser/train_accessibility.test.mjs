// The Train view for everyone: axe, small screens, the keyboard.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { button, missingFile, useSite } from './support.mjs';
import { choose, finished, endlessRun, quickRun, learning, openTraining, runRows, start } from './train_support.mjs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const screens = {
  'small phone': { viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true },
  phone: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
  desktop: { viewport: { width: 1280, height: 800 } },
};
const stage = useSite();

async function axeFindings(page) {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'] });
    return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html}`));
  });
}

for (const colorScheme of ['light', 'dark']) {
  for (const [screen, options] of Object.entries(screens)) {
    test(`axe finds nothing, nothing is cut off: ${colorScheme}, ${screen}`, async (t) => {
      const page = await openTraining(t, stage, { ...options, colorScheme });
      await page.getByLabel('Kernel size').fill('0');
      await page.getByRole('checkbox', { name: /^Augmentation/ }).check();
      assert.deepEqual(await axeFindings(page), [], 'settings, one of them wrong');

      await choose(page, quickRun);
      await start(page);
      await finished(page);
      await page.getByRole('heading', { name: 'What each layer sees' }).scrollIntoViewIfNeeded();
      await page.getByRole('img', { name: 'dense1: 10 values' }).waitFor();
      assert.deepEqual(await axeFindings(page), [], 'a run, closely looked at');
      // Not innerWidth: on phones it grows with the page.
      const { width: screenWidth } = options.viewport;
      assert.equal(
        await page.evaluate(() => document.documentElement.scrollWidth),
        screenWidth,
        'no sideways scrolling',
      );
      const caption = await page.locator('#train-confusion caption').boundingBox();
      assert.ok(caption.x + caption.width <= screenWidth, 'the words above the matrix are all to be seen');
      for (const name of ['Start training', 'Use for drawing', 'Look at run 1', 'Another one']) {
        const { width, height } = await button(page, name).boundingBox();
        assert.ok(width >= 44 && height >= 44, `${name}: ${width} × ${height}`);
      }
    });
  }
}

test('on a phone one can start without scrolling, and sees what comes of it; all of the matrix is there', async (t) => {
  for (const options of [screens.phone, screens['small phone']]) {
    const page = await openTraining(t, stage, { ...options, reducedMotion: 'reduce' }); // it scrolls at once
    const seen = async (locator) => {
      const { y, height } = await locator.boundingBox();
      const tools = await page.locator('#train-tools').boundingBox();
      return y >= 0 && y + height <= tools.y;
    };
    const { y, height } = await button(page, 'Start training').boundingBox();
    assert.ok(y >= 0 && y + height <= options.viewport.height, `starts at ${y}`);
    assert.equal(await page.evaluate(() => scrollY), 0);
    await choose(page, quickRun);
    await page.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }));
    page.expectedProblems = missingFile;
    await page.route('**/mnist/train_images_0.bin', (route) => route.abort());
    await start(page);
    const message = page.getByText('MNIST could not be loaded. Check the connection, then try again.');
    await message.waitFor();
    assert.ok(await seen(message), 'the message');
    await page.unroute('**/mnist/train_images_0.bin');
    await button(page, 'Try again').click();
    await finished(page);
    const matrix = page.getByRole('region', { name: 'Confusion matrix' });
    await matrix.scrollIntoViewIfNeeded();
    assert.ok(await matrix.evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth), 'nothing beside it');
  }
});

test('on a phone, what is wrong is told beside the field that Start leads to', async (t) => {
  const page = await openTraining(t, stage, { ...screens['small phone'], reducedMotion: 'reduce' });
  const field = page.getByLabel('Kernel size');
  await field.fill('0');
  await page.evaluate(() => scrollTo({ top: document.body.scrollHeight, behavior: 'instant' }));
  await start(page);
  assert.ok(await field.evaluate((element) => element === document.activeElement));
  const problem = page.getByText('Kernel size: choose a whole number from 1 to 13.');
  const [above, below] = [await field.boundingBox(), await problem.boundingBox()];
  const gap = below.y - above.y - above.height;
  assert.ok(gap >= 0 && gap < 20, `${gap} px`);
  assert.ok(below.y + below.height <= (await page.locator('#train-tools').boundingBox()).y, 'it can be seen');
  assert.equal(await field.getAttribute('aria-describedby'), await problem.getAttribute('id'));
  await field.fill('3');
  assert.ok(await page.locator('#train-ranges + #train-problems:empty').count(), 'and no gap is left there');
});

test('on a phone, the heading of a run keeps apart from its bar', async (t) => {
  const page = await openTraining(t, stage, screens['small phone']);
  await choose(page, endlessRun);
  await start(page);
  await learning(page);
  // At once: the page may still be scrolling.
  const gap = await page.evaluate(() => {
    const [heading, bar] = ['run-heading', 'train-progress'].map((id) => document.getElementById(id));
    return bar.getBoundingClientRect().top - heading.getBoundingClientRect().bottom;
  });
  assert.ok(gap >= 8, `${gap} px`);
});

test('with forced colours, curves are told apart, and the run that is looked at is marked', async (t) => {
  const page = await openTraining(t, stage, { ...screens.desktop, forcedColors: 'active' });
  await choose(page, quickRun);
  await start(page);
  await finished(page);
  const row = runRows(page).and(page.locator('[aria-current=true]'));
  await row.waitFor();
  assert.equal(await row.evaluate((element) => getComputedStyle(element).outlineStyle), 'solid');
  const [shadow, colour] = await page.getByLabel('Show the curves of run 1').evaluate((tick) => {
    const { boxShadow, accentColor } = getComputedStyle(tick);
    return [boxShadow, accentColor];
  });
  assert.ok(shadow.startsWith(colour), `${shadow}, ${colour}`);
});

test('by keyboard alone: choose, start, pause, resume, stop', async (t) => {
  const page = await openTraining(t, stage);
  await choose(page, endlessRun);
  await page.getByLabel('Seed').focus();
  await page.keyboard.press('Enter'); // as in any form
  await learning(page);
  await button(page, 'Pause').focus();
  await page.keyboard.press('Enter');
  await button(page, 'Resume').waitFor();
  const focused = () => page.evaluate(() => document.activeElement.textContent.trim());
  assert.equal(await focused(), 'Resume', 'the focus stays where one is');
  await page.keyboard.press('Enter');
  await button(page, 'Pause').waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'Stop');
  await page.keyboard.press('Enter');
  await button(page, 'Start training').waitFor();
  assert.equal(await focused(), 'Start training');
});

test('what is looked at from the list, and settings that are used again, get the focus', async (t) => {
  const page = await openTraining(t, stage);
  await choose(page, quickRun);
  await start(page);
  await finished(page);
  const focused = () => page.evaluate(() => document.activeElement.value || document.activeElement.textContent);
  await button(page, 'Look at run 1').press('Enter');
  assert.equal(await focused(), 'Run 1');
  await button(page, 'Use these settings').press('Enter');
  const preset = await page.evaluate(() => document.activeElement.name);
  assert.equal(preset, 'preset');
});

test('what changes by itself leaves the focus where it is, or near', async (t) => {
  const page = await openTraining(t, stage);
  await choose(page, quickRun);
  await start(page);
  await finished(page);
  await button(page, 'Look at run 1').focus();
  const tab = await page.context().newPage();
  await tab.goto(page.url());
  await choose(tab, quickRun);
  await start(tab);
  await button(page, 'Look at run 2').waitFor();
  await page.bringToFront();
  const focused = () => page.evaluate(() => document.activeElement.ariaLabel ?? document.activeElement.textContent);
  assert.equal(await focused(), 'Look at run 1');

  await choose(page, endlessRun);
  await start(page);
  await button(page, 'Export weights').focus();
  await page.getByRole('heading', { name: 'This run, so far' }).waitFor();
  assert.equal(await focused(), 'This run, so far');

  await button(page, 'Stop').click();
  await button(page, 'Measure on the test set').focus();
  await page.keyboard.press('Enter');
  const status = page.locator('#details-status');
  await status.getByText(/^(?!Reading)./).waitFor();
  assert.match(await status.textContent(), /of the test pictures are read right/);
  assert.match(await focused(), /^Test set: [\d.]+%$/, 'the button that was pressed');
});
