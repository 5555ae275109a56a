// Correct and learn: a misread drawing is corrected once, and read right from then on; every way back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  answer,
  drawMisreadSeven,
  holdLessons,
  mirroredFour,
  lessonBar,
  lessons,
  openAnswers,
  openLessons,
  openWithTabs,
  otherAnswer,
  outcome,
  panel,
  redraw,
  savedFile,
  teach,
} from './learning_support.mjs';
import {
  button,
  drawingArea,
  drawUnsure,
  drawWithMouse,
  drawnFour,
  drawnOne,
  drawnZero,
  mnistTestSet,
  nextFrames,
  result,
  settledReading,
  useSite,
  waitForState,
} from './support.mjs';
import { fitToPad } from '../strokes/drawings.mjs';

const stage = useSite();
const { openBlankPage } = stage;
const at = (strokes, x) => fitToPad(strokes, { size: 0.3, centre: [x, 0.5] });

/** Waits until what lies on the pad is read as a digit, surely. */
const readAs = (page, digit) =>
  page.locator(`#prediction[aria-busy=false][data-state=digit][data-digit="${digit}"]`).waitFor();

test('while the right answer is being chosen, what the lesson needs is on its way', async (t) => {
  const page = await openBlankPage(t);
  await drawWithMouse(page, drawnFour);
  await settledReading(page);
  const rehearsal = page.waitForRequest(/rehearsal\.safetensors$/);
  await openAnswers(page);
  await rehearsal;
});

test('a misread drawing is corrected once, is read right, and still is after a reload', async (t) => {
  const page = await openBlankPage(t);
  const strokes = await drawMisreadSeven(page);
  const words = await teach(page, 7);
  await readAs(page, 7);
  assert.match(words, /^Learnt: it reads a 7 here now\./);
  assert.match(words, /Other people’s digits \(MNIST\): \d+\.\d% → \d+\.\d%/);
  assert.match(await lessons(page).first().innerText(), /^This is a 7(, not a \d)?\b[\s\S]*In use$/);

  await page.reload();
  await waitForState(page, 'blank');
  await drawWithMouse(page, strokes);
  await readAs(page, 7);
  assert.equal(await lessons(page).count(), 2);
});

test('what it could read before, it reads after a lesson', async (t) => {
  const page = await openBlankPage(t);
  await drawMisreadSeven(page);
  await teach(page, 7);
  for (const [digit, strokes] of Object.entries({ 0: drawnZero, 1: drawnOne, 4: drawnFour })) {
    assert.equal((await redraw(page, strokes)).digit, digit);
  }
});

test('a lesson is taken back, done again, and all are reset, each at once and without a question', async (t) => {
  const page = await openBlankPage(t);
  const strokes = await drawMisreadSeven(page);
  const before = await settledReading(page);
  const footer = page.getByRole('contentinfo');
  await footer.getByText('· int8').waitFor();
  await teach(page, 7);
  await readAs(page, 7);
  await footer.getByText('· float32').waitFor(); // what was learnt is exact

  await button(page, 'Take it back').press('Enter');
  await outcome(page, /^Taken back/);
  await footer.getByText('· int8').waitFor();
  const isFocusInBar = await lessonBar(page).evaluate((bar) => bar.contains(document.activeElement));
  assert.ok(isFocusInBar, 'the button is gone, the focus is beside it');
  assert.deepEqual(await settledReading(page), before, 'the very same reading');
  assert.match(await lessons(page).first().innerText(), /taken back/);

  await page.getByRole('button', { name: /^Redo up to here: This is a 7/ }).click();
  await readAs(page, 7);

  await redraw(page, mirroredFour);
  await teach(page, 4);
  assert.equal(await lessons(page).count(), 3);
  assert.equal(await panel(page).locator('.panel-words').innerText(), '', 'what was done before is past');
  await page.getByRole('button', { name: /^Go back to here: This is a 7/ }).click();
  await panel(page).getByText('Done: another').waitFor();
  assert.equal((await redraw(page, strokes)).digit, '7');

  await button(page, 'Back to the shipped network').click();
  await panel(page).getByText('The shipped network is in use again').waitFor();
  await page.reload();
  await waitForState(page, 'blank');
  assert.deepEqual(await redraw(page, strokes), before, 'kept');
  assert.equal(await lessons(page).count(), 3, 'the lesson can still be had back');
  assert.match(await lessons(page).first().innerText(), /^Back to the shipped network[\s\S]*In use$/);
});

