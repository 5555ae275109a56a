// Pictures from outside: chosen, dropped, pasted; and what is no usable picture.
import assert from 'node:assert/strict';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import {
  button,
  drawWithMouse,
  drawnFour,
  mnistTestSet,
  result,
  settledReading,
  useSite,
  waitForState,
} from './support.mjs';

const imageIndex = 1; // a clear 2

const { openBlankPage } = useSite();

/**
 * An MNIST digit as an image file of another size, with its ink (dark on a light paper, or the other way round) off the centre, encoded by
 * the browser. With `onItsSide`, as a camera stores it that was held upright: a quarter turned, counter-clockwise.
 */
async function encodePicture(page, type, { ink = '#26303a', paper = '#f4f1e8', onItsSide = false } = {}) {
  const image = [...mnistTestSet().image(imageIndex)];
  const bytes = await page.evaluate(
    async ({ image, type, ink, paper, onItsSide }) => {
      const digit = new OffscreenCanvas(28, 28);
      const [r, g, b] = ink.match(/\w\w/g).map((pair) => parseInt(pair, 16));
      digit
        .getContext('2d')
        .putImageData(new ImageData(Uint8ClampedArray.from(image.flatMap((v) => [r, g, b, v])), 28, 28), 0, 0);
      const canvas = onItsSide ? new OffscreenCanvas(420, 640) : new OffscreenCanvas(640, 420);
      const context = canvas.getContext('2d');
      if (onItsSide) context.setTransform(0, -1, 1, 0, 0, 640);
      context.fillStyle = paper;
      context.fillRect(0, 0, 640, 420);
      context.drawImage(digit, 300, 60, 280, 280);
      return [...new Uint8Array(await (await canvas.convertToBlob({ type, quality: 0.8 })).arrayBuffer())];
    },
    { image, type, ink, paper, onItsSide },
  );
  return Buffer.from(bytes);
}

/** `jpeg` with the EXIF segment of a camera that was held upright: "turn me a quarter, clockwise". */
function withUprightExif(jpeg) {
  const exif = Buffer.from(
    'ffe1 0022 457869660000 4d4d 002a 00000008 0001 0112 0003 00000001 0006 0000 00000000'.replaceAll(' ', ''),
    'hex',
  );
  return Buffer.concat([jpeg.subarray(0, 2), exif, jpeg.subarray(2)]);
}

const chooseFile = (page, name, mimeType, buffer) =>
  page.getByLabel('Open picture').setInputFiles({ name, mimeType, buffer });

/** Hands a file, or several that are alike, to the page by a `drop` or a `paste`, as the browser would. */
const handOver = (page, how, { name, type, bytes, count = 1 }) =>
  page.evaluate(
    ({ how, name, type, bytes, count }) => {
      const transfer = new DataTransfer();
      if (!bytes) transfer.setData('text/plain', name);
      for (let i = 0; bytes && i < count; ++i) transfer.items.add(new File([new Uint8Array(bytes)], name, { type }));
      const options = { bubbles: true, cancelable: true };
      if (how === 'paste') {
        document.dispatchEvent(new ClipboardEvent('paste', { ...options, clipboardData: transfer }));
      } else {
        for (const step of ['dragenter', 'dragover', 'drop']) {
          document.body.dispatchEvent(new DragEvent(step, { ...options, dataTransfer: transfer }));
        }
      }
    },
    { how, name, type, bytes: bytes && [...bytes], count },
  );

const alertText = async (page) => {
  await page.getByRole('alert').filter({ hasText: /./ }).waitFor();
  return page.getByRole('alert').innerText();
};

test('a photo is turned upright as its EXIF orientation says', async (t) => {
  const page = await openBlankPage(t);
  const readingOf = async (name, bytes) => {
    await chooseFile(page, name, 'image/jpeg', bytes);
    await page.getByText(name, { exact: true }).waitFor();
    const reading = await settledReading(page);
    await button(page, 'Clear').click();
    await waitForState(page, 'blank');
    return reading;
  };
  const stored = await encodePicture(page, 'image/jpeg', { onItsSide: true });
  const upright = await readingOf('upright.jpeg', await encodePicture(page, 'image/jpeg'));
  assert.equal(upright.digit, '2');
  const turned = await readingOf('turned.jpeg', withUprightExif(stored));
  assert.equal(turned.digit, '2');
  assert.ok(Math.abs(turned.confidence - upright.confidence) < 0.02);
  // The turn comes from the EXIF segment alone.
  const asStored = await readingOf('stored.jpeg', stored);
  assert.ok(asStored.digit !== '2' || asStored.confidence < upright.confidence - 0.02);
});

