// The parts of `inkdigit/drawing` in a page that uses them by themselves.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { useElements } from './element_support.mjs';
import { eventually } from './support.mjs';

const { openWith } = useElements();

const canvas = '<canvas id="pad" style="width: 200px; height: 100px"></canvas>';
const freePolicy = "style-src 'unsafe-inline'"; // for the size of the canvas

/** A page with a canvas on which `makePad()` puts a pad and a pen: its `pad` and `detach`, and the `strokes` that were told. */
async function openPad(t) {
  const page = await openWith(t, canvas, { policy: freePolicy });
  await page.evaluate(async () => {
    const { DrawingPad, attachPointerPen } = await import('./inkdigit/drawing.js');
    const element = document.querySelector('#pad');
    globalThis.strokes = [];
    globalThis.makePad = (handlers) => {
      const pad = new DrawingPad(element, {
        onStroke: (stroke) => globalThis.strokes.push(stroke.length),
        ...handlers,
      });
      Object.assign(globalThis, { pad, detach: attachPointerPen(element, pad) });
    };
    globalThis.makePad();
  });
  await page.waitForFunction(() => document.querySelector('#pad').width === 200);
  return page;
}

/** Draws a line across the canvas, and lifts the pen unless the line is to go on. */
async function drawLine(page, { goesOn = false } = {}) {
  const { x, y } = await page.locator('#pad').boundingBox();
  await page.mouse.move(x + 20, y + 50);
  await page.mouse.down();
  await page.mouse.move(x + 180, y + 50, { steps: 4 });
  if (!goesOn) await page.mouse.up();
}

const told = (page) => page.evaluate(() => globalThis.strokes);
const strokeCount = (page) => page.evaluate(() => globalThis.pad.strokes.length);
/** How many pixels of the canvas have ink. */
const inkedPixels = (page) =>
  page.evaluate(() => {
    const { width, height } = document.querySelector('#pad');
    const { data } = document.querySelector('#pad').getContext('2d').getImageData(0, 0, width, height);
    return data.filter((alpha, i) => i % 4 === 3 && alpha > 0).length;
  });

describe('a pen that is detached', () => {
  test('writes no more', async (t) => {
    const page = await openPad(t);
    await drawLine(page);
    assert.equal(await strokeCount(page), 1);
    await page.evaluate(() => globalThis.detach());
    await drawLine(page);
    assert.equal(await strokeCount(page), 1);
  });

  test('in the middle of a stroke ends it there', async (t) => {
    const page = await openPad(t);
    await drawLine(page, { goesOn: true });
    await page.evaluate(() => globalThis.detach());
    assert.equal((await told(page)).length, 1);
    await page.mouse.move(5, 5);
    await page.mouse.up();
    assert.equal((await told(page)).length, 1);
    assert.equal(await strokeCount(page), 1);
  });
});

test('an empty stroke is none', async (t) => {
  const page = await openPad(t);
  const answers = await page.evaluate(async () => {
    const { extendStroke, readStrokes, renderForClassifier } = await import('./inkdigit/drawing.js');
    const line = [0.2, 0.5, 0.8].map((y) => ({ x: 0.5, y, pressure: 0.5 }));
    const pictures = [];
    const classifier = { classify: (picture) => ({ digit: 1, state: 'digit', confidence: pictures.push(picture) }) };
    const counts = [];
    for (const strokes of [[[]], [line, []]]) counts.push((await readStrokes(classifier, strokes)).length);
    const isSame = (a, b) => a.data.every((value, i) => value === b.data[i]);
    const begun = [];
    extendStroke(begun, line, 0.01);
    globalThis.pad.strokes = [[], line];
    return {
      counts,
      isLine: isSame(pictures[0], renderForClassifier([line])),
      isBlank: isSame(renderForClassifier([[]]), renderForClassifier([])),
      begun: begun.length,
    };
  });
  assert.deepEqual(answers, { counts: [0, 1], isLine: true, isBlank: true, begun: 3 });
  await eventually(async () => (await inkedPixels(page)) > 0, 'the stroke beside it is not drawn');
});

