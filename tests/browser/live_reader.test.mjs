import assert from 'node:assert/strict';
import { test } from 'node:test';
import { History } from '../../web/page/history.js';
import { LiveReader } from '../../web/package/drawing/live_reader.js';

/** A reader whose readings are finished by hand: `finish(subject)` or `fail(subject)`. */
function readerByHand() {
  const waiting = new Map();
  const seen = { asked: [], shown: [], failed: [], busy: [] };
  const reader = new LiveReader({
    classify: (subject) => {
      seen.asked.push(subject);
      return new Promise((resolve, reject) => waiting.set(subject, { resolve, reject }));
    },
    onResult: (result) => seen.shown.push(result),
    onError: (error) => seen.failed.push(error.message),
    onBusy: (isBusy) => seen.busy.push(isBusy),
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return {
    reader,
    seen,
    finish: (subject) => {
      waiting.get(subject).resolve(`read ${subject}`);
      return turn();
    },
    fail: (subject) => {
      waiting.get(subject).reject(new Error(`no ${subject}`));
      return turn();
    },
  };
}

test('one reading is under way at a time, and of those that wait only the newest is read', async () => {
  const { reader, seen, finish } = readerByHand();
  reader.read('a');
  for (const subject of ['b', 'c', 'd']) reader.read(subject, { grows: true });
  assert.deepEqual(seen.asked, ['a']);
  await finish('a');
  assert.deepEqual(seen.asked, ['a', 'd']);
  await finish('d');
  assert.deepEqual(seen.shown, ['read a', 'read d']);
  assert.equal(seen.busy.at(-1), false);
});

test('tells whether what is shown is the last word', async () => {
  const behind = [];
  const reader = new LiveReader({
    classify: async (subject) => subject,
    onResult: (subject) => behind.push([subject, reader.isBehind]),
    onBusy: () => {},
  });
  reader.read('a');
  reader.read('b', { grows: true });
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(behind, [
    ['a', true],
    ['b', false],
  ]);
});

test('a reading of something that has been replaced is never shown', async () => {
  const { reader, seen, finish } = readerByHand();
  reader.read('old');
  reader.read('new');
  await finish('old');
  assert.deepEqual(seen.shown, []);
  assert.equal(seen.busy.at(-1), true);
  await finish('new');
  assert.deepEqual(seen.shown, ['read new']);
});

test('after stop nothing is shown, neither a result nor an error', async () => {
  for (const outcome of ['finish', 'fail']) {
    const hand = readerByHand();
    hand.reader.read('a');
    hand.reader.stop();
    assert.equal(hand.seen.busy.at(-1), false);
    await hand[outcome]('a');
    assert.deepEqual([hand.seen.shown, hand.seen.failed], [[], []]);
  }
});

test('what is read after stop does not wait for what was under way, nor is that shown', async () => {
  const { reader, seen, finish } = readerByHand();
  reader.read('a');
  reader.stop();
  reader.read('b');
  assert.deepEqual(seen.asked, ['a', 'b']);
  await finish('a');
  reader.read('c', { grows: true });
  assert.deepEqual(seen.asked, ['a', 'b']); // one at a time, as before
  assert.equal(seen.busy.at(-1), true);
  await finish('b');
  await finish('c');
  assert.deepEqual(seen.shown, ['read b', 'read c']);
  assert.equal(seen.busy.at(-1), false);
});

test('an error is told, and the next reading works', async () => {
  const { reader, seen, finish, fail } = readerByHand();
  reader.read('a');
  await fail('a');
  assert.deepEqual(seen.failed, ['no a']);
  reader.read('b');
  await finish('b');
  assert.deepEqual(seen.shown, ['read b']);
});

test('what the page throws is reported, and the next reading works', async (t) => {
  const reported = [];
  globalThis.reportError = ({ message }) => reported.push(message);
  t.after(() => delete globalThis.reportError);
  const stumble = (what) => {
    throw new Error(what);
  };
  const seen = { shown: [], busy: [] };
  const reader = new LiveReader({
    classify: (subject) => (subject === 'no picture' ? stumble(subject) : Promise.resolve(subject)),
    onResult: (result) => (result === 'bad' ? stumble('by a result') : seen.shown.push(result)),
    onError: ({ message }) => stumble(`by an error: ${message}`),
    onBusy: (isBusy) => seen.busy.push(isBusy),
  });
  for (const subject of ['no picture', 'bad', 'good']) {
    reader.read(subject);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(seen.busy.at(-1), false);
  }
  assert.deepEqual(seen.shown, ['good']);
  assert.deepEqual(reported, ['by an error: no picture', 'by a result']);
});

test('history goes back step by step to its beginning, and no further', () => {
  const history = new History('blank');
  history.push('one stroke');
  history.push('two strokes');
  assert.ok(history.undo());
  assert.equal(history.current, 'one stroke');
  assert.ok(history.undo());
  assert.equal(history.current, 'blank');
  assert.equal(history.canUndo, false);
  assert.equal(history.undo(), false);
  assert.equal(history.current, 'blank');
});

test('history hands over what it lets go of, each value once: what is too old, and what is undone', () => {
  const dropped = [];
  const history = new History('blank', {
    isHeavy: (value) => value.startsWith('picture'),
    onDrop: (value) => dropped.push(value),
  });
  for (let i = 0; i < 22; ++i) history.push(`picture ${i}`);
  assert.deepEqual(dropped, ['blank', 'picture 0']);
  history.undo();
  assert.deepEqual(dropped, ['blank', 'picture 0', 'picture 21']);
  for (let i = 0; i < 501; ++i) history.push(`stroke ${i}`);
  const pictures = dropped.filter((value) => value.startsWith('picture'));
  assert.equal(new Set(pictures).size, pictures.length);
  assert.equal(dropped.at(-1), 'picture 20');
});

test('history keeps only the newest steps that are heavy, and what follows them', () => {
  const history = new History('blank', { isHeavy: (value) => value.startsWith('picture') });
  for (let i = 0; i < 30; ++i) {
    history.push(`picture ${i}`);
    history.push(`stroke ${i}`);
  }
  const past = [];
  while (history.undo()) past.push(history.current);
  assert.equal(past.filter((value) => value.startsWith('picture')).length, 20);
  assert.equal(past.at(-1), 'stroke 9');
});