for (const [name, type, colours] of [
  ['two.png', 'image/png'],
  ['two.jpeg', 'image/jpeg'],
  ['light-on-dark.png', 'image/png', { ink: '#ffffff', paper: '#203040' }],
]) {
  test(`${name} is read, whether chosen, dropped or pasted`, async (t) => {
    const page = await openBlankPage(t);
    const bytes = await encodePicture(page, type, colours);
    const ways = {
      choose: () => chooseFile(page, name, type, bytes),
      drop: () => handOver(page, 'drop', { name, type, bytes }),
      paste: () => handOver(page, 'paste', { name, type, bytes }),
    };
    for (const [way, bringIn] of Object.entries(ways)) {
      await bringIn();
      await page.getByText(name, { exact: true }).waitFor();
      assert.equal((await settledReading(page)).digit, String(mnistTestSet().label(imageIndex)), way);
      await button(page, 'Clear').click();
      await waitForState(page, 'blank');
    }
  });
}

test('files can be dropped over a field, too; text that is dragged there is the field’s', async (t) => {
  const page = await openBlankPage(t);
  const isTaken = await page.evaluate(() => {
    const files = new DataTransfer();
    files.items.add(new File(['x'], 'two.png', { type: 'image/png' }));
    const text = new DataTransfer();
    text.setData('text/plain', 'tick');
    const field = document.getElementById('symbol-name');
    const over = (dataTransfer) => new DragEvent('dragover', { bubbles: true, cancelable: true, dataTransfer });
    return [files, text].map((transfer) => !field.dispatchEvent(over(transfer)));
  });
  assert.deepEqual(isTaken, [true, false]);
});

for (const how of ['drop', 'paste']) {
  test(`of several pictures that are handed over at once (${how}), the first is read, and the page says so`, async (t) => {
    const page = await openBlankPage(t);
    const bytes = await encodePicture(page, 'image/png');
    await handOver(page, how, { name: 'two.png', type: 'image/png', bytes, count: 3 });
    assert.equal(await alertText(page), 'Only the first of 3 pictures is opened: one at a time.');
    assert.equal((await settledReading(page)).digit, '2');
    await button(page, 'Clear').click();
    await drawWithMouse(page, drawnFour);
    await page.getByRole('alert').filter({ hasText: /./ }).waitFor({ state: 'detached' });
  });
}

test('Undo brings back the drawing that a picture replaced; drawing on a picture starts anew', async (t) => {
  const page = await openBlankPage(t);
  await drawWithMouse(page, drawnFour);
  const drawn = await settledReading(page);
  await chooseFile(page, 'two.png', 'image/png', await encodePicture(page, 'image/png'));
  await result(page).getByText('It is a 2').first().waitFor();
  await button(page, 'Undo').click();
  assert.deepEqual(await settledReading(page), drawn);

  await chooseFile(page, 'two.png', 'image/png', await encodePicture(page, 'image/png'));
  await result(page).getByText('It is a 2').first().waitFor();
  await drawWithMouse(page, drawnFour);
  assert.deepEqual(await settledReading(page), drawn);
  await page.getByText('two.png', { exact: true }).waitFor({ state: 'hidden' });
});

test('of a picture without a digit the page says that there is none', async (t) => {
  const page = await openBlankPage(t);
  await chooseFile(page, 'paper.png', 'image/png', await encodePicture(page, 'image/png', { ink: '#f4f1e8' }));
  await page.locator('.headline').filter({ hasText: 'No digit found' }).waitFor();
  await button(page, 'Clear').click();
  await page.locator('.headline').filter({ hasText: 'Nothing to read yet' }).waitFor();
});