describe('a pad that is disposed of', () => {
  test('leaves the canvas the styles that the page had given it, which were in force', async (t) => {
    const page = await openPad(t);
    const styles = await page.evaluate(async () => {
      const { DrawingPad } = await import('./inkdigit/drawing.js');
      const element = document.createElement('canvas');
      Object.assign(element.style, { transition: 'opacity 1s', colorScheme: 'dark' });
      document.body.append(element);
      const before = element.style.cssText;
      const pad = new DrawingPad(element);
      const { transitionProperty } = getComputedStyle(element);
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      for (const type of ['beforeprint', 'afterprint']) dispatchEvent(new Event(type));
      const { colorScheme } = getComputedStyle(element);
      pad.dispose();
      return { transitionProperty, colorScheme, isAsBefore: element.style.cssText === before };
    });
    assert.deepEqual(styles, { transitionProperty: 'opacity, color', colorScheme: 'dark', isAsBefore: true });
  });

  test('leaves the canvas to another, as where React runs an effect twice', async (t) => {
    const page = await openPad(t);
    await drawLine(page);
    await page.evaluate(() => {
      globalThis.detach();
      globalThis.pad.dispose();
      globalThis.oldPad = globalThis.pad;
      globalThis.strokes = [];
      globalThis.makePad();
    });
    await eventually(async () => (await inkedPixels(page)) === 0, 'the ink of the first is still there');
    await drawLine(page);
    assert.equal((await told(page)).length, 1, 'one pen writes');
    await eventually(async () => (await inkedPixels(page)) > 0, 'the second draws nothing');
    const counts = await page.evaluate(() => [globalThis.oldPad, globalThis.pad].map(({ strokes }) => strokes.length));
    assert.deepEqual(counts, [1, 1]);
  });

  test('draws no more, at no other size, colour or stroke, nor to be printed', async (t) => {
    const page = await openPad(t);
    await drawLine(page);
    await eventually(async () => (await inkedPixels(page)) > 0, 'nothing was drawn');
    const { width, style, pixels } = await page.evaluate(async () => {
      const element = document.querySelector('#pad');
      globalThis.pad.dispose();
      globalThis.pad.dispose(); // once more does no harm
      const style = element.style.cssText;
      element.getContext('2d').clearRect(0, 0, 200, 100);
      element.style.width = '300px';
      element.style.color = 'red';
      element.dispatchEvent(new Event('transitionend'));
      dispatchEvent(new Event('beforeprint'));
      globalThis.pad.strokes = [...globalThis.pad.strokes];
      for (let i = 0; i < 3; ++i) await new Promise((resolve) => requestAnimationFrame(resolve));
      const { data } = element.getContext('2d').getImageData(0, 0, 200, 100);
      return { width: element.width, style, pixels: data.filter((value) => value > 0).length };
    });
    assert.deepEqual([width, pixels], [200, 0]);
    assert.equal(style, 'width: 200px; height: 100px;');
  });
});

test('what the browser had to throw away, as after a reset of the graphics card, is drawn anew', async (t) => {
  const page = await openPad(t);
  await drawLine(page);
  await eventually(async () => (await inkedPixels(page)) > 0, 'nothing was drawn');
  await page.evaluate(() => {
    const element = document.querySelector('#pad');
    element.getContext('2d').clearRect(0, 0, element.width, element.height);
    element.dispatchEvent(new Event('contextrestored'));
  });
  await eventually(async () => (await inkedPixels(page)) > 0, 'it is gone');
});

test('a stroke ends where the left button is lifted, also while another is held', async (t) => {
  const page = await openPad(t);
  await drawLine(page, { goesOn: true });
  await page.mouse.down({ button: 'right' });
  assert.deepEqual(await told(page), []);
  await page.mouse.up();
  await page.waitForFunction(() => globalThis.strokes.length === 1);
  const points = () => page.evaluate(() => globalThis.pad.strokes.flat().length);
  const drawn = await points();
  const { x, y } = await page.locator('#pad').boundingBox();
  await page.mouse.move(x + 20, y + 20, { steps: 4 });
  await page.mouse.up({ button: 'right' });
  assert.equal(await points(), drawn);
});