test('what was taught before all was reset can be gone back to, also when something new was taught since', async (t) => {
  const page = await openBlankPage(t);
  const strokes = await drawMisreadSeven(page);
  await teach(page, 7);
  await panel(page).getByText('1 drawing of yours kept').waitFor();
  const reset = button(page, 'Back to the shipped network');
  await reset.click();
  await panel(page).getByText('The shipped network is in use; what came before stays in the list.').waitFor();
  assert.equal(await reset.getAttribute('aria-disabled'), 'true');

  await redraw(page, mirroredFour);
  await teach(page, 4);
  await panel(page)
    .getByText('The shipped network is in use, with 1 lesson since. 1 drawing of yours kept for the next lessons.')
    .waitFor();
  assert.equal(await lessons(page).count(), 4, 'it, the way back, the lesson before, and the shipped network');

  await page.getByRole('button', { name: /^Go back to here: This is a 7/ }).click();
  await panel(page).getByText('What comes after it stays in the list until something new is taught.').waitFor();
  assert.equal((await redraw(page, strokes)).digit, '7');
  await panel(page).getByText('Your drawings', { exact: true }).click();
  await button(page, 'Remove this drawing of a 7').waitFor();
});

test('only the pad has buttons whose names have Undo or Clear in them', async (t) => {
  const page = await openBlankPage(t);
  await drawMisreadSeven(page);
  await teach(page, 7);
  await button(page, 'Take back the last lesson').click();
  await lessons(page).first().filter({ hasText: 'taken back' }).waitFor();
  for (const name of ['Undo', 'Clear']) {
    assert.deepEqual(await page.getByRole('button', { name }).allInnerTexts(), [name]);
  }
});

test('the pad stays under the pen, whatever is said above it meanwhile', async (t) => {
  const page = await openBlankPage(t, { viewport: { width: 360, height: 740 } });
  await drawWithMouse(page, drawnFour);
  await settledReading(page);
  await openAnswers(page);
  const top = () => drawingArea(page).evaluate((pad) => pad.getBoundingClientRect().top);
  const before = await top();
  const { x, width } = await drawingArea(page).boundingBox();
  await page.mouse.move(x + width * 0.2, before + 60);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.8, before + 60, { steps: 5 });
  await page.locator('#lesson[data-step=idle]').waitFor(); // the answers are gone
  assert.equal(await top(), before);
  await page.mouse.up();
  await page.locator('#lesson[data-step=ask]').waitFor();
  assert.equal(await top(), before, 'nor does it move before the next stroke');
  await page.waitForFunction(
    (before) => document.getElementById('pad').getBoundingClientRect().top < before - 100,
    before,
  );
});

test('what is pressed below a result that is still kept as high as it was gets the click', async (t) => {
  const page = await openBlankPage(t, { viewport: { width: 390, height: 844 } });
  // The rest after a stroke lasts until the test ends it: by a press.
  await page.evaluate(() => {
    const { setTimeout } = globalThis;
    globalThis.setTimeout = (work, time, ...rest) => (time === 700 ? 0 : setTimeout(work, time, ...rest));
  });
  await drawUnsure(page, / or /); // which takes more lines
  const height = () => page.locator('#prediction').evaluate(({ style }) => style.height);
  assert.notEqual(await height(), '', 'the test needs a result that is kept as it was');
  const { x, y, width } = await otherAnswer(page).boundingBox();
  await page.mouse.click(x + width / 2, y + 6);
  await page.getByRole('group', { name: 'It is a…' }).waitFor();
  assert.equal(await height(), '');
});

test('after a press elsewhere that is no click, the result becomes as high as it needs', async (t) => {
  const page = await openBlankPage(t, { viewport: { width: 390, height: 844 } });
  await drawUnsure(page);
  const { x, y } = await otherAnswer(page).boundingBox();
  await page.mouse.click(x + 10, y + 6, { button: 'right' });
  await page.waitForFunction(() => document.getElementById('prediction').style.height === '');
});