describe('what is no usable picture is told, and the drawing stays', () => {
  const drawingStays = async (page, bringIn) => {
    await drawWithMouse(page, drawnFour);
    const drawn = await settledReading(page);
    await bringIn();
    const text = await alertText(page);
    assert.deepEqual(await settledReading(page), drawn);
    await button(page, 'Dismiss').click();
    await page.getByRole('alert').filter({ hasText: /./ }).waitFor({ state: 'detached' });
    return text;
  };

  test('a broken PNG', async (t) => {
    const page = await openBlankPage(t);
    const broken = (await encodePicture(page, 'image/png')).subarray(0, 60);
    const text = await drawingStays(page, () => chooseFile(page, 'broken.png', 'image/png', broken));
    assert.match(text, /broken\.png could not be opened.*Choose another file/);
  });

  test('an SVG drawing', async (t) => {
    const page = await openBlankPage(t);
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>');
    const text = await drawingStays(page, () => chooseFile(page, 'seven.svg', 'image/svg+xml', svg));
    assert.match(text, /seven\.svg is an SVG drawing.*PNG/);
  });

  test('a file of another kind', async (t) => {
    const page = await openBlankPage(t);
    const text = await drawingStays(page, () => chooseFile(page, 'notes.txt', 'text/plain', Buffer.from('a seven')));
    assert.match(text, /notes\.txt is not a picture.*PNG or JPEG/);
  });

  test('a file that is too large', async (t) => {
    const page = await openBlankPage(t);
    const folder = await mkdtemp(path.join(tmpdir(), 'inkdigit-picture-'));
    t.after(() => rm(folder, { recursive: true }));
    const file = path.join(folder, 'huge.png');
    await writeFile(file, '');
    await truncate(file, 26e6);
    const text = await drawingStays(page, () => page.getByLabel('Open picture').setInputFiles(file));
    assert.match(text, /huge\.png is too large \(26 MB\)\. Choose a picture under 25 MB/);
  });

  test('pasted text', async (t) => {
    const page = await openBlankPage(t);
    const text = await drawingStays(page, () => handOver(page, 'paste', { name: 'seven' }));
    assert.match(text, /clipboard holds no picture/);
  });

  for (const [name, hasPicture] of [
    ['text pasted into a field is the field’s', false],
    ['text pasted into a field with a picture of it, as some programs copy, is the field’s', true],
  ]) {
    test(name, async (t) => {
      const page = await openBlankPage(t);
      const isPrevented = await page.evaluate((hasPicture) => {
        const input = document.body.appendChild(document.createElement('input'));
        const clipboardData = new DataTransfer();
        clipboardData.setData('text/plain', 'tick');
        if (hasPicture) clipboardData.items.add(new File(['x'], 'tick.png', { type: 'image/png' }));
        return !input.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData }));
      }, hasPicture);
      assert.equal(isPrevented, false);
      assert.equal(await page.getByRole('alert').filter({ hasText: /./ }).count(), 0);
    });
  }

  test('dropped text', async (t) => {
    const page = await openBlankPage(t);
    const text = await drawingStays(page, () => handOver(page, 'drop', { name: 'seven' }));
    assert.match(text, /not a file/);
  });
});

test('pictures do not overtake one another, Clear wants none, and a stroke under way is not lost', async (t) => {
  const page = await openBlankPage(t);
  await page.evaluate(() => {
    const { createImageBitmap } = globalThis;
    globalThis.createImageBitmap = async (source, ...rest) => {
      if (/slow/.test(source.name)) await new Promise((resolve) => (globalThis.goOn = resolve));
      return createImageBitmap(source, ...rest);
    };
    const { close } = ImageBitmap.prototype;
    globalThis.imagesClosed = 0;
    ImageBitmap.prototype.close = function () {
      ++globalThis.imagesClosed;
      close.call(this);
    };
  });
  const caption = page.locator('#pad-caption');
  const bytes = await encodePicture(page, 'image/png');
  const openSlowly = async () => {
    await chooseFile(page, 'slow.png', 'image/png', bytes);
    await page.waitForFunction(() => globalThis.goOn);
  };
  const goOn = () =>
    page.evaluate(() => {
      globalThis.imagesClosed = 0;
      globalThis.goOn();
      globalThis.goOn = undefined;
    });
  const unwanted = () => page.waitForFunction(() => globalThis.imagesClosed === 1);

  await openSlowly();
  await chooseFile(page, 'quick.png', 'image/png', bytes);
  await caption.filter({ hasText: 'quick.png' }).waitFor();
  await goOn();
  await unwanted();
  assert.equal(await caption.innerText(), 'quick.png');

  await openSlowly();
  await button(page, 'Clear').click();
  await goOn();
  await unwanted();
  assert.equal(await caption.innerText(), '');

  await openSlowly();
  const { x, y, width, height } = await page.getByLabel('Drawing area').boundingBox();
  await page.mouse.move(x + width / 2, y + height * 0.1);
  await page.mouse.down();
  await page.mouse.move(x + width / 2, y + height * 0.9, { steps: 5 });
  await goOn();
  await caption.filter({ hasText: 'slow.png' }).waitFor();
  await page.mouse.up();
  await button(page, 'Undo').click();
  assert.equal((await settledReading(page)).digit, '1');
});

