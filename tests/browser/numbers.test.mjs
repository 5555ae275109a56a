// Several digits on the pad or in a picture: read in order, each with its box.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  button,
  drawWithMouse,
  drawnFour,
  drawnOne,
  drawnZero,
  mnistTestSet,
  result,
  settledReading,
  useSite,
  waitForState,
} from './support.mjs';
import { fitToPad, recordedStrokes } from '../strokes/drawings.mjs';
import { writeNumber } from '../strokes/numbers.mjs';

const { openBlankPage } = useSite();

const at = (strokes, x, y = 0.5, size = 0.3) => fitToPad(strokes, { size, centre: [x, y] });
const number = (page) => result(page).getAttribute('data-digits');
const boxes = (page) => page.getByRole('list', { name: 'Digits found' }).getByRole('listitem');

test('a number drawn on the pad is read in order, with a box and a confidence for each digit', async (t) => {
  const page = await openBlankPage(t);
  await drawWithMouse(page, at(drawnFour, 0.5));
  assert.equal((await settledReading(page)).digit, '4');
  assert.equal(await number(page), null);
  assert.equal(await boxes(page).count(), 0);

  await drawWithMouse(page, at(drawnZero, 0.85));
  await drawWithMouse(page, at(drawnOne, 0.15));
  const reading = await settledReading(page);
  assert.equal(await number(page), '140');
  assert.equal(reading.state, 'digit');
  assert.equal(reading.digit, '');
  assert.ok(reading.confidence > 0.6 && reading.confidence <= 1);
  await result(page).getByText('It is 140', { exact: true }).waitFor();
  const spoken = result(page).getByText(/^It is: 1, .*% sure; 4, .*% sure; 0, .*% sure$/);
  await spoken.waitFor();
  const labels = await boxes(page).allInnerTexts();
  assert.match(labels.join(), /^1\s·\s[\d.]+%,4\s·\s[\d.]+%,0\s·\s[\d.]+%$/);
  const inWords = labels.map((label) => `${label.replace(/\s·\s/, ', ')} sure`).join('; ');
  assert.equal(await spoken.innerText(), `It is: ${inWords}`, 'as sure as the boxes say');
  const lefts = await boxes(page).evaluateAll((items) => items.map((item) => item.getBoundingClientRect().left));
  assert.deepEqual(
    lefts,
    [...lefts].sort((a, b) => a - b),
  );

  await button(page, 'Undo').click();
  await result(page).getByText('It is 40', { exact: true }).waitFor();
  await button(page, 'Clear').click();
  await waitForState(page, 'blank');
  assert.equal(await number(page), null);
  assert.equal(await boxes(page).count(), 0);
});

test('it is said, and marked, which digit of a number is shown closely; the one that is asked about is', async (t) => {
  const page = await openBlankPage(t);
  await drawWithMouse(page, [...at(drawnOne, 0.15), ...at(drawnFour, 0.5), ...at(drawnOne, 0.85)]);
  await result(page).getByText('It is 141', { exact: true }).waitFor();
  const shares = (await boxes(page).allInnerTexts()).map((label) => /([\d.]+%)$/.exec(label)[1]);
  const detail = await page.locator('#prediction .detail').innerText();
  const [, place, digit, share] = /^Least sure: the (1st|2nd|3rd) digit, (\d) \(([\d.]+%)\)$/.exec(detail);
  const index = ['1st', '2nd', '3rd'].indexOf(place);
  assert.deepEqual([digit, share], ['141'[index], shares[index]]);
  assert.ok(shares.every((other) => parseFloat(other) >= parseFloat(share)));
  const isShown = async (index) => {
    const place = ['1st', '2nd', '3rd'][index];
    const chart = page.getByRole('region', { name: `How likely is each digit, as the ${place}?` });
    await chart.locator('[data-winner]').filter({ hasText: '141'[index] }).waitFor();
    await page.getByText(`What it saw, ${place}`, { exact: true }).waitFor();
    await page.getByRole('img', { name: `The picture the network got of the ${place} digit` }).waitFor();
    const marked = await boxes(page).evaluateAll((items) => items.map((item) => item.ariaCurrent === 'true'));
    assert.deepEqual(
      marked,
      [0, 1, 2].map((i) => i === index),
    );
  };
  await isShown(index);

  await button(page, 'No…').click();
  for (const chosen of [0, 1, 2]) {
    await boxes(page).nth(chosen).click();
    await isShown(chosen);
  }
  await button(page, 'No…').click();
  await isShown(index);
  await button(page, 'Clear').click();
  await page.getByRole('region', { name: 'How likely is each digit?' }).waitFor();
  await page.getByText('What it saw', { exact: true }).waitFor();
});

