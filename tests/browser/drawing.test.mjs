import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  button,
  drawUnsure,
  drawWithFinger,
  drawWithMouse,
  drawingArea,
  drawnFour,
  drawnOne,
  drawnZero,
  eventually,
  nextFrames,
  launchBrowser,
  mnistTestSet,
  openPage,
  padToPage,
  result,
  serveSite,
  settledReading,
  waitForState,
} from './support.mjs';

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** An MNIST image as pen strokes: a line for each run of ink in each row, as a printer would do it. */
function imageToStrokes(image) {
  const strokes = [];
  for (let row = 0; row < 28; ++row) {
    const y = (row + 0.5) / 28;
    let start = -1;
    for (let column = 0; column <= 28; ++column) {
      const isInk = column < 28 && image[row * 28 + column] >= 128;
      if (isInk && start < 0) start = column;
      if (!isInk && start >= 0) {
        strokes.push([
          [start / 28, y],
          [column / 28, y],
        ]);
        start = -1;
      }
    }
  }
  return strokes;
}

/** How many pixels of the pad have ink on them, and the box around them in shares of the pad. */
const inkOnPad = (page) =>
  drawingArea(page).evaluate((canvas) => {
    const { data, width } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const ink = { pixels: 0, left: 1, top: 1, right: 0, bottom: 0, width, colour: null };
    for (let i = 0; i < data.length / 4; ++i) {
      if (data[i * 4 + 3] < 250) continue;
      const [x, y] = [(i % width) / width, Math.floor(i / width) / width];
      ink.pixels++;
      ink.left = Math.min(ink.left, x);
      ink.right = Math.max(ink.right, x);
      ink.top = Math.min(ink.top, y);
      ink.bottom = Math.max(ink.bottom, y);
      ink.colour ??= [...data.subarray(i * 4, i * 4 + 3)].join();
    }
    return ink;
  });

/**
 * In the page, before its scripts: counts the readings in `readings`: those that were `asked` for, those of them `beforeEnd` of the last
 * stroke, those that were `answered`, and the `most` that were under way at once.
 */
function watchReadings() {
  const readings = (globalThis.readings = { asked: 0, beforeEnd: 0, answered: 0, most: 0 });
  addEventListener('pointerup', () => (readings.beforeEnd = readings.asked), { capture: true });
  const underWay = new Set();
  globalThis.Worker = class extends Worker {
    constructor(...values) {
      super(...values);
      this.addEventListener('message', ({ data }) => {
        if (underWay.delete(data.id)) ++readings.answered;
      });
    }

    postMessage(message, ...rest) {
      if (message.method === 'classify') {
        ++readings.asked;
        underWay.add(message.id);
        readings.most = Math.max(readings.most, underWay.size);
      }
      super.postMessage(message, ...rest);
    }
  };
}

let browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser?.close());

