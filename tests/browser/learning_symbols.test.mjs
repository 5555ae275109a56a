// Symbols of one's own: taught, read by their names, removed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openAnswers, openLessons, outcome, panel, redraw, savedFile } from './learning_support.mjs';
import {
  button,
  drawingArea,
  drawWithFinger,
  drawWithMouse,
  drawnFour,
  result,
  settledReading,
  useSite,
  waitForState,
} from './support.mjs';

const { openBlankPage } = useSite();

/** A tick, as on a list. */
const tick = [
  [
    [0.2, 0.55],
    [0.32, 0.68],
    [0.42, 0.82],
    [0.55, 0.58],
    [0.68, 0.36],
    [0.84, 0.16],
  ],
];

/** A plus, in two strokes. */
const plus = [
  [
    [0.5, 0.2],
    [0.5, 0.8],
  ],
  [
    [0.2, 0.5],
    [0.8, 0.5],
  ],
];

/** Says of what lies on the pad that it is a symbol of one's own. */
async function teachSymbol(page, name) {
  await settledReading(page);
  await openAnswers(page);
  await button(page, 'A symbol of your own…').click();
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await button(page, 'Teach it').click();
}

/** Of a symbol whose first lesson has begun: a new class may take a few. → the words about the last one. */
async function teachTickOn(page) {
  let words = await outcome(page);
  for (let lesson = 2; lesson <= 5 && !words.startsWith('Learnt: it reads “tick” here now.'); ++lesson) {
    await redraw(page, tick);
    await openAnswers(page);
    await page.getByRole('group', { name: 'Own symbols' }).getByRole('button', { name: 'It is “tick”' }).click();
    words = await outcome(page);
  }
  return words;
}

test('an own symbol is taught, read by its name, removed, and had back', async (t) => {
  const page = await openBlankPage(t);
  await drawWithMouse(page, tick);
  await settledReading(page);
  await openAnswers(page);
  await button(page, 'A symbol of your own…').click();
  const name = page.getByRole('textbox', { name: 'Name' });
  await name.fill('7');
  await button(page, 'Teach it').click();
  assert.equal(
    await name.evaluate((field) => field.validationMessage),
    '“7” is a digit: give the symbol another name.',
  );
  // Of so many characters, of which an emoji may have several, none is cut off.
  const longest = `Familienmama ${'👩‍👩‍👧‍👦'}`;
  await name.fill('');
  await page.keyboard.insertText(longest);
  assert.equal(await name.inputValue(), longest);
  await name.fill('tick');
  await name.press('Enter');
  const words = await teachTickOn(page);
  assert.match(words, /^Learnt: it reads “tick” here now\./);
  await page.locator('#prediction[aria-busy=false][data-label=tick]').waitFor();
  assert.equal(await result(page).getAttribute('data-digit'), '');
  await result(page)
    .getByText(/^(It is|Not sure:).*tick/)
    .first()
    .waitFor();
  assert.match(await page.locator('#probabilities li').nth(10).innerText(), /tick/);

  await page.reload();
  await waitForState(page, 'blank');
  assert.equal((await redraw(page, tick)).digit, '');
  assert.equal(await result(page).getAttribute('data-label'), 'tick');

  const own = panel(page).getByRole('list', { name: 'Your own symbols' });
  assert.match(await own.innerText(), /^“tick”\s+Forget this symbol$/);
  await panel(page).getByRole('heading', { name: 'Your own symbols' }).waitFor();
  await button(page, 'Forget this symbol: “tick”').click();
  await panel(page).getByText('The symbol “tick” is forgotten').waitFor();
  await page.locator('#prediction[aria-busy=false]:not([data-label])').waitFor();
  assert.equal(await page.locator('#probabilities li').count(), 10);
  await button(page, 'Take back the last lesson').click();
  await page.locator('#prediction[aria-busy=false][data-label=tick]').waitFor();
});