test('a number is written as large as its card has room', async (t) => {
  const page = await openBlankPage(t, { viewport: { width: 320, height: 568 } });
  const headline = page.locator('#prediction .headline');
  const size = () => headline.evaluate((element) => parseFloat(getComputedStyle(element).fontSize));
  await drawWithMouse(page, [...at(drawnFour, 0.25), ...at(drawnZero, 0.7)]);
  await result(page).getByText('It is 40', { exact: true }).waitFor();
  assert.ok((await size()) >= 40, `${await size()} px`);
  const card = result(page);
  for (const long of [false, true]) {
    if (long) {
      await page.evaluate(async () => {
        const { PredictionView } = await import('/prediction_view.js');
        const one = { digit: 7, state: 'unsure', confidence: 0.5 };
        const box = (i) => ({ left: i / 40, right: (i + 1) / 40, top: 0.5, bottom: 0.6 });
        const digits = Array.from({ length: 40 }, (_, i) => ({ ...one, box: box(i) }));
        new PredictionView(document.getElementById('prediction')).showNumber(digits);
      });
    }
    const { y, height } = await card.boundingBox();
    const words = await card.locator('.words').boundingBox();
    assert.ok(words.y >= y && words.y + words.height <= y + height, `${long}: within the card`);
  }
});

test('digits that overlap are read apart', async (t) => {
  const page = await openBlankPage(t);
  const drawings = [drawnFour, drawnZero, drawnOne].map((strokes) => ({ strokes }));
  const { strokes } = writeNumber(drawings, { gap: -0.1, random: () => 0.5 });
  await drawWithMouse(
    page,
    strokes.map((stroke) => stroke.map(({ x, y }) => [x, y])),
  );
  await settledReading(page);
  assert.equal(await number(page), '401');
});

test('labels of digits that are close together do not hide each other', async (t) => {
  const page = await openBlankPage(t);
  await drawWithMouse(
    page,
    [0.3, 0.38, 0.46].flatMap((x) => at(drawnOne, x, 0.5, 0.25)),
  );
  await settledReading(page);
  assert.equal(await number(page), '111');
  const labels = await boxes(page)
    .locator('> span')
    .evaluateAll((spans) => spans.map((span) => span.getBoundingClientRect().toJSON()));
  const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  for (const [i, label] of labels.entries()) {
    for (const other of labels.slice(i + 1)) assert.ok(!overlap(label, other), JSON.stringify([label, other]));
  }
});

for (const [screen, viewport] of Object.entries({
  desktop: { width: 1280, height: 800 },
  phone: { width: 390, height: 844 },
})) {
  for (const [columns, rows] of [
    [5, 3],
    [10, 6],
  ]) {
    test(`a picture of ${rows} lines is told line by line, and no label hides another or another line: ${screen}`, async (t) => {
      const page = await openBlankPage(t, { viewport });
      const mnist = mnistTestSet();
      const images = Array.from({ length: rows * columns }, (_, i) => [...mnist.image(i + 20)]);
      const bytes = await page.evaluate(
        async ([images, rows, columns]) => {
          const canvas = new OffscreenCanvas(columns * 100, rows * 110);
          const context = canvas.getContext('2d');
          context.fillStyle = '#f4f1e8';
          context.fillRect(0, 0, canvas.width, canvas.height);
          for (const [k, image] of images.entries()) {
            const digit = new OffscreenCanvas(28, 28);
            const pixels = Uint8ClampedArray.from(image.flatMap((ink) => [30, 40, 90, ink]));
            digit.getContext('2d').putImageData(new ImageData(pixels, 28, 28), 0, 0);
            context.drawImage(digit, (k % columns) * 100 + 8, Math.floor(k / columns) * 110 + 10, 84, 84);
          }
          return [...new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer())];
        },
        [images, rows, columns],
      );
      await page
        .getByLabel('Open picture')
        .setInputFiles({ name: 'lines.png', mimeType: 'image/png', buffer: Buffer.from(bytes) });
      await page.locator('#prediction[data-digits]').waitFor();
      const lines = (await page.locator('#prediction .headline').textContent()).split('\n');
      assert.equal(lines.length, rows);
      assert.equal(lines.join(''), await number(page));
      await page.locator('#prediction .headline').evaluate((headline, rows) => {
        const height = parseFloat(getComputedStyle(headline).lineHeight) * rows;
        if (Math.abs(headline.getBoundingClientRect().height - height) > 2) throw new Error('not a line each');
      }, rows);

      const found = await boxes(page).evaluateAll((items) =>
        items.map((item) => ({
          box: item.getBoundingClientRect().toJSON(),
          label: item.firstChild.getBoundingClientRect().toJSON(),
        })),
      );
      const lineOf = lines.flatMap((line, i) => Array(line.length).fill(i));
      const overlap = (a, b) =>
        a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
      for (const [i, { label }] of found.entries()) {
        for (const [k, other] of found.entries()) {
          if (k > i) assert.ok(!overlap(label, other.label), `labels ${i} and ${k}`);
          if (lineOf[k] !== lineOf[i]) assert.ok(!overlap(label, other.box), `label ${i}, digit ${k}`);
        }
      }
    });
  }
}