test('a canvas that has its size already is drawn on, too', async (t) => {
  const page = await openWith(t, canvas, { policy: freePolicy });
  const isDrawn = page.evaluate(async () => {
    const { DrawingPad } = await import('./inkdigit/drawing.js');
    const element = document.querySelector('#pad');
    Object.assign(element, { width: 200, height: 100 });
    return new Promise((resolve) => new DrawingPad(element, { drawBelow: () => resolve(true) }));
  });
  assert.equal(await isDrawn, true);
});

test('renderForClassifier brings every drawing to one size and place, black on white', async (t) => {
  const page = await openWith(t, '');
  /** The bounds of what is dark in the picture of a stroke, and the picture's size and corner. */
  const render = (points) =>
    page.evaluate(async (points) => {
      const { renderForClassifier } = await import('./inkdigit/drawing.js');
      const strokes = points ? [points.map(([x, y]) => ({ x, y, pressure: 0.9 }))] : [];
      const { width, height, data } = renderForClassifier(strokes);
      const dark = [...Array(width * height).keys()].filter((i) => data[4 * i] < 128);
      const [columns, rows] = [dark.map((i) => i % width), dark.map((i) => Math.floor(i / width))];
      const ends = [columns, rows].map((places) => [Math.min(...places), Math.max(...places)]);
      return { size: [width, height], corner: [...data.slice(0, 4)], ends: dark.length > 0 ? ends : null };
    }, points);
  for (const points of [
    [[0.5, 0.1], [0.5, 0.9]],
    [[0.91, 0.8], [0.91, 0.9]],
  ] /* prettier-ignore */) {
    const { size, corner, ends } = await render(points);
    assert.deepEqual([size, corner], [[280, 280], [255, 255, 255, 255]]); // prettier-ignore
    // A line of 200 pixels in the middle, 18 wide and with round ends, however hard the pen was pressed.
    assert.deepEqual(ends, [[131, 148], [31, 248]]); // prettier-ignore
  }
  assert.equal((await render(null)).ends, null);
});

test('drawStrokes draws as wide as it is told, and as the pen pressed if it is to', async (t) => {
  const page = await openWith(t, '');
  /** How high the line is in its middle, in pixels. */
  const heightOf = (pressure, options) =>
    page.evaluate(
      async ([pressure, options]) => {
        const { drawStrokes } = await import('./inkdigit/drawing.js');
        const context = new OffscreenCanvas(100, 100).getContext('2d');
        const toPixels = ({ x, y }) => ({ x: 100 * x, y: 100 * y });
        const stroke = [0.2, 0.5, 0.8].map((x) => ({ x, y: 0.5, pressure }));
        drawStrokes(context, [stroke], { toPixels, lineWidth: 20, ...options });
        const { data } = context.getImageData(50, 0, 1, 100);
        return data.filter((alpha, i) => i % 4 === 3 && alpha > 128).length;
      },
      [pressure, options],
    );
  assert.equal(await heightOf(0.5), 20);
  assert.equal(await heightOf(1), 20);
  assert.equal(await heightOf(0.5, { usePressure: true }), 20);
  assert.equal(await heightOf(1, { usePressure: true }), 30);
  assert.equal(await heightOf(0.1, { usePressure: true }), 12);
});

test('oncePerFrame works once before the next frame, and again when it is called again', async (t) => {
  const page = await openWith(t, '');
  const counts = await page.evaluate(async () => {
    const { oncePerFrame } = await import('./inkdigit/drawing.js');
    let count = 0;
    const work = oncePerFrame(() => ++count);
    const counts = [];
    for (let frame = 0; frame < 3; ++frame) {
      if (frame < 2) for (let i = 0; i < 3; ++i) work();
      counts.push(count);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    return [...counts, count];
  });
  assert.deepEqual(counts, [0, 1, 2, 2]);
});
