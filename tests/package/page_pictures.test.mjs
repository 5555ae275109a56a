// Pictures that the package reads in a page, in Chromium.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { usePages } from './page_support.mjs';

const pages = usePages();
const { open } = pages;

describe('pictures in a page', () => {
  test('reads every kind of picture, and leaves it to its owner', async (t) => {
    const { page } = await open(t);
    const results = await page.evaluate(async () => {
      const classifier = await inkdigit.createClassifier();
      const drawing = drawings[0];
      const canvas = document.createElement('canvas');
      canvas.width = drawing.width;
      canvas.height = drawing.height;
      canvas.getContext('2d').putImageData(drawing, 0, 0);
      const offscreen = new OffscreenCanvas(drawing.width, drawing.height);
      offscreen.getContext('2d').putImageData(drawing, 0, 0);
      const bitmap = await createImageBitmap(canvas);
      const pixelsOf = ({ data, width, height }) => ({ data, width, height });
      const inMemory = (data) => {
        const view = new Uint8ClampedArray(8 * data.length).subarray(4 * data.length, 5 * data.length);
        view.set(data);
        return view;
      };
      const kinds = {
        ImageData: drawing,
        HTMLCanvasElement: canvas,
        OffscreenCanvas: offscreen,
        ImageBitmap: bitmap,
        PNG: await new Promise((resolve) => canvas.toBlob(resolve)),
        JPEG: await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.95)),
        'a reactive object': new Proxy({ ...pixelsOf(drawing), observers: [() => {}] }, {}),
        'a part of a memory': { ...pixelsOf(drawing), data: inMemory(drawing.data) },
      };
      const results = {};
      for (const [kind, picture] of Object.entries(kinds)) {
        const { digit, probabilities, frame } = await classifier.classify(picture);
        const alone = await classifier.frame(picture);
        results[kind] = { digit, probabilities: [...probabilities], frames: [[...frame], [...alone]] };
      }
      results.ofPaper = await classifier.frame(new ImageData(20, 20));
      results.untouched = drawing.data.length > 0 && bitmap.width === drawing.width;
      results.label = labels[0];
      classifier.dispose();
      return results;
    });
    const { untouched, label, ofPaper, ...kinds } = results;
    assert.ok(untouched);
    assert.equal(ofPaper, null);
    for (const [kind, { digit, probabilities, frames }] of Object.entries(kinds)) {
      assert.equal(digit, label, kind);
      assert.deepEqual(frames[1], frames[0], kind);
      if (kind !== 'JPEG') assert.deepEqual(probabilities, kinds.ImageData.probabilities, kind);
    }
  });

  describe('what a canvas draws', () => {
    /** An image of a one, of so many pixels a side. */
    const one = (side) => ({
      type: 'image/svg+xml',
      status: 200,
      body: `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" viewBox="0 0 100 100">
        <path d="M50 10V90" stroke="black" stroke-width="8"/></svg>`,
    });
    const images = { '/small.svg': one(100), '/large.svg': one(5000), '/vast.svg': one(40_000) };
    const openWithImages = async (t) => {
      const { page, server } = await open(t, { hasImages: true, intercept: (pathname) => images[pathname] });
      await page.evaluate(() => {
        globalThis.load = async (src) => {
          const image = new Image();
          image.src = src;
          await image.decode();
          return image;
        };
        globalThis.toCanvas = (image) => {
          const canvas = document.createElement('canvas');
          Object.assign(canvas, { width: image.naturalWidth, height: image.naturalHeight });
          canvas.getContext('2d').drawImage(image, 0, 0);
          return canvas;
        };
      });
      return { page, server };
    };

    test('is read: images, videos and their frames, also large ones', async (t) => {
      const { page } = await openWithImages(t);
      const { lefts, ...kinds } = await page.evaluate(async () => {
        const classifier = await inkdigit.createClassifier();
        const [small, large, vast] = await Promise.all(['/small.svg', '/large.svg', '/vast.svg'].map(load));
        const canvas = toCanvas(small);
        const context = canvas.getContext('2d');
        context.globalCompositeOperation = 'destination-over'; // videos have no transparent pixels
        context.fillStyle = 'white';
        context.fillRect(0, 0, 100, 100);
        const video = document.createElement('video');
        Object.assign(video, { srcObject: canvas.captureStream(), muted: true });
        await Promise.all([video.play(), new Promise((resolve) => video.requestVideoFrameCallback(resolve))]);
        const frame = new VideoFrame(canvas, { timestamp: 0 });
        const canvasOfLarge = toCanvas(large);
        const kinds = { image: small, video, frame, large, canvas: canvasOfLarge, vast };
        const read = {};
        for (const [kind, picture] of Object.entries(kinds)) read[kind] = (await classifier.classify(picture)).digit;
        const left = async (picture, side) => (await classifier.classifyAll(picture))[0].box.x / side;
        const lefts = [await left(canvasOfLarge, 5000), await left(vast, 40_000)];
        frame.close();
        classifier.dispose();
        return { ...read, lefts };
      });
      assert.deepEqual(kinds, { image: 1, video: 1, frame: 1, large: 1, canvas: 1, vast: 1 });
      for (const left of lefts) assert.ok(left > 0.44 && left < 0.5, `${left}`); // in the picture's own pixels
    });

    test('is refused when it has not loaded, or is from another origin', async (t) => {
      const { page, server } = await openWithImages(t);
      const failures = await page.evaluate(
        async (elsewhere) => {
          const classifier = await inkdigit.createClassifier();
          const foreign = await load(elsewhere);
          const canvas = toCanvas(foreign);
          const bitmap = await createImageBitmap(canvas);
          const failures = {
            unloaded: await failure(() => classifier.classify(new Image())),
            // They have their size, but no pixels yet.
            'unloaded image': await failure(async () =>
              classifier.classify(Object.defineProperty(await load('/small.svg'), 'complete', { value: false })),
            ),
            'unloaded video': await failure(() =>
              classifier.classify({
                [Symbol.toStringTag]: 'HTMLVideoElement',
                videoWidth: 9,
                videoHeight: 9,
                readyState: 1,
              }),
            ),
            'no image': await failure(() =>
              classifier.classify({ [Symbol.toStringTag]: 'HTMLImageElement', naturalWidth: 9, naturalHeight: 9 }),
            ),
            image: await failure(() => classifier.classify(foreign)),
            canvas: await failure(() => classifier.classifyAll(canvas)),
            bitmap: await failure(() => classifier.classify(bitmap)),
            'canvas to learn': await failure(() => classifier.fineTune([{ drawing: canvas, label: 1 }])),
            'bitmap to learn': await failure(() => classifier.fineTune([{ drawing: bitmap, label: 1 }])),
          };
          classifier.dispose();
          return failures;
        },
        `${server.url.replace('127.0.0.1', 'localhost')}small.svg`,
      );
      for (const [name, { code, message }] of Object.entries(failures)) {
        assert.equal(code, 'input', name);
        if (name.startsWith('unloaded')) assert.match(message, /at least 1 pixel.*loaded \(`await image\.decode\(\)`/);
        else if (name === 'no image') assert.match(message, /that can be drawn.*not of type/);
        else assert.match(message, /another origin.*crossorigin.*CORS/, name);
      }
    });
  });

  test('takes a canvas as it looked when it was called', async (t) => {
    const { page } = await open(t);
    const states = await page.evaluate(async () => {
      const classifier = await inkdigit.createClassifier();
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = 56;
      const context = canvas.getContext('2d');
      const blank = classifier.classify(canvas);
      context.putImageData(drawings[0], 0, 0);
      const drawn = classifier.classify(canvas);
      context.clearRect(0, 0, 56, 56);
      const results = await Promise.all([blank, drawn]);
      classifier.dispose();
      return results.map(({ state }) => state);
    });
    assert.deepEqual(states, ['blank', 'digit']);
  });

  test('reads huge pictures scaled down', async (t) => {
    const { page } = await open(t);
    const { digit, label } = await page.evaluate(async () => {
      const classifier = await inkdigit.createClassifier();
      const canvas = new OffscreenCanvas(4000, 4000);
      const context = canvas.getContext('2d');
      context.drawImage(await createImageBitmap(drawings[0]), 0, 0, 4000, 4000);
      const { digit } = await classifier.classify(await canvas.convertToBlob());
      classifier.dispose();
      return { digit, label: labels[0] };
    });
    assert.equal(digit, label);
  });

  test('refuses what is no picture, and says why', async (t) => {
    const { page } = await open(t);
    const failures = await page.evaluate(async () => {
      const classifier = await inkdigit.createClassifier();
      const canvas = document.createElement('canvas');
      canvas.width = 0;
      const closed = await createImageBitmap(drawings[0]);
      closed.close();
      const failures = {};
      for (const [name, picture] of Object.entries({
        text: new Blob(['hello'], { type: 'text/plain' }),
        'empty file': new Blob([]),
        'large file': new Blob([new Uint8Array(65e6)]),
        'damaged image': new Blob([Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a)], { type: 'image/png' }),
        'no size': canvas,
        'closed bitmap': closed,
        nothing: undefined,
        words: 'seven',
      })) {
        failures[name] = await failure(() => classifier.classify(picture));
      }
      failures.afterwards = { code: 'input', read: (await classifier.classify(drawings[0])).digit === labels[0] };
      classifier.dispose();
      return failures;
    });
    for (const [name, { code, message }] of Object.entries(failures))
      assert.equal(code, 'input', `${name}: ${message}`);
    assert.match(failures.text.message, /not a picture this browser can read/);
    assert.match(failures['large file'].message, /expected a file of at most 64 MB, got 65 MB/);
    assert.match(failures['no size'].message, /at least 1 pixel/);
    assert.match(failures.words.message, /expected an ImageData.*await \(await fetch\(url\)\)\.blob\(\).*"seven"/);
    assert.ok(failures.afterwards.read);
  });

  test('reads the canvas of another window, and says of pixels that are gone that there are none', async (t) => {
    const { page } = await open(t);
    const result = await page.evaluate(async () => {
      const classifier = await inkdigit.createClassifier();
      const frame = document.body.appendChild(document.createElement('iframe'));
      const canvas = frame.contentDocument.createElement('canvas');
      const [drawing, gone] = [drawings[0], new ImageData(20, 20)];
      Object.assign(canvas, { width: drawing.width, height: drawing.height });
      canvas.getContext('2d').putImageData(drawing, 0, 0);
      const { digit } = await classifier.classify(canvas);
      structuredClone(gone.data.buffer, { transfer: [gone.data.buffer] });
      const error = await failure(() => classifier.classify(gone));
      const after = await classifier.classify(drawing);
      classifier.dispose();
      return { digit, error, after: after.digit };
    });
    assert.deepEqual([result.digit, result.after], [pages.digits.labels[0], pages.digits.labels[0]]);
    assert.equal(result.error.code, 'input');
  });
});