test('Esc leaves off what is under way, and only then clears the pad', async (t) => {
  const page = await openBlankPage(t);
  await drawWithMouse(page, drawnFour);
  await settledReading(page);
  await openAnswers(page);
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press('Escape');
  await page.locator('#lesson[data-step=ask]').waitFor();
  assert.equal((await settledReading(page)).digit, '4', 'the drawing is there');
  await page.keyboard.press('Escape');
  assert.equal((await settledReading(page)).digit, '4', 'the answers have the focus');
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press('Escape');
  await waitForState(page, 'blank');
});

test('a Yes that was none can be corrected', async (t) => {
  const page = await openBlankPage(t);
  await drawWithMouse(page, drawnFour);
  await settledReading(page);
  await button(page, 'Yes').click();
  await outcome(page, /^Good/);
  await otherAnswer(page).click();
  await lessonBar(page).getByRole('button', { name: 'It is a 9' }).click();
  await outcome(page, /^(Learnt|Not learnt)/);
});

test('one tap says that it is what comes next in probability', async (t) => {
  const page = await openBlankPage(t);
  await drawWithMouse(page, drawnFour);
  await readAs(page, 4);
  const shares = await page
    .locator('#probabilities li')
    .evaluateAll((items) => items.map((item) => Number(item.style.getPropertyValue('--probability'))));
  const second = shares.indexOf(shares.toSorted((a, b) => b - a)[1]);
  await page.getByRole('button', { name: new RegExp(`^No, an? ${second}$`) }).click();
  await outcome(page, /^(Learnt|Not learnt)/);
  await panel(page).getByText('1 drawing of yours kept').waitFor();
  await panel(page).getByText('Your drawings', { exact: true }).click();
  await page.getByRole('button', { name: new RegExp(`^Remove this drawing of an? ${second}$`) }).waitFor();
});

test('Yes keeps the drawing, and is no lesson', async (t) => {
  const page = await openBlankPage(t);
  await drawWithMouse(page, drawnFour);
  await readAs(page, 4);
  await lessonBar(page).getByRole('button', { name: 'Yes', exact: true }).click();
  assert.match(await outcome(page), /^Good: kept as a 4 of yours\./);
  await panel(page).getByText('1 drawing of yours kept').waitFor();
  assert.equal(await lessons(page).count(), 0);
  await page.reload();
  await panel(page).getByText('1 drawing of yours kept').waitFor();
});

test('kept drawings are listed; one is removed by keyboard, put back, and removed for good', async (t) => {
  const page = await openBlankPage(t);
  const kept = panel(page).locator('details');
  assert.ok(await kept.isHidden());
  for (const strokes of [drawnFour, drawnOne]) {
    await redraw(page, strokes);
    await lessonBar(page).getByRole('button', { name: 'Yes' }).click();
    await outcome(page);
  }
  await kept.locator('summary').focus();
  await page.keyboard.press('Enter');
  const drawings = kept.getByRole('listitem');
  await drawings.nth(1).waitFor();
  assert.deepEqual(await drawings.locator('span').allTextContents(), ['1', '4'], 'newest first');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const putBack = kept.getByRole('button', { name: 'Put back this drawing of a 4' });
  await putBack.waitFor();
  assert.ok(await putBack.evaluate((element) => element === document.activeElement), 'the focus stays');
  assert.match(await panel(page).innerText(), / 1 drawing of yours kept/);
  await page.keyboard.press('Enter');
  await kept.getByRole('button', { name: 'Remove this drawing of a 4' }).waitFor();
  assert.match(await panel(page).innerText(), / 2 drawings of yours kept/);
  await page.keyboard.press('Enter');
  await putBack.waitFor();
  await page.reload();
  await waitForState(page, 'blank');
  await kept.locator('summary').click();
  await drawings.first().waitFor();
  assert.deepEqual(await drawings.locator('span').allTextContents(), ['1']);

  await kept.getByRole('button', { name: 'Remove this drawing of a 1' }).press('Enter');
  await kept.getByRole('button', { name: 'Put back this drawing of a 1' }).waitFor();
  await kept.locator('summary').press('Enter'); // there is nothing to put back once it is closed
  await kept.waitFor({ state: 'hidden' });
  const undo = button(page, 'Take back the last lesson');
  assert.ok(await undo.evaluate((element) => element === document.activeElement), 'the focus is beside it');
});