for (const isolated of [true, false]) {
  describe(isolated ? 'drawing, cross-origin isolated' : 'drawing, not isolated', () => {
    let site;
    before(async () => {
      site = await serveSite({ isolated });
    });
    after(() => site?.close());

    test('the page is isolated as asked, starts blank and says what it runs on', async (t) => {
      const page = await openPage(t, browser, site.url);
      assert.deepEqual(await settledReading(page), { state: 'blank', digit: '', confidence: 0 });
      assert.equal(await page.evaluate(() => crossOriginIsolated), isolated);
      const footer = await page.getByRole('contentinfo').innerText();
      assert.match(footer, /WebAssembly with (relaxed|baseline) SIMD · \d+ threads? · (int8|float32)/);
      if (!isolated) assert.match(footer, /· 1 thread ·/);
      assert.match(
        footer,
        /Why 1 thread\? Enough for a drawing\. Why (relaxed|baseline) SIMD\? .+\. Why int8\? The weights are of this precision\.$/,
      );
    });

    test('MNIST test digits drawn with the mouse are read', async (t) => {
      const page = await openPage(t, browser, site.url);
      await waitForState(page, 'blank');
      const mnist = mnistTestSet();
      const wrong = [];
      const count = 50;
      for (let i = 0; i < count; ++i) {
        const index = i * 200 + 7;
        await drawWithMouse(page, imageToStrokes(mnist.image(index)));
        const { digit } = await settledReading(page);
        if (digit !== String(mnist.label(index)))
          wrong.push(`image ${index}: a ${mnist.label(index)} read as ${digit || 'nothing'}`);
        await button(page, 'Clear').click();
        await waitForState(page, 'blank');
      }
      t.diagnostic(`${count - wrong.length} of ${count} right; ${wrong.join('; ')}`);
      assert.ok(wrong.length <= count * 0.05, wrong.join('\n'));
    });

    test('the last stroke is read by itself, one reading at a time (how soon is measured, not asserted)', async (t) => {
      const page = await openPage(t, browser, 'about:blank');
      await page.addInitScript(watchReadings);
      await page.goto(site.url);
      await waitForState(page, 'blank');
      await page.evaluate(() => {
        globalThis.delays = [];
        const output = document.getElementById('prediction');
        document.getElementById('pad').addEventListener('pointerup', () => {
          const start = performance.now();
          const observer = new MutationObserver(() => {
            if (output.getAttribute('aria-busy') !== 'false') return;
            observer.disconnect();
            globalThis.delays.push(performance.now() - start);
          });
          observer.observe(output, { attributes: true });
        });
      });
      for (let i = 0; i < 20; ++i) {
        await drawWithMouse(page, drawnZero);
        assert.deepEqual(await settledReading(page).then(({ state, digit }) => [state, digit]), ['digit', '0']);
        const { asked, beforeEnd, answered } = await page.evaluate(() => globalThis.readings);
        assert.ok(asked > beforeEnd, 'the stroke is read once more when it has ended');
        assert.equal(answered, asked, 'and that is what is shown');
        await button(page, 'Clear').click();
        await waitForState(page, 'blank');
      }
      assert.equal(await page.evaluate(() => globalThis.readings.most), 1);
      const delays = (await page.evaluate(() => globalThis.delays)).sort((a, b) => a - b);
      assert.equal(delays.length, 20);
      t.diagnostic(
        `from the end of a stroke to its reading: median ${delays[10].toFixed(1)} ms, slowest ${delays[19].toFixed(1)} ms`,
      );
    });
  });
}

