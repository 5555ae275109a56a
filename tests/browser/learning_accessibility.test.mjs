// Teaching for everyone: axe in each step of a lesson, and a phone 360 pixels wide.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { lessonBar, lessons, openAnswers, outcome } from './learning_support.mjs';
import { button, drawWithMouse, drawnFour, drawnOne, drawnZero, result, settledReading, useSite } from './support.mjs';
import { fitToPad } from '../strokes/drawings.mjs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const { openBlankPage } = useSite();
const at = (strokes, x) => fitToPad(strokes, { size: 0.3, centre: [x, 0.5] });

async function checkPage(page, what) {
  await page.evaluate(axeSource);
  const findings = await page.evaluate(async () => {
    await Promise.all(document.getAnimations().map((animation) => animation.finished));
    const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'] });
    return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html}`));
  });
  assert.deepEqual(findings, [], what);
  // Not innerWidth: on phones it grows with the page.
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(width, page.viewportSize().width, `${what}: sideways`);
  for (const target of await lessonBar(page).getByRole('button').all()) {
    if (!(await target.isVisible())) continue;
    const { width, height } = await target.boundingBox();
    assert.ok(width >= 44 && height >= 44, `${what}: ${await target.innerText()} is ${width} × ${height}`);
  }
}

for (const colorScheme of ['light', 'dark']) {
  for (const [screen, options] of Object.entries({
    phone: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
    desktop: { viewport: { width: 1280, height: 800 } },
  })) {
    test(`${colorScheme}, ${screen}: every step of a lesson`, async (t) => {
      const page = await openBlankPage(t, { ...options, colorScheme, reducedMotion: 'reduce' });
      await drawWithMouse(page, [...at(drawnOne, 0.15), ...at(drawnFour, 0.5), ...at(drawnZero, 0.85)]);
      await result(page).getByText('It is 140', { exact: true }).waitFor();
      await checkPage(page, 'the question');
      await openAnswers(page);
      await checkPage(page, 'the answers about a number');
      await button(page, 'A symbol of your own…').click();
      await checkPage(page, 'a name for a symbol');
      await page.keyboard.press('Escape');

      await button(page, 'Clear').click();
      await drawWithMouse(page, drawnFour);
      await settledReading(page);
      await openAnswers(page);
      await button(page, 'It is a 9').click();
      await outcome(page);
      await checkPage(page, 'what came of it');
      if ((await lessons(page).count()) > 0) {
        await page.getByText('Your drawings', { exact: true }).click();
        await page.getByRole('list', { name: 'Your drawings, newest first' }).getByRole('button').first().waitFor();
        await checkPage(page, 'the kept drawings');
        await button(page, 'Take back the last lesson').click();
        await lessons(page).first().filter({ hasText: 'taken back' }).waitFor();
        await checkPage(page, 'a lesson taken back');
      }
    });
  }
}