test('what is in the list of kept drawings stays there, with its picture and the focus, when another tab keeps one', async (t) => {
  const { page, openTab } = await openWithTabs(t, stage);
  const keep = async (tab, strokes) => {
    await redraw(tab, strokes);
    await lessonBar(tab).getByRole('button', { name: 'Yes' }).click();
    await outcome(tab, /^Good/);
  };
  await keep(page, drawnFour);
  await keep(page, drawnZero);
  const kept = panel(page).locator('details');
  await kept.locator('summary').click();
  const drawings = kept.getByRole('listitem');
  await drawings.nth(1).waitFor();
  await drawings.locator('canvas').evaluateAll((pictures) => {
    for (const picture of pictures) picture.isOld = true;
  });
  const remove = button(page, 'Remove this drawing of a 0');
  await remove.focus();

  await keep(await openTab(), drawnOne);
  await drawings.nth(2).waitFor();
  assert.deepEqual(await drawings.locator('span').allTextContents(), ['1', '0', '4']);
  const old = await drawings.locator('canvas').evaluateAll((pictures) => pictures.map(({ isOld = false }) => isOld));
  assert.deepEqual(old, [false, true, true]);
  assert.ok(await remove.evaluate((element) => element === document.activeElement));
});

test('an unsure reading offers the likeliest digits at once', async (t) => {
  const page = await openBlankPage(t);
  await drawUnsure(page);
  const digit = await result(page).getAttribute('data-digit');
  await lessonBar(page)
    .getByRole('button', { name: new RegExp(`^It is an? ${digit}$`) })
    .first()
    .click();
  assert.match(await outcome(page), /^(Learnt|Not learnt)/);
});

test('a number that was read right is kept, digit by digit', async (t) => {
  const page = await openBlankPage(t);
  await drawWithMouse(page, [...at(drawnOne, 0.15), ...at(drawnFour, 0.5), ...at(drawnZero, 0.85)]);
  await result(page).getByText('It is 140', { exact: true }).waitFor();
  await button(page, 'Yes').click();
  assert.equal((await outcome(page)).trim(), 'Good: all 3 are kept as yours.');
  await panel(page).getByText('3 drawings of yours kept').waitFor();
});

test('of a number, the digit is corrected that was chosen by its box', async (t) => {
  const page = await openBlankPage(t);
  await drawWithMouse(page, [...at(drawnOne, 0.15), ...at(drawnFour, 0.5), ...at(drawnZero, 0.85)]);
  await result(page).getByText('It is 140', { exact: true }).waitFor();
  await openAnswers(page);
  await page.getByRole('list', { name: 'Digits found' }).getByRole('listitem').nth(2).click();
  assert.ok(await page.getByRole('radio', { name: '0' }).isChecked());
  await page.getByRole('group', { name: 'It is a…' }).getByRole('button', { name: 'It is a 6' }).click();
  assert.match(await outcome(page), /^(Learnt|Not learnt)/);
  assert.match(await lessons(page).first().innerText(), /^This is a 6, not a 0/);
  assert.equal(await page.getByRole('button', { name: 'No…' }).count(), 0, 'the drawing has not become ink of the tap');

  await button(page, 'Correct another…').click();
  await page.getByRole('list', { name: 'Digits found' }).getByRole('listitem').nth(0).click();
  assert.ok(await page.getByRole('radio', { name: '1' }).isChecked());
  await page.getByRole('group', { name: 'It is a…' }).getByRole('button', { name: 'It is a 7' }).click();
  assert.match(await outcome(page), /^(Learnt|Not learnt)/);
  await button(page, 'Correct another…').waitFor();
});