test('two rows are read one after the other', async (t) => {
  const page = await openBlankPage(t);
  await drawWithMouse(page, [...at(drawnZero, 0.3, 0.75), ...at(drawnFour, 0.3, 0.25), ...at(drawnOne, 0.7, 0.25)]);
  await settledReading(page);
  assert.equal(await number(page), '410');
});

test('a picture of a number is read in order, boxes lie over its digits', async (t) => {
  const page = await openBlankPage(t);
  const mnist = mnistTestSet();
  const chosen = [1, 0, 2]; // 2, 7, 1
  const bytes = await page.evaluate(
    async (images) => {
      const canvas = new OffscreenCanvas(900, 400);
      const context = canvas.getContext('2d');
      context.fillStyle = '#f4f1e8';
      context.fillRect(0, 0, 900, 400);
      for (const [k, image] of images.entries()) {
        const digit = new OffscreenCanvas(28, 28);
        const pixels = Uint8ClampedArray.from(image.flatMap((ink) => [30, 40, 90, ink]));
        digit.getContext('2d').putImageData(new ImageData(pixels, 28, 28), 0, 0);
        context.drawImage(digit, 40 + 280 * k, 60, 280, 280);
      }
      return [...new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer())];
    },
    chosen.map((i) => [...mnist.image(i)]),
  );
  await page
    .getByLabel('Open picture')
    .setInputFiles({ name: 'number.png', mimeType: 'image/png', buffer: Buffer.from(bytes) });
  const text = chosen.map((i) => mnist.label(i)).join('');
  await result(page).getByText(`It is ${text}`, { exact: true }).waitFor();
  const sheet = await page.getByLabel('Drawing area').boundingBox();
  const middles = await boxes(page).evaluateAll((items) =>
    items.map((item) => item.getBoundingClientRect()).map(({ left, width }) => left + width / 2),
  );
  middles.forEach((middle, k) => {
    const expected = sheet.x + (sheet.width * (180 + 280 * k)) / 900;
    assert.ok(Math.abs(middle - expected) < sheet.width * 0.08, `box ${k}: ${middle}, expected near ${expected}`);
  });
});

test('a recorded drawing of one digit is read as one', async (t) => {
  const lines = recordedStrokes('pendigits-tra.strokes.jsonl.gz');
  if (!lines) return t.skip('the recorded pen strokes are missing (INKDIGIT_STROKES)');
  const page = await openBlankPage(t);
  const split = await page.evaluate(
    async (drawings) => {
      const { readSheet } = await import('/number_reader.js');
      const { createClassifier } = await import('/inkdigit/index.js');
      const classifier = await createClassifier({ threads: 1 });
      let several = 0;
      for (const drawing of drawings) {
        const strokes = drawing.map((stroke) => stroke.map(([x, y]) => ({ x, y, pressure: 0.5 })));
        if (strokes.length === 1) continue; // nothing to tell apart
        several += (await readSheet(classifier, { strokes, picture: null })).digits !== undefined;
      }
      classifier.dispose();
      return several;
    },
    lines.map(({ strokes }) => strokes),
  );
  t.diagnostic(`${split} of ${lines.length} drawings of one digit were taken for several`);
  assert.ok(split <= lines.length * 0.002, `${split} of ${lines.length}`);
});
