// The tutor by itself, in a page, with a store and a classifier of the test's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useSite } from './support.mjs';

const { openBlankPage } = useSite();

test('what a view throws is reported, and costs neither that change nor the next', async (t) => {
  const page = await openBlankPage(t);
  const { reported, kept } = await page.evaluate(async () => {
    const { Tutor } = await import('/learning/tutor.js');
    const { emptyBook } = await import('/learning/lesson_book.js');
    const reported = [];
    globalThis.reportError = ({ message }) => reported.push(message);
    let book = emptyBook();
    const store = {
      trouble: null,
      read: async () => ({ book }),
      hasChanged: async (own) => own.revision !== book.revision,
      write: async (changed) => (book = { ...changed, revision: book.revision + 1 }),
    };
    let changes = 0;
    const tutor = new Tutor({
      store,
      onChange: ({ byOtherTab }) => {
        throw new Error(`change ${++changes}${byOtherTab ? ' by another tab' : ''}`);
      },
    });
    await tutor.start(async () => ({ symbols: [], resetWeights: async () => {} }));
    await tutor.confirm([{ frame: new Uint8Array(784).fill(1), label: 1 }]);
    book = { ...book, revision: book.revision + 1 };
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    await tutor.confirm([{ frame: new Uint8Array(784).fill(2), label: 2 }]);
    return { reported, kept: tutor.samples.map(({ label }) => label) };
  });
  assert.deepEqual(kept, [1, 2]);
  assert.deepEqual(reported, ['change 1', 'change 2', 'change 3 by another tab', 'change 4']);
});

test('a lesson that fails rejects once the weights are those of the book again', async (t) => {
  const page = await openBlankPage(t);
  const calls = await page.evaluate(async () => {
    const { Tutor } = await import('/learning/tutor.js');
    const { emptyBook } = await import('/learning/lesson_book.js');
    const store = { trouble: null, read: async () => ({ book: emptyBook() }), hasChanged: async () => false };
    const calls = [];
    const tutor = new Tutor({ store, onChange: () => calls.push('told') });
    await tutor.start(async () => ({
      symbols: [],
      importWeights: async () => calls.push('imported'),
      exportWeights: async () => Promise.reject(new Error('no memory')),
      resetWeights: async () => calls.push('reset'),
    }));
    await tutor.importWeights(new ArrayBuffer(8), { title: 'a file' }).catch(({ message }) => calls.push(message));
    return calls;
  });
  assert.deepEqual(calls, ['told', 'imported', 'reset', 'told', 'no memory']);
});

/** In the page: a Tutor of a book of two lessons, of a 7 and a 4, with a store and a classifier of its own. */
const serveTaught = (page) =>
  page.evaluate(async () => {
    const { Tutor } = await import('/learning/tutor.js');
    const { emptyBook, withLesson } = await import('/learning/lesson_book.js');
    const teach = (book, label) => {
      const lesson = { kind: 'correction', label, time: 1, frame: null, heldBack: null, bytes: 8 };
      return withLesson(book, lesson, [{ frame: new Uint8Array(784).fill(label), label, time: 1 }]);
    };
    const taught = {
      book: [7, 4].reduce(teach, emptyBook()),
      lost: [], // the lessons whose weights are damaged
      /** By another tab. */
      teach: (label) => (taught.book = { ...teach(taught.book, label), revision: taught.book.revision + 1 }),
      create: async () => ({ symbols: [], importWeights: async () => {}, resetWeights: async () => {} }),
      labels: () => taught.tutor.samples.map(({ label }) => label),
    };
    const store = {
      trouble: null,
      read: async () => ({ book: taught.book }),
      hasChanged: async ({ revision }) => revision !== taught.book.revision,
      write: async (book) => (taught.book = { ...book, revision: book.revision + 1 }),
      weights: async ({ id }) => {
        if (taught.lost.includes(id)) throw Object.assign(new Error('damaged'), { code: 'weights' });
        return new ArrayBuffer(8);
      },
    };
    taught.tutor = new Tutor({ store, onChange: () => {} });
    globalThis.taught = taught;
  });

test('a drawing that is removed and put back goes with its own lesson', async (t) => {
  const page = await openBlankPage(t);
  await serveTaught(page);
  const labels = await page.evaluate(async () => {
    const { tutor, create, labels } = globalThis.taught;
    await tutor.start(create);
    const [seven] = tutor.samples;
    await tutor.forget(seven);
    await tutor.putBack(seven);
    await tutor.undo(2);
    return labels();
  });
  assert.deepEqual(labels, [7]);
});

test('weights that are damaged do not cost the drawings of their lessons, from the start or from another tab', async (t) => {
  const page = await openBlankPage(t);
  await serveTaught(page);
  const seen = await page.evaluate(async () => {
    const { taught } = globalThis;
    const { tutor, lost, create, labels } = taught;
    lost.push(2, 3);
    const { damages, isSetAside } = await tutor.start(create);
    const atStart = [tutor.book.current, labels(), damages.length, isSetAside];
    taught.teach(2);
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    await tutor.confirm([{ frame: new Uint8Array(784).fill(9), label: 9 }]);
    return [atStart, [tutor.book.current, labels()]];
  });
  assert.deepEqual(seen, [
    [1, [7, 4], 1, false],
    [1, [7, 4, 2, 9]],
  ]);
});

test('what another tab teaches while the classifier is still being made is taken over then', async (t) => {
  const page = await openBlankPage(t);
  await serveTaught(page);
  await page.evaluate(() => {
    const { taught } = globalThis;
    return taught.tutor.start(async () => {
      taught.teach(2);
      return taught.create();
    });
  });
  await page.waitForFunction(() => globalThis.taught.labels().join() === '7,4,2');
});