describe('the drawing pad', () => {
  let site;
  before(async () => {
    site = await serveSite();
  });
  after(() => site?.close());

  test('the reading appears while the stroke is still being drawn', async (t) => {
    const page = await openPage(t, browser, site.url);
    await waitForState(page, 'blank');
    const toPage = await padToPage(page);
    await page.mouse.move(...toPage(drawnZero[0][0]));
    await page.mouse.down();
    for (const point of drawnZero[0]) await page.mouse.move(...toPage(point));
    await result(page).getByText('It is a 0').waitFor();
    await page.mouse.up();
    assert.equal((await settledReading(page)).digit, '0');
  });

  test('Undo takes back stroke by stroke, Clear everything, and Undo even that', async (t) => {
    const page = await openPage(t, browser, site.url);
    await waitForState(page, 'blank');
    const undo = button(page, 'Undo');
    assert.equal(await undo.getAttribute('aria-disabled'), 'true');

    await drawWithMouse(page, drawnFour.slice(0, 1));
    const first = await settledReading(page);
    await drawWithMouse(page, drawnFour.slice(1));
    const both = await settledReading(page);
    assert.equal(both.digit, '4');
    assert.notDeepEqual(first, both);

    await undo.click();
    assert.deepEqual(await settledReading(page), first);
    await drawWithMouse(page, drawnFour.slice(1));
    assert.deepEqual(await settledReading(page), both);

    await button(page, 'Clear').click();
    assert.deepEqual(await settledReading(page), { state: 'blank', digit: '', confidence: 0 });
    await nextFrames(page);
    assert.equal((await inkOnPad(page)).pixels, 0);

    await undo.click();
    assert.deepEqual(await settledReading(page), both);
    await undo.click();
    await undo.click();
    assert.equal((await settledReading(page)).state, 'blank');
    assert.equal(await undo.getAttribute('aria-disabled'), 'true');
  });

  test('keys: Ctrl+Z takes back a stroke, Escape clears', async (t) => {
    const page = await openPage(t, browser, site.url);
    await waitForState(page, 'blank');
    await drawWithMouse(page, drawnFour);
    assert.equal((await settledReading(page)).digit, '4');
    await page.keyboard.press('Escape');
    await waitForState(page, 'blank');
    await page.keyboard.press('Control+z');
    const four = await settledReading(page);
    assert.equal(four.digit, '4');

    // In the middle of a stroke, Ctrl+Z gives up that stroke alone.
    const toPage = await padToPage(page);
    await page.mouse.move(...toPage([0.1, 0.1]));
    await page.mouse.down();
    await page.mouse.move(...toPage([0.9, 0.1]));
    await page.keyboard.press('Control+z');
    await page.mouse.up();
    assert.deepEqual(await settledReading(page), four);
  });

  test('a fast stroke keeps all its points', async (t) => {
    const page = await openPage(t, browser, site.url);
    await waitForState(page, 'blank');
    const toPage = await padToPage(page);
    await page.mouse.move(...toPage(drawnZero[0][0]));
    await page.mouse.down();
    for (const point of drawnZero[0]) await page.mouse.move(...toPage(point));
    await page.mouse.up();
    await settledReading(page);
    const slow = await inkOnPad(page);
    await button(page, 'Clear').click();
    await waitForState(page, 'blank');
    await drawWithMouse(page, drawnZero);
    await settledReading(page);
    await nextFrames(page);
    const fast = await inkOnPad(page);
    assert.ok(
      Math.abs(fast.pixels / slow.pixels - 1) < 0.05,
      `${fast.pixels} pixels of ink, drawn slowly ${slow.pixels}`,
    );
  });

  test('a small digit in a corner is read like a large one', async (t) => {
    const page = await openPage(t, browser, site.url);
    await waitForState(page, 'blank');
    const small = drawnFour.map((stroke) => stroke.map(([x, y]) => [0.75 + x * 0.15, 0.8 + y * 0.15]));
    await drawWithMouse(page, drawnFour);
    const large = await settledReading(page);
    await button(page, 'Clear').click();
    await waitForState(page, 'blank');
    await drawWithMouse(page, small);
    const reading = await settledReading(page);
    assert.equal(reading.digit, large.digit);
    assert.equal(reading.state, large.state);
  });

  test('a scribble is not taken for a digit: the page says what it is unsure of', async (t) => {
    const page = await openPage(t, browser, site.url);
    await waitForState(page, 'blank');
    const { digit, confidence } = await drawUnsure(page);
    assert.match(digit, /^[0-9]$/);
    assert.ok(confidence > 0 && confidence < 1);
    await result(page)
      .getByText(new RegExp(`^Not sure: (${digit} or [0-9]|an? ${digit})\\?$`))
      .waitFor();
  });

  test('an unsure reading names two digits only where there are two', async (t) => {
    const page = await openPage(t, browser, site.url);
    await waitForState(page, 'blank');
    const show = (probabilities) =>
      page.evaluate(async (values) => {
        const { PredictionView } = await import('/prediction_view.js');
        const view = new PredictionView(document.querySelector('#prediction'));
        view.showResult({ state: 'unsure', confidence: Math.max(...values), probabilities: values });
      }, probabilities);
    await show([0, 0, 0, 0, 0.5, 0, 0, 0, 0, 0.5]);
    await result(page).getByText('Not sure: 4 or 9?').waitFor();
    await show([0, 0, 0, 0, 0, 0, 0, 0, 0.97, 0.03]);
    await result(page).getByText('Not sure: an 8?').waitFor();
    await result(page).getByText('It is not much like a digit.').waitFor();
    await show([0.2, 0, 0.1, 0.1, 0.1, 0, 0.24, 0, 0.16, 0.1]);
    await result(page).getByText('Not sure: 6 or 0?').waitFor();
    await result(page).getByText('It is not much like any digit.').waitFor();
  });

  test('an unsure reading has a glyph for each digit that it names, and none for a symbol', async (t) => {
    const page = await openPage(t, browser, site.url);
    await waitForState(page, 'blank');
    const show = (probabilities) =>
      page.evaluate(async (values) => {
        const { PredictionView } = await import('/prediction_view.js');
        globalThis.view ??= new PredictionView(document.querySelector('#prediction'));
        globalThis.view.setSymbols(['plus']);
        globalThis.view.showResult({ state: 'unsure', confidence: Math.max(...values), probabilities: values });
      }, probabilities);
    const glyphs = async () => (await page.locator('#prediction .glyph:visible').all()).length;
    await show([0, 0, 0, 0, 0.5, 0, 0, 0, 0, 0.5, 0]);
    assert.equal(await glyphs(), 2);
    await show([0, 0, 0, 0, 0, 0, 0, 0, 0.97, 0.03, 0]);
    assert.equal(await glyphs(), 1, 'an empty one takes up no room');
    await show([0, 0, 0, 0, 0.35, 0, 0, 0, 0, 0, 0.65]);
    await result(page).getByText('Not sure: “plus” or 4?').waitFor();
    assert.equal(await glyphs(), 0, 'the runner-up is not what was read');
    await show([0, 0, 0, 0, 0.03, 0, 0, 0, 0, 0, 0.97]);
    await result(page).getByText('Not sure: “plus”?').waitFor();
    await result(page).getByText('It is not much like what it has learnt of it.').waitFor();
    await show([0, 0, 0, 0, 0.2, 0, 0, 0, 0.1, 0.2, 0.5]);
    await result(page).getByText('Not sure: “plus” or 4?').waitFor();
  });

  test('a dot leaves ink, and the page copes with it', async (t) => {
    const page = await openPage(t, browser, site.url);
    await waitForState(page, 'blank');
    await drawingArea(page).click();
    await settledReading(page);
    await nextFrames(page);
    assert.ok((await inkOnPad(page)).pixels > 0);
  });

  test('the ink stays in place when the window changes its size, and follows the theme', async (t) => {
    const page = await openPage(t, browser, site.url, { viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
    await waitForState(page, 'blank');
    await drawWithMouse(page, drawnFour);
    const reading = await settledReading(page);
    const before = await inkOnPad(page);
    await page.setViewportSize({ width: 390, height: 844 });
    await nextFrames(page);
    const narrow = await inkOnPad(page);
    assert.notEqual(narrow.width, before.width);
    for (const side of ['left', 'top', 'right', 'bottom']) {
      assert.ok(Math.abs(narrow[side] - before[side]) < 0.01, `${side}: ${before[side]} became ${narrow[side]}`);
    }
    await page.emulateMedia({ colorScheme: 'dark' });
    const isRecoloured = async () => (await inkOnPad(page)).colour !== before.colour;
    await eventually(isRecoloured, 'the ink kept its colour');
    assert.deepEqual(await settledReading(page), reading);
  });

  test('a pen that presses harder draws a wider line', async (t) => {
    const page = await openPage(t, browser, site.url);
    await waitForState(page, 'blank');
    const toPage = await padToPage(page);
    const session = await page.context().newCDPSession(page);
    const pen = (type, point, force) =>
      session.send('Input.dispatchMouseEvent', {
        type,
        x: toPage(point)[0],
        y: toPage(point)[1],
        force,
        pointerType: 'pen',
        button: 'left',
        buttons: 1,
        clickCount: 1,
      });
    const widths = [];
    for (const force of [0.15, 0.9]) {
      await pen('mousePressed', [0.2, 0.5], force);
      for (const x of [0.3, 0.4, 0.5, 0.6, 0.7]) await pen('mouseMoved', [x, 0.5], force);
      await pen('mouseReleased', [0.7, 0.5], force);
      await nextFrames(page);
      const ink = await inkOnPad(page);
      widths.push(ink.bottom - ink.top);
      await button(page, 'Clear').click();
      await waitForState(page, 'blank');
    }
    assert.ok(widths[1] > widths[0] * 1.5, `light ${widths[0]}, hard ${widths[1]}`);
  });

  test('a finger draws, and does not scroll the page', async (t) => {
    const page = await openPage(t, browser, site.url, phone);
    await waitForState(page, 'blank');
    assert.ok(
      await page.evaluate(() => document.documentElement.scrollHeight > innerHeight + 200),
      'there is something to scroll',
    );
    await drawWithFinger(
      page,
      drawnOne.map((stroke) => [...stroke].reverse()),
    ); // upwards, as one scrolls
    assert.equal((await settledReading(page)).digit, '1');
    assert.equal(await page.evaluate(() => scrollY), 0);

    // The same movement beside the pad does scroll: otherwise the line above would prove nothing.
    await button(page, 'Clear').click();
    const chart = await page.getByRole('heading', { name: 'How likely is each digit?' }).boundingBox();
    const session = await page.context().newCDPSession(page);
    const touch = (type, y) =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: type === 'touchEnd' ? [] : [{ x: 100, y }],
      });
    await touch('touchStart', chart.y + 60);
    for (let step = 1; step <= 10; ++step) await touch('touchMove', chart.y + 60 - step * 20);
    await touch('touchEnd');
    await page.waitForFunction(() => scrollY > 0);
  });

  test('a second finger is ignored', async (t) => {
    const page = await openPage(t, browser, site.url, phone);
    await waitForState(page, 'blank');
    const toPage = await padToPage(page);
    const session = await page.context().newCDPSession(page);
    const finger = (id, point) => ({ id, x: toPage(point)[0], y: toPage(point)[1] });
    const touch = (type, ...touchPoints) => session.send('Input.dispatchTouchEvent', { type, touchPoints });
    await touch('touchStart', finger(1, [0.5, 0.2]));
    await touch('touchMove', finger(1, [0.5, 0.4]));
    await touch('touchStart', finger(1, [0.5, 0.4]), finger(2, [0.9, 0.9]));
    await touch('touchMove', finger(1, [0.5, 0.8]), finger(2, [0.8, 0.9]));
    await touch('touchEnd');
    assert.equal((await settledReading(page)).digit, '1');
    await nextFrames(page);
    assert.ok((await inkOnPad(page)).right < 0.7, 'no ink of the second finger');
    await button(page, 'Undo').click();
    await waitForState(page, 'blank');
  });
});

