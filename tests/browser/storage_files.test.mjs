// Lessons go to another browser as files, and a file that does not fit changes nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawMisreadSeven, lessons, openLessons, panel, redraw, savedFile, teach } from './learning_support.mjs';
import { button, drawnFour, mnistTestSet, useSite, waitForState } from './support.mjs';

const { openBlankPage } = useSite();

test('a network and drawings that were saved here teach another browser', async (t) => {
  const page = await openBlankPage(t);
  const strokes = await drawMisreadSeven(page);
  await teach(page, 7);
  const network = await savedFile(page, 'Save the network');
  const drawings = await savedFile(page, 'Save your drawings');
  await panel(page).getByText('Your drawings are saved as a file.').waitFor();
  assert.equal(network.name, 'inkdigit-lessons.safetensors');
  assert.equal(drawings.name, 'inkdigit-drawings.json');

  const elsewhere = await openBlankPage(t);
  await openLessons(elsewhere, [
    { name: network.name, buffer: network.bytes },
    { name: drawings.name, buffer: drawings.bytes },
  ]);
  await panel(elsewhere).getByText('are in use, and 1 drawings are kept').waitFor();
  assert.equal((await redraw(elsewhere, strokes)).digit, '7');
  assert.ok((await savedFile(elsewhere, 'Save the network')).bytes.equals(network.bytes), 'bit for bit');
  assert.deepEqual(JSON.parse((await savedFile(elsewhere, 'Save your drawings')).bytes), JSON.parse(drawings.bytes));
  await button(elsewhere, 'Take back the last lesson').click();
  await panel(elsewhere).getByText('The last lesson is taken back').waitFor();
});

test('drawings alone are learnt', async (t) => {
  const page = await openBlankPage(t);
  const strokes = await drawMisreadSeven(page);
  await teach(page, 7);
  const { name, bytes } = await savedFile(page, 'Save your drawings');
  const elsewhere = await openBlankPage(t);
  await openLessons(elsewhere, [{ name, buffer: bytes }]);
  await panel(elsewhere)
    .getByText(/^Learnt/)
    .waitFor();
  assert.equal((await redraw(elsewhere, strokes)).digit, '7');
  assert.match(await lessons(elsewhere).first().innerText(), /^Drawings from inkdigit-drawings\.json/);
});

test('drawings that cannot be learnt are kept all the same', async (t) => {
  const page = await openBlankPage(t);
  // No lesson is taken.
  await page.addInitScript(() => {
    const { addEventListener } = Worker.prototype;
    Worker.prototype.addEventListener = function (type, listener, options) {
      const refusing = ({ data }) => {
        if (data?.result?.report) Object.assign(data.result, { weights: null }).report.accepted = false;
      };
      if (type === 'message') addEventListener.call(this, type, refusing);
      return addEventListener.call(this, type, listener, options);
    };
  });
  await page.reload();
  await waitForState(page, 'blank');
  const { image, label } = mnistTestSet();
  const samples = [0, 1, 2].map((i) => ({ label: label(i), frame: Buffer.from(image(i)).toString('base64') }));
  const buffer = Buffer.from(JSON.stringify({ format: 'inkdigit-samples', version: 1, samples }));
  await openLessons(page, [{ name: 'three.json', buffer }]);
  await panel(page)
    .getByText(/^Not learnt: it cannot be taught .* The 3 drawings are kept for the next lesson\./)
    .waitFor();
  await panel(page).getByText('3 drawings of yours kept').waitFor();
  assert.equal(await lessons(page).count(), 0);
});

test('a file that does not fit is refused with the reason, and nothing changes', async (t) => {
  const page = await openBlankPage(t);
  const { bytes } = await savedFile(page, 'Save the network');
  const frame = Buffer.alloc(784, 9).toString('base64');
  const json = (content) => Buffer.from(JSON.stringify({ format: 'inkdigit-samples', version: 1, ...content }));
  const header = bytes.readUInt32LE(0);
  const wrongShape = Buffer.from(bytes);
  wrongShape.write(wrongShape.toString('latin1', 8, 8 + header).replace('[32,3,3,1]', '[32,9,1,1]'), 8, 'latin1');
  for (const [name, buffer, reason] of [
    ['x.txt', Buffer.from('hello'), /neither weights.*nor drawings/],
    ['x.safetensors', Buffer.alloc(0), /is empty/],
    ['x.safetensors', Buffer.from('not weights at all'), /does not fit/],
    ['x.safetensors', bytes.subarray(0, bytes.length - 1000), /does not fit/],
    ['x.safetensors', wrongShape, /does not fit/],
    ['x.json', Buffer.from('{'), /is no JSON file/],
    ['x.json', Buffer.from('null'), /holds no drawings of inkdigit/],
    ['x.json', json({ version: 2, samples: [] }), /is of version 2/],
    ['x.json', json({ version: { toString: 1 }, samples: [{ label: 1, frame }] }), /holds no drawings of inkdigit/],
    ['x.json', json({ samples: [] }), /holds no drawings/],
    ['x.json', json({ samples: [{ label: 'a\u0000', frame }] }), /drawing 1: .*cannot be shown/],
    ['x.json', json({ samples: [{ label: 12, frame }] }), /drawing 1: its label/],
    ['x.json', json({ samples: [{ label: 'x'.repeat(50), frame }] }), /drawing 1: .*20 characters/],
    ['x.json', json({ samples: [{ label: 1, frame: 'AAAA' }] }), /drawing 1: .*3 bytes, not 784/],
    ['x.json', json({ samples: [{ label: 1, frame: '!' }] }), /drawing 1: .*base64/],
    ['x.json', json({ samples: [null] }), /drawing 1/],
    ['x.json', json({ samples: Array(501).fill({ label: 1, frame }) }), /501 drawings; 500 at most/],
    ['x.json', Buffer.alloc(5e6, ' '), /too large/],
  ]) {
    await openLessons(page, [{ name, buffer }]);
    await panel(page).getByText(reason).filter({ hasText: 'Nothing was changed.' }).waitFor();
  }
  assert.equal(await lessons(page).count(), 0);
  assert.ok((await savedFile(page, 'Save the network')).bytes.equals(bytes));
  assert.equal((await redraw(page, drawnFour)).digit, '4');
});

test('files that are chosen one right after the other are opened in that order', async (t) => {
  const page = await openBlankPage(t);
  const { bytes } = await savedFile(page, 'Save the network');
  await openLessons(page, [{ name: 'slow.safetensors', buffer: bytes }]);
  await openLessons(page, [{ name: 'quick.json', buffer: Buffer.from('{') }]);
  await lessons(page).nth(1).waitFor();
  await panel(page).getByText('quick.json is damaged: it is no JSON file. Nothing was changed.').waitFor();
  assert.match(await lessons(page).first().innerText(), /^Weights from slow\.safetensors/);
});
