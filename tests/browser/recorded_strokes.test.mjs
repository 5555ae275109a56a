// Digits that people wrote with a pen, replayed on the page with the mouse.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { button, drawWithMouse, settledReading, useSite, waitForState } from './support.mjs';
import { seededRandom } from '../seeded_random.js';
import { fitToPad, recordedStrokes } from '../strokes/drawings.mjs';

const recordingsFile = 'pendigits-tra.strokes.jsonl.gz';
const drawingCount = 100;

const { openBlankPage } = useSite();

test(`${drawingCount} recorded drawings, replayed by mouse`, async (t) => {
  const drawings = recordedStrokes(recordingsFile);
  if (!drawings) {
    t.skip(
      `NOT RUN: ${recordingsFile} is not there. Name its folder in INKDIGIT_STROKES (UCI data set 81, as gzipped JSON lines).`,
    );
    return;
  }
  const page = await openBlankPage(t);
  const random = seededRandom(20);
  const wrong = [];
  let unsure = 0;
  for (let i = 0; i < drawingCount; ++i) {
    const { label, strokes } = drawings[Math.floor(random() * drawings.length)];
    await drawWithMouse(page, fitToPad(strokes));
    const { digit, state } = await settledReading(page);
    if (state === 'unsure') ++unsure;
    if (digit !== label) wrong.push(`${label} as ${digit || 'nothing'}`);
    await button(page, 'Clear').click();
    await waitForState(page, 'blank');
  }
  t.diagnostic(
    `${drawingCount - wrong.length} of ${drawingCount} right, ${unsure} unsure; misread: ${wrong.join(', ')}`,
  );
  assert.ok(wrong.length <= drawingCount * 0.05, `misread: ${wrong.join(', ')}`);
});