describe('comparing with MNIST', () => {
  let site;
  before(async () => {
    site = await serveSite();
  });
  after(() => site?.close());

  test('each of the ten samples is shown and read', async (t) => {
    const page = await openPage(t, browser, site.url);
    await waitForState(page, 'blank');
    let right = 0;
    for (let digit = 0; digit <= 9; ++digit) {
      await button(page, `Read the sample ${digit}`).click();
      await page.getByText(`MNIST’s ${digit}`).first().waitFor();
      if ((await settledReading(page)).digit === String(digit)) ++right;
    }
    assert.ok(right >= 9, `${right} of 10 read rightly`);
    await button(page, 'Undo').click();
    assert.equal((await settledReading(page)).digit, '8');
  });

  test('what the network saw is shown beside a sample of the digit it read', async (t) => {
    const page = await openPage(t, browser, site.url);
    await waitForState(page, 'blank');
    await drawWithMouse(page, drawnZero);
    await settledReading(page);
    const seen = page.getByRole('img', { name: /^The picture the network got/ });
    await page.getByRole('img', { name: 'An original MNIST image of the digit 0' }).waitFor();
    // Framed as MNIST was: the ink fills 20 of 28 pixels at its longest, and its centre of mass is in the middle.
    const { longest, centre } = await seen.evaluate((canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, 28, 28);
      const box = [28, 28, -1, -1];
      let [mass, sumX, sumY] = [0, 0, 0];
      for (let i = 0; i < 784; ++i) {
        const [ink, x, y] = [data[i * 4 + 3], i % 28, Math.floor(i / 28)];
        mass += ink;
        sumX += ink * (x + 0.5);
        sumY += ink * (y + 0.5);
        if (ink > 40)
          [box[0], box[1], box[2], box[3]] = [
            Math.min(box[0], x),
            Math.min(box[1], y),
            Math.max(box[2], x),
            Math.max(box[3], y),
          ];
      }
      return { longest: Math.max(box[2] - box[0], box[3] - box[1]) + 1, centre: [sumX / mass, sumY / mass] };
    });
    assert.ok(longest >= 18 && longest <= 21, `longest side ${longest}`);
    for (const coordinate of centre) assert.ok(Math.abs(coordinate - 14) <= 1, `centre of mass ${centre}`);
  });

  test('the ten probabilities are texts, add up, and the winner is the reading', async (t) => {
    const page = await openPage(t, browser, site.url);
    await waitForState(page, 'blank');
    await drawWithMouse(page, drawnZero);
    const { digit } = await settledReading(page);
    const rows = await page
      .getByRole('region', { name: 'How likely is each digit?' })
      .getByRole('listitem')
      .allInnerTexts();
    assert.equal(rows.length, 10);
    const shares = rows.map((text) => Number(/([\d.]+)%/.exec(text)[1]));
    const sum = shares.reduce((a, b) => a + b);
    assert.ok(sum >= 95 && sum <= 105, `sum ${sum}`);
    assert.equal(String(shares.indexOf(Math.max(...shares))), digit);
    const sure = await page.locator('#prediction .detail').innerText();
    assert.equal(sure, `${Math.max(...shares)}% sure`, 'rounded alike');
  });
});