test('on a phone: a long name fits, and a double tap on an answer leaves no dot on the pad', async (t) => {
  const page = await openBlankPage(t, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  await drawWithFinger(page, tick);
  await teachSymbol(page, 'W'.repeat(20));
  await outcome(page, /^Learnt/);
  await redraw(page, drawnFour);
  await openAnswers(page);
  const right = (name) => page.locator(name).evaluate((element) => element.getBoundingClientRect().right);
  assert.ok((await right('.own-symbols button:first-child')) <= (await right('.chooser')));
  if (process.env.INKDIGIT_SCREENSHOT) await page.screenshot({ path: process.env.INKDIGIT_SCREENSHOT });

  const pixels = () => drawingArea(page).evaluate((canvas) => canvas.toDataURL());
  const before = await pixels();
  const box = await page.getByRole('button', { name: 'It is a 7' }).boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.touchscreen.tap(x, y);
  await page.touchscreen.tap(x, y);
  const pad = await drawingArea(page).boundingBox();
  assert.ok(y > pad.y, 'the pad is where the answer was');
  await outcome(page, /^(Learnt|Not learnt)/);
  assert.equal(await pixels(), before);
});

/** Puts a bar that asks about `readings`, and knows these symbols, in the place of the page's. What it is answered is in `answers`. */
const askInBarOfItsOwn = (page, asked) =>
  page.evaluate(async ({ readings, symbols }) => {
    const { LessonBar } = await import('/learning/lesson_bar.js');
    globalThis.answers = [];
    const before = document.getElementById('lesson');
    const root = before.cloneNode(true);
    before.replaceWith(root);
    const bar = new LessonBar(root, {
      onOpen: () => {},
      onChoose: () => {},
      onCorrect: (reading, label) => globalThis.answers.push(label),
      symbols: () => symbols,
      picture: () => document.createElement('canvas'),
    });
    bar.ask(readings);
  }, asked);

test('long names in a number hide none on the pad, and keep within the answers', async (t) => {
  const page = await openBlankPage(t, { viewport: { width: 320, height: 568 } });
  const label = 'W'.repeat(20);
  const boxes = [0.1, 0.55].map((left) => ({ left, right: left + 0.35, top: 0.3, bottom: 0.6 }));
  const readings = boxes.map((box) => ({ box, label, digit: -1, state: 'digit', confidence: 0.98 }));
  await page.evaluate(async (readings) => {
    const { DigitBoxes } = await import('/digit_boxes.js');
    const ownList = document.getElementById('digit-boxes');
    const list = ownList.cloneNode();
    ownList.replaceWith(list);
    new DigitBoxes(list).show(readings);
  }, readings);
  await askInBarOfItsOwn(page, { readings, symbols: [] });
  const [one, other] = await page
    .locator('#digit-boxes li > span')
    .evaluateAll((labels) => labels.map((label) => label.getBoundingClientRect().toJSON()));
  assert.ok(one.bottom <= other.top || other.bottom <= one.top, 'one is below its box, the other above');
  await openAnswers(page);
  const right = (name) => page.locator(name).evaluate((element) => element.getBoundingClientRect().right);
  assert.ok((await right('.which label:last-child span')) <= (await right('.chooser')));
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320, 'no sideways scrolling');
});

test('a symbol beyond the most is not taught, and what to do is said where it is named', async (t) => {
  const page = await openBlankPage(t);
  await askInBarOfItsOwn(page, {
    readings: [{ label: 1, state: 'digit', confidence: 1, runnerUp: 7 }],
    symbols: Array.from({ length: 16 }, (_, i) => `symbol ${i}`),
  });
  await teachSymbol(page, 'tick');
  const name = page.getByRole('textbox', { name: 'Name' });
  assert.equal(
    await name.evaluate((field) => field.validationMessage),
    'There would be 17 symbols of your own, and 16 are the most. Forget one first.',
  );
  await name.fill('symbol 3'); // is one of them
  await name.press('Enter');
  assert.deepEqual(await page.evaluate(() => globalThis.answers), ['symbol 3']);

  const frame = Buffer.alloc(784, 9).toString('base64');
  const samples = Array.from({ length: 17 }, (_, i) => ({ label: `symbol ${i}`, frame }));
  const buffer = Buffer.from(JSON.stringify({ format: 'inkdigit-samples', version: 1, samples }));
  await openLessons(page, [{ name: 'many.json', buffer }]);
  await panel(page).getByText('16 are the most. Forget one first. Nothing was changed.').waitFor();
});

test('what was taught and is still read with doubt is not said to be read', async (t) => {
  const page = await openBlankPage(t);
  await drawWithMouse(page, plus);
  await teachSymbol(page, 'plus');
  const words = await outcome(page, /^(Learnt|Not learnt)/);
  await page.locator('#prediction[aria-busy=false][data-label=plus]').waitFor();
  const { state } = await settledReading(page);
  assert.equal(state, 'unsure', 'the test needs a symbol that takes more than a lesson');
  assert.match(words, /^Learnt, but not sure of it yet: teach one or two more\./);
});

test('a symbol has no glyph, whatever its name is to a program', async (t) => {
  const page = await openBlankPage(t);
  await drawWithMouse(page, plus);
  await teachSymbol(page, 'length');
  await page.locator('#prediction[aria-busy=false][data-label=length]').waitFor();
  assert.equal(await page.locator('#prediction .glyph').first().isVisible(), false);
  assert.equal(await page.locator('#prediction .glyph path').first().getAttribute('d'), '');
});

test('a symbol has its name as soon as it is read, also while its network is still being kept', async (t) => {
  const page = await openBlankPage(t);
  await drawWithMouse(page, tick);
  await teachSymbol(page, 'tick');
  await teachTickOn(page);
  const { name, bytes } = await savedFile(page, 'Save the network');

  const other = await openBlankPage(t);
  const keeping = other.evaluate(
    () =>
      new Promise((kept) => {
        SubtleCrypto.prototype.digest = () => new Promise(() => kept());
      }),
  );
  await openLessons(other, [{ name, buffer: bytes }]);
  await keeping;
  await drawWithMouse(other, tick);
  await settledReading(other);
  assert.equal(await result(other).getAttribute('data-label'), 'tick');
  assert.match(await other.locator('#probabilities li').nth(10).innerText(), /tick/);
});

test('after a lesson its drawing is read once, for the result and for the words about it', async (t) => {
  const page = await openBlankPage(t);
  await drawWithMouse(page, tick); // one stroke: a reading of it is one call
  await settledReading(page);
  await page.evaluate(() => {
    globalThis.calls = [];
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (message, ...rest) {
      globalThis.calls.push(message.method);
      return postMessage.call(this, message, ...rest);
    };
  });
  await teachSymbol(page, 'tick');
  await outcome(page);
  await page.locator('#prediction[aria-busy=false][data-label=tick]').waitFor();
  const calls = await page.evaluate(() => globalThis.calls);
  assert.deepEqual(calls.slice(calls.lastIndexOf('classifyBatch')), ['classifyBatch', 'classify']);
});