test('by keyboard: the question is reached, the answer is a digit key, and Escape closes it without a loss', async (t) => {
  const page = await openBlankPage(t);
  await drawMisreadSeven(page);
  const { digit } = await settledReading(page);
  await drawingArea(page).focus();
  await page.keyboard.press('7');
  assert.equal(await otherAnswer(page).count(), 1, 'on the pad, a digit key is no answer');
  const isReached = () => otherAnswer(page).evaluate((element) => element === document.activeElement);
  for (let i = 0; i < 7 && !(await isReached()); ++i) await page.keyboard.press('Tab'); // Undo, Clear, Open picture come first
  assert.ok(await isReached());
  await page.keyboard.press('Enter');
  await page.getByRole('group', { name: 'It is a…' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('group', { name: 'It is a…' }).waitFor({ state: 'hidden' });
  assert.equal((await settledReading(page)).digit, digit, 'the drawing is still there');
  await page.keyboard.press('Enter');
  await page.keyboard.press('7');
  assert.match(await outcome(page), /^(Learnt|Not learnt)/);
  assert.match(await lessons(page).first().innerText(), /^This is a 7/);
  const focused = await page.evaluate(() => document.activeElement.textContent.trim());
  assert.equal(focused, 'Take it back', 'the focus is where one can go on');
});

test('a lesson that is cancelled half-way leaves the weights bit for bit', async (t) => {
  const page = await openBlankPage(t);
  await drawMisreadSeven(page);
  const before = await savedFile(page, 'Save the network');
  await page.evaluate(() => {
    const progress = document.querySelector('#lesson progress');
    new MutationObserver((_, observer) => {
      if (!progress.hasAttribute('value')) return;
      observer.disconnect();
      document.querySelector('#lesson .cancel').click();
    }).observe(progress, { attributes: true });
  });
  await answer(page, 7);
  assert.match(await outcome(page), /^Cancelled: nothing was changed\./);
  assert.equal(await otherAnswer(page).count(), 1, 'another answer can be given');
  const after = await savedFile(page, 'Save the network');
  assert.ok(before.bytes.equals(after.bytes));
  assert.equal(await lessons(page).count(), 0);
});

test('while it learns, drawing goes on and is read', async (t) => {
  const page = await openBlankPage(t);
  await drawMisreadSeven(page);
  const release = await holdLessons(page); // so the lesson is under way for sure
  await answer(page, 7);
  await lessonBar(page).getByText('Learning that this is a 7…').waitFor();
  assert.equal((await redraw(page, drawnZero)).digit, '0');
  await lessonBar(page).getByText('Learning that this is a 7…').waitFor();
  await release();
  await panel(page)
    .getByText(/^Learnt/)
    .waitFor();
  await lessonBar(page).getByText('Learnt. Right?', { exact: true }).waitFor();
  assert.equal((await settledReading(page)).digit, '0');
  await button(page, 'Yes').click();
  assert.match(await outcome(page), /^Good: kept as a 0 of yours\./, 'the new drawing is asked about');
});

test('drawings that are opened while it learns are learnt next', async (t) => {
  const page = await openBlankPage(t);
  await drawMisreadSeven(page);
  const release = await holdLessons(page);
  await answer(page, 7);
  const { image, label } = mnistTestSet();
  const samples = [0, 1, 2].map((i) => ({ label: label(i), frame: Buffer.from(image(i)).toString('base64') }));
  const buffer = Buffer.from(JSON.stringify({ format: 'inkdigit-samples', version: 1, samples }));
  await openLessons(page, [{ name: 'more.json', buffer }]);
  await panel(page).getByText('more.json: next, when this lesson is over.').waitFor();
  await release();
  await panel(page)
    .getByText(/^Learnt: 3 of these 3/)
    .waitFor();
  assert.match((await lessons(page).allInnerTexts()).join(), /Drawings from more\.json.*This is a 7/s);
});

test('drawings that are opened are shown at once, and the page keeps still when they have been learnt', async (t) => {
  const page = await openBlankPage(t, { viewport: { width: 390, height: 844 }, reducedMotion: 'reduce' }); // it scrolls at once
  const release = await holdLessons(page);
  const { image, label } = mnistTestSet();
  const samples = [0, 1, 2].map((i) => ({ label: label(i), frame: Buffer.from(image(i)).toString('base64') }));
  const buffer = Buffer.from(JSON.stringify({ format: 'inkdigit-samples', version: 1, samples }));
  await openLessons(page, [{ name: 'three.json', buffer }]);
  await lessonBar(page).getByText('Learning…').waitFor();
  const scrolled = () => page.evaluate(() => scrollY);
  const shown = await scrolled();
  assert.ok(shown > 0);
  await redraw(page, drawnFour); // at the top of the page
  const before = await scrolled();
  assert.ok(before < shown);
  await release();
  await panel(page)
    .getByText(/^Learnt: 3 of these 3/)
    .waitFor();
  await lessonBar(page).getByText('Learnt. Right?', { exact: true }).waitFor();
  await nextFrames(page);
  assert.equal(await scrolled(), before);
});

test('while another tab learns, Yes waits for its turn and says so, and the next drawing is asked about', async (t) => {
  const page = await openBlankPage(t);
  await drawWithMouse(page, drawnFour);
  await readAs(page, 4);
  const release = await holdLessons(page);
  await button(page, 'Yes').dblclick();
  await lessonBar(page).getByText('Keeping…').waitFor();
  await redraw(page, drawnZero);
  await button(page, 'Yes').waitFor();
  await release();
  await panel(page).getByText('1 drawing of yours kept').waitFor();
  assert.ok(await button(page, 'Yes').isVisible());
  assert.equal(await lessonBar(page).getByText('Good').count(), 0);
});

test('what another tab learns does not close the answers', async (t) => {
  const { page, openTab } = await openWithTabs(t, stage);
  await drawWithMouse(page, [...at(drawnOne, 0.15), ...at(drawnFour, 0.5)]);
  await result(page).getByText('It is 14', { exact: true }).waitFor();
  await openAnswers(page);
  const other = await openTab();
  const { bytes } = await savedFile(other, 'Save the network');
  await openLessons(other, [{ name: 'other.safetensors', buffer: bytes }]);
  await panel(page).getByText('Another tab of this page').waitFor();
  await settledReading(page);
  assert.ok(await page.getByRole('group', { name: 'It is a…' }).isVisible());
  assert.equal(await page.locator('#digit-boxes [data-chosen]').count(), 1);
  await other.close();
});

/** Loads the page anew and draws 140; of that, `change` (the text of a function) makes other digits once the page's isOther is true. */
async function drawChangingNumber(page, change) {
  await page.context().route('**/number_reader.js', async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace('export const readSheet =', 'const readAll =');
    const readOther = `
      export const readSheet = async (...sheet) => {
        const reading = await readAll(...sheet);
        return globalThis.isOther ? { digits: (${change})(reading.digits) } : reading;
      };`;
    await route.fulfill({ response, body: body + readOther });
  });
  await page.reload();
  await waitForState(page, 'blank');
  await drawWithMouse(page, [...at(drawnOne, 0.15), ...at(drawnFour, 0.5), ...at(drawnZero, 0.85)]);
  await result(page).getByText('It is 140', { exact: true }).waitFor();
}

test('after a lesson about a number, the next question is about what is read now', async (t) => {
  const page = await openBlankPage(t);
  await drawChangingNumber(page, '(digits) => digits.map((one) => ({ ...one, digit: one.digit + 1 }))');
  await openAnswers(page);
  await page.evaluate(() => (globalThis.isOther = true));
  await page.getByRole('group', { name: 'It is a…' }).getByRole('button', { name: 'It is a 6' }).click();
  await outcome(page);
  await button(page, 'Correct another…').click();
  assert.deepEqual(await page.locator('#lesson .which span').allInnerTexts(), ['2', '5', '1']);
});

test('the digit that is asked about may be gone when another network reads', async (t) => {
  const { page, openTab } = await openWithTabs(t, stage);
  await drawChangingNumber(page, '(digits) => digits.slice(0, 2)');
  await openAnswers(page);
  await page.getByRole('list', { name: 'Digits found' }).getByRole('listitem').nth(2).click();
  await page.evaluate(() => (globalThis.isOther = true));
  const other = await openTab();
  const { bytes } = await savedFile(other, 'Save the network');
  await openLessons(other, [{ name: 'other.safetensors', buffer: bytes }]);
  await result(page).getByText('It is 14', { exact: true }).waitFor();
  await page.getByRole('region', { name: /^How likely is each digit, as the (1st|2nd)\?$/ }).waitFor();
  await other.close();
});

test('one lesson at a time is taken back, and only the one that was shown', async (t) => {
  const { page, openTab } = await openWithTabs(t, stage);
  const { bytes } = await savedFile(page, 'Save the network');
  const open = async (tab, name) => {
    await openLessons(tab, [{ name: `${name}.safetensors`, buffer: bytes }]);
    await panel(tab).getByText(`The weights of ${name}.safetensors are in use`).waitFor();
  };
  await open(page, 'one');
  await open(page, 'two');
  await button(page, 'Take back the last lesson').evaluate((element) => {
    element.click();
    element.click();
  });
  await panel(page).getByText('The last lesson is taken back').waitFor();
  await page.getByRole('button', { name: 'Redo up to here: Weights from two' }).waitFor();
  assert.match(await lessons(page).nth(1).innerText(), /Weights from one[\s\S]*In use/);

  // A lesson of another tab comes in between.
  const other = await openTab();
  const release = await holdLessons(other);
  await openLessons(other, [{ name: 'three.safetensors', buffer: bytes }]);
  await lessonsWaiting(other, 1);
  await button(page, 'Take back the last lesson').click();
  await lessonsWaiting(other, 2);
  await release();
  await panel(page).getByText('Not taken back. It is no longer the last lesson. Nothing was changed.').waitFor();
  assert.match(await lessons(page).first().innerText(), /Weights from three[\s\S]*In use/);
  await other.close();
});

test('what takes a lesson back says so while it waits for its turn, and why when it fails, where it was pressed', async (t) => {
  const { page, openTab } = await openWithTabs(t, stage);
  await drawMisreadSeven(page);
  await teach(page, 7);
  const other = await openTab();
  const { bytes } = await savedFile(other, 'Save the network');
  const release = await holdLessons(other);
  await openLessons(other, [{ name: 'other.safetensors', buffer: bytes }]);
  await lessonsWaiting(other, 1);
  const takeBack = button(page, 'Take it back');
  await takeBack.press('Enter');
  await lessonBar(page).getByText('Taking it back…').waitFor();
  await panel(page).getByText('Waiting…').waitFor();
  assert.ok(await takeBack.evaluate((element) => element === document.activeElement), 'the focus stays');
  await lessonsWaiting(other, 2);
  await release();
  await lessonBar(page).getByText('Not taken back. It is no longer the last lesson.').waitFor();
  assert.ok(await takeBack.isVisible());
  await other.close();
});

/** Waits until as many lessons wait for their turn. */
const lessonsWaiting = (page, count) =>
  page.waitForFunction(async (expected) => (await navigator.locks.query()).pending.length === expected, count);

test('Enter that is held down answers, and does not cancel what it has begun', async (t) => {
  const page = await openBlankPage(t);
  await drawMisreadSeven(page);
  await openAnswers(page);
  const release = await holdLessons(page);
  await page.getByRole('group', { name: 'It is a…' }).getByRole('button', { name: 'It is a 7' }).focus();
  for (let i = 0; i < 3; ++i) await page.keyboard.down('Enter');
  await page.keyboard.up('Enter');
  await lessonBar(page).getByText('Learning that this is a 7…').waitFor();
  await release();
  assert.match(await outcome(page), /^Learnt/);
});

test('without a connection at the first lesson, the drawing is kept, and can be taught later', async (t) => {
  const page = await openBlankPage(t);
  await drawMisreadSeven(page);
  await page.context().setOffline(true);
  await answer(page, 7);
  assert.match(
    await outcome(page),
    /^Not learnt: what it learns with could not be fetched\. Check the connection, or reload the page\.\s+The drawing is kept/,
  );
  await panel(page).getByText('1 drawing of yours kept').waitFor();
  await page.context().setOffline(false);
  await teach(page, 7);
});
