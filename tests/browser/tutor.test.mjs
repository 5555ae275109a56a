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
