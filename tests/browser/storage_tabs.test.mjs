// Lessons in several tabs at once, and a tab that is killed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  answer,
  changeStorage,
  drawMisreadSeven,
  mirroredFour,
  lessons,
  openLessons,
  openWithTabs,
  panel,
  redraw,
  savedFile,
  teach,
} from './learning_support.mjs';
import { button, drawWithMouse, drawnFour, drawnZero, settledReading, useSite } from './support.mjs';

const stage = useSite();

test('what one learns, the other takes over', async (t) => {
  const { page, openTab } = await openWithTabs(t, stage);
  const other = await openTab();
  const strokes = await drawMisreadSeven(page);
  await teach(page, 7);
  await panel(other).getByText('Another tab of this page has changed what is learnt').waitFor();
  await other.bringToFront();
  await drawWithMouse(other, strokes);
  assert.equal((await settledReading(other)).digit, '7');
  assert.equal(await lessons(other).count(), 2);
});

test('what the other takes over does not take the focus away', async (t) => {
  const { page, openTab } = await openWithTabs(t, stage);
  await drawWithMouse(page, drawnFour);
  await settledReading(page);
  const other = await openTab();
  const { bytes } = await savedFile(other, 'Save the network');
  await button(page, 'Yes').focus();
  await openLessons(other, [{ name: 'one.safetensors', buffer: bytes }]);
  await panel(page).getByText('Another tab of this page has changed what is learnt').waitFor();
  await page.evaluate(() => new Promise(requestAnimationFrame));
  await settledReading(page);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Yes');
});

test('what waits for the storage is not lost when another tab was faster', async (t) => {
  const page = await stage.openBlankPage(t);
  const seen = await page.evaluate(async () => {
    const { LessonStore, ConflictError } = await import('/learning/lesson_store.js');
    const { withSamples } = await import('/learning/lesson_book.js');
    const sample = (label, ink) => ({ label, frame: new Uint8Array(784).fill(ink), time: 1 });
    const [one, other] = [new LessonStore(), new LessonStore()];
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('No room.', 'QuotaExceededError');
    };
    const { book: empty } = await one.read();
    const waiting = await one.write(withSamples(empty, [sample(1, 10)]), { before: empty });
    const { reason } = one.trouble;
    IDBObjectStore.prototype.put = put;
    const { book: read } = await other.read();
    await other.write(withSamples(read, [sample(2, 20)]), { before: read });
    const error = await one.write(withSamples(waiting, [sample(3, 30)]), { before: waiting }).catch((reason) => reason);
    const { book } = await one.read();
    return [reason, error instanceof ConflictError, book.samples.map(({ label }) => label).toSorted()];
  });
  assert.deepEqual(seen, ['full', true, [1, 2]]);
});

for (const locks of [true, false]) {
  test(`both change at once ${locks ? '' : '(without locks) '}and nothing is lost`, async (t) => {
    const { page, openTab } = await openWithTabs(t, stage);
    const other = await openTab();
    if (!locks) {
      for (const tab of [page, other]) {
        await tab.evaluate(() => Object.defineProperty(navigator, 'locks', { value: undefined }));
      }
    }
    const { bytes } = await savedFile(page, 'Save the network');
    await Promise.all([
      openLessons(page, [{ name: 'one.safetensors', buffer: bytes }]),
      openLessons(other, [{ name: 'two.safetensors', buffer: bytes }]),
    ]);
    for (const tab of [page, other]) {
      await lessons(tab).nth(2).waitFor();
      const texts = (await lessons(tab).allInnerTexts()).join();
      for (const name of ['one', 'two']) assert.match(texts, new RegExp(`Weights from ${name}\\.safetensors`));
    }
  });
}

test('a tab that is killed in the middle of a lesson leaves the last good weights', async (t) => {
  const { page, openTab } = await openWithTabs(t, stage);
  const strokes = await drawMisreadSeven(page);
  await teach(page, 7);
  const kept = await changeStorage(page, 'readBook');
  await redraw(page, drawnZero);
  const learning = page.evaluate(
    () =>
      new Promise((resolve) => {
        const progress = document.querySelector('#lesson progress');
        new MutationObserver(() => progress.hasAttribute('value') && resolve()).observe(progress, { attributes: true });
      }),
  );
  await answer(page, 6);
  await learning;
  await Promise.all([page.waitForEvent('crash'), page.goto('chrome://crash').catch(() => {})]);

  const next = await openTab();
  assert.deepEqual(await changeStorage(next, 'readBook'), kept);
  await drawWithMouse(next, strokes);
  assert.equal((await settledReading(next)).digit, '7');
  await redraw(next, mirroredFour);
  await teach(next, 4);
  assert.equal(await lessons(next).count(), 3);
});
