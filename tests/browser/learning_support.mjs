/** What the tests of learning share: drawings that are misread, lessons, and the storage they are kept in. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { button, drawWithMouse, drawnFour, openPage, settledReading, waitForState } from './support.mjs';

const mirrored = (strokes) => strokes.map((stroke) => stroke.map(([x, y]) => [1 - x, y]));

const seven = [
  [
    [0.28, 0.2],
    [0.5, 0.19],
    [0.72, 0.2],
    [0.64, 0.4],
    [0.57, 0.62],
    [0.52, 0.86],
  ],
];
const bar = [
  [
    [0.36, 0.52],
    [0.56, 0.53],
    [0.74, 0.52],
  ],
];
const longBar = [
  [
    [0.2, 0.55],
    [0.5, 0.55],
    [0.86, 0.54],
  ],
];
const lowBar = [
  [
    [0.3, 0.72],
    [0.5, 0.73],
    [0.8, 0.72],
  ],
];

const hooked = [
  [
    [0.28, 0.3],
    [0.2, 0.2],
    [0.4, 0.06],
    [0.72, 0.14],
    [0.7, 0.34],
    [0.3, 0.86],
  ],
];
const lowestBar = [
  [
    [0.18, 0.82],
    [0.5, 0.83],
    [0.86, 0.84],
  ],
];

/** Sevens of several hands: hooked, crossed and mirrored ones. At least one of them is beyond the shipped network. */
export const strangeSevens = [
  [...hooked, ...lowestBar],
  [...seven, ...bar],
  [...seven, ...longBar],
  [...seven, ...lowBar],
  mirrored([...seven, ...bar]),
  mirrored([...seven, ...lowBar]),
  mirrored(seven),
];

/** For a second lesson. (What people say counts, but to learn that a fine 0 is a 6 costs more than a lesson may.) */
export const mirroredFour = mirrored(drawnFour);

export const lessonBar = (page) => page.getByRole('group', { name: 'Was it read right?' });
export const panel = (page) => page.getByRole('region', { name: 'What it has learnt from you' });
export const lessons = (page) => page.getByRole('list', { name: 'Lessons, newest first' }).getByRole('listitem');

/** Draws in the place of what is there. → its reading. */
export async function redraw(page, strokes) {
  await page.evaluate(() => scrollTo({ top: 0, behavior: 'instant' })); // a smooth scroll would move the pad under the pen
  await button(page, 'Clear').click();
  await waitForState(page, 'blank');
  await drawWithMouse(page, strokes);
  return settledReading(page);
}

/** Draws sevens until one is taken for another digit (or for none). → its strokes. */
export async function drawMisreadSeven(page) {
  for (const strokes of strangeSevens) {
    const { digit, state } = await redraw(page, strokes);
    if (digit !== '7' || state === 'unsure') return strokes;
  }
  return assert.fail('all these sevens are read right: there is nothing to teach');
}

/** The button under a reading that leads to all answers. */
export const otherAnswer = (page) => lessonBar(page).getByRole('button', { name: /^(No, it is…|Another…|No…)$/ });

/** Opens the answers to "Right?". */
export async function openAnswers(page) {
  await otherAnswer(page).click();
  await page.getByRole('group', { name: 'It is a…' }).waitFor();
}

/** Says that what lies on the pad is a `digit`; the lesson has begun then. */
export async function answer(page, digit) {
  await openAnswers(page);
  await page
    .getByRole('group', { name: 'It is a…' })
    .getByRole('button', { name: `It is ${digit === 8 ? 'an' : 'a'} ${digit}` })
    .click();
}

/** Waits for what came of the lesson → its words. */
export async function outcome(page, text = /^(Learnt|Not learnt|Cancelled|Good)/) {
  const words = lessonBar(page).locator('.lesson-words').filter({ hasText: text });
  await words.waitFor({ timeout: 90_000 }); // a lesson takes a second, but not on a machine that others keep busy
  return words.innerText();
}

/** Teaches that what lies on the pad is a `digit` → the words about it. */
export async function teach(page, digit) {
  await answer(page, digit);
  const words = await outcome(page);
  assert.match(words, /^Learnt/);
  await settledReading(page);
  return words;
}

/** A page, and `openTab()`, which opens the page once more in a tab of the same browser profile. */
export async function openWithTabs(t, stage, contextOptions) {
  const page = await openPage(t, stage.browser, stage.site.url, contextOptions);
  await waitForState(page, 'blank');
  return {
    page,
    openTab: async () => {
      const tab = await page.context().newPage();
      await tab.goto(stage.site.url);
      await waitForState(tab, 'blank');
      return tab;
    },
  };
}

/** Does one of the things below, by its name, with the page's own records; resolves with what it returns. */
export function changeStorage(page, change, argument) {
  return page.evaluate(
    async ([source, value]) => {
      const request = indexedDB.open('inkdigit');
      const database = await new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      const { createStore, get, set, keys } = await import('/vendor/idb-keyval/index.js');
      const store = createStore('inkdigit', 'learning');
      database.close();
      const run = { corruptBook, corruptWeights, setVersion, readBook, listKeys }[source];
      return run(value);

      async function readBook() {
        const book = await get('book', store);
        return (
          book && {
            ...book,
            samples: book.samples.length,
            lessons: book.lessons.map(({ id, label }) => ({ id, label })),
          }
        );
      }
      async function listKeys() {
        return keys(store);
      }
      async function corruptBook(book) {
        await set('book', book, store);
      }
      async function setVersion(version) {
        await set('book', { ...(await get('book', store)), version }, store);
      }
      async function corruptWeights({ id, how }) {
        const weights = await get(`weights ${id}`, store);
        if (how === 'missing') return set(`weights ${id}`, undefined, store);
        if (how === 'truncated') return set(`weights ${id}`, weights.slice(0, 1000), store);
        new Uint8Array(weights)[weights.byteLength - 5000] ^= 0x40; // one bit of one weight
        return set(`weights ${id}`, weights, store);
      }
    },
    [change, argument],
  );
}

/** Lessons and answers wait for their turn from here on, as if another tab were learning. → a function that ends it. */
export async function holdLessons(page) {
  await page.evaluate(
    () =>
      new Promise((held) => {
        navigator.locks.request('inkdigit learning', () => {
          held();
          return new Promise((release) => {
            globalThis.releaseLessons = release;
          });
        });
      }),
  );
  return () => page.evaluate(() => globalThis.releaseLessons());
}

/** Presses a button that saves a file → { name, bytes }. */
export async function savedFile(page, name) {
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, name).click()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** Chooses files to be opened as lessons: [{ name, buffer }]. */
export const openLessons = (page, files) =>
  page
    .getByLabel('Open lessons…')
    .setInputFiles(files.map((file) => ({ mimeType: 'application/octet-stream', ...file })));