/** In the page: `imagesLeft` are those that hold memory; previews fail while `isFull`. */
function countImages() {
  globalThis.imagesLeft = new Set();
  const { createImageBitmap } = globalThis;
  const { close } = ImageBitmap.prototype;
  globalThis.createImageBitmap = async (source, options) => {
    if (options?.resizeWidth && globalThis.isFull) throw new DOMException('No memory.', 'InvalidStateError');
    const image = await createImageBitmap(source, options);
    globalThis.imagesLeft.add(image);
    return image;
  };
  ImageBitmap.prototype.close = function () {
    globalThis.imagesLeft.delete(this);
    close.call(this);
  };
}

test('pictures hold no memory once they are undone, too far back, or could not be shown', async (t) => {
  const page = await openBlankPage(t);
  await page.evaluate(countImages);
  const left = () => page.evaluate(() => globalThis.imagesLeft.size);
  const caption = page.locator('#pad-caption');
  const large = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(2000, 1000);
    canvas.getContext('2d').fillRect(900, 200, 60, 600);
    return [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())];
  });
  await page.evaluate(() => (globalThis.isFull = true));
  await chooseFile(page, 'large.png', 'image/png', Buffer.from(large));
  assert.match(await alertText(page), /large\.png could not be opened/);
  assert.equal(await left(), 0);
  await page.evaluate(() => (globalThis.isFull = false));
  await chooseFile(page, 'large.png', 'image/png', Buffer.from(large));
  await caption.filter({ hasText: 'large.png' }).waitFor();
  await settledReading(page);
  assert.equal(await left(), 1, 'the one that is shown');
  await button(page, 'Undo').click();
  assert.equal(await left(), 0);

  for (let i = 0; i < 25; ++i) {
    await button(page, `Read the sample ${i % 10}`).click();
    await caption.filter({ hasText: `MNIST’s ${i % 10}` }).waitFor();
  }
  assert.equal(await left(), 21, 'as many as Undo can bring back');
  for (let i = 0; i < 20; ++i) await button(page, 'Undo').click();
  assert.equal(await caption.innerText(), 'MNIST’s 4');
  await waitForState(page, 'digit');
  assert.equal((await settledReading(page)).digit, '4');
});

test('while a file is over the page, the page says where it goes', async (t) => {
  const page = await openBlankPage(t);
  const drag = (type, { isFile = true } = {}) =>
    page.evaluate(
      ([type, isFile]) => {
        const dataTransfer = new DataTransfer();
        if (isFile) dataTransfer.items.add(new File(['x'], 'seven.png', { type: 'image/png' }));
        else dataTransfer.setData('text/plain', 'seven');
        document.body.dispatchEvent(new DragEvent(type, { bubbles: true, dataTransfer }));
      },
      [type, isFile],
    );
  await drag('dragenter', { isFile: false });
  assert.ok(await page.getByText('Drop the picture to read it').isHidden(), 'text is no file');
  await drag('dragenter');
  await page.getByText('Drop the picture to read it').waitFor();
  await drag('dragleave');
  await page.getByText('Drop the picture to read it').waitFor({ state: 'hidden' });
});

test('an empty picture is blank', async (t) => {
  const page = await openBlankPage(t);
  await drawWithMouse(page, drawnFour);
  await settledReading(page);
  const white = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(50, 50);
    const context = canvas.getContext('2d');
    context.fillStyle = '#fff';
    context.fillRect(0, 0, 50, 50);
    return [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())];
  });
  await chooseFile(page, 'white.png', 'image/png', Buffer.from(white));
  await waitForState(page, 'blank');
});

for (const [ink, paper, colorScheme] of [
  ['#000000', 255, 'dark'],
  ['#ffffff', 0, 'light'],
]) {
  test(`a transparent picture can be seen: ink ${ink}, ${colorScheme}`, async (t) => {
    const page = await openBlankPage(t, { colorScheme });
    await chooseFile(
      page,
      'cut out.png',
      'image/png',
      await encodePicture(page, 'image/png', { ink, paper: 'transparent' }),
    );
    await waitForState(page, 'digit');
    assert.equal((await settledReading(page)).digit, '2');
    const pixel = await page.locator('#pad').evaluate((pad) => {
      const { data } = pad.getContext('2d').getImageData(pad.width * 0.05, pad.height * 0.5, 1, 1);
      return [...data];
    });
    assert.deepEqual(pixel, [paper, paper, paper, 255]);
  });
}
