// The book of lessons: history, samples, what is kept, and what is refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSamples } from '../../web/package/samples.js';
import {
  activeSamples,
  at,
  baseOf,
  checkBook,
  emptyBook,
  fallenBackTo,
  isShipped,
  keptLessons,
  keptSamples,
  storedSamples,
  taughtPerLabel,
  lessonBefore,
  lessonSamples,
  waysBack,
  withLesson,
  withReset,
  withSampleAgain,
  withSamples,
  withoutSample,
} from '../../web/page/learning/lesson_book.js';
import { longestName, symbolName } from '../../web/page/learning/symbol_name.js';

let drawings = 0;
/** Each is another drawing. */
const frame = () =>
  new Uint8Array(784)
    .fill(1)
    .fill(++drawings, 0, 1)
    .fill(drawings >> 8, 1, 2);
const sample = (label) => ({ frame: frame(), label, time: 1 });
const lesson = (label) => ({ kind: 'correction', time: 1, label, frame: frame(), heldBack: null, bytes: 8 });
const teach = (book, label) => withLesson(book, lesson(label), [sample(label)]);
const labels = (samples) => samples.map(({ label }) => label);

test('lessons follow one another; taking one back takes its samples along, and what is new ends what was undone', () => {
  let book = [7, 4, 2].reduce(teach, emptyBook());
  assert.equal(book.current, 3);
  assert.deepEqual(waysBack(book), [3, 2, 1, 0]);
  book = at(book, lessonBefore(book));
  assert.equal(book.current, 2);
  assert.deepEqual(labels(activeSamples(book)), [7, 4]);
  assert.deepEqual(labels(activeSamples(at(book, 3))), [7, 4, 2], 'and can be had again');
  book = teach(book, 9);
  assert.deepEqual(
    book.lessons.map(({ id, label }) => [id, label]),
    [
      [1, 7],
      [2, 4],
      [4, 9],
    ],
  );
  assert.deepEqual(labels(activeSamples(book)), [7, 4, 9]);
  assert.equal(lessonBefore(at(book, 1)), 0);
  assert.equal(lessonBefore(at(book, 0)), undefined);
});

test('a drawing that is said to be something else is no longer what it was, until that is taken back', () => {
  const drawing = frame();
  const as = (label) => ({ frame: drawing, label, time: 1 });
  const before = withSamples(emptyBook(), [as(1), sample(3)]);
  assert.deepEqual(labels(lessonSamples(before, [as(7)])), [3, 7, 7, 7], 'the lesson itself is not told both');
  const after = withLesson(before, lesson(7), [as(7)]);
  assert.deepEqual(labels(activeSamples(after)), [3, 7]);
  assert.deepEqual(labels(activeSamples(at(after, 0))), [1, 3]);
});

test('samples that were confirmed belong to the point of the history where that was', () => {
  let book = withSamples(teach(withSamples(emptyBook(), [sample(1)]), 7), [sample(3)]);
  assert.deepEqual(labels(activeSamples(book)), [1, 7, 3]);
  book = at(book, 0);
  assert.deepEqual(labels(activeSamples(book)), [1]);
});

test('a drawing that is removed is in the book no more, at no point of its history; others like it are', () => {
  const [gone, stays] = [sample(7), sample(7)];
  const book = withLesson(withSamples(emptyBook(), [gone, stays]), lesson(4), [sample(4)]);
  const without = withoutSample(book, { ...gone, frame: gone.frame.slice() });
  assert.deepEqual(labels(activeSamples(without)), [7, 4]);
  assert.deepEqual(
    activeSamples(at(without, 0)).map(({ frame }) => frame),
    [stays.frame],
  );
  assert.equal(without.lessons, book.lessons);
  checkBook(without);
});

test('a drawing that was removed is put back where it was, not where the history stands', () => {
  const book = [7, 4].reduce(teach, emptyBook());
  const [removed] = activeSamples(book);
  const putBack = withSampleAgain(withoutSample(book, removed), removed);
  assert.deepEqual(new Set(putBack.samples), new Set(book.samples));
  assert.deepEqual(withSampleAgain(putBack, removed), putBack, 'once');
  assert.deepEqual(labels(activeSamples(at(putBack, 1))), [7], 'though lesson 2 is taken back');

  const before = at(withoutSample(book, removed), 0);
  assert.deepEqual(labels(activeSamples(withSampleAgain(before, removed))), [7], 'it counts where it is put back');
});

test('a drawing that is put back ends where it did, while there is such a lesson', () => {
  const drawing = frame();
  const as = (label) => ({ frame: drawing, label, time: 1 });
  const corrected = at(withLesson(withSamples(emptyBook(), [as(1)]), lesson(7), [as(7)]), 0);
  const [removed] = activeSamples(corrected);
  const without = withoutSample(corrected, removed);
  assert.deepEqual(labels(activeSamples(at(withSampleAgain(without, removed), 1))), [7]);
  const goneOn = teach(without, 4);
  assert.deepEqual(labels(activeSamples(withSampleAgain(goneOn, removed))), [4, 1]);
});

test('where the weights of lessons are lost, their drawings count where the book falls back to, and in what follows', () => {
  const book = [7, 4, 2].reduce(teach, emptyBook());
  for (const id of [1, 0]) {
    const fallen = fallenBackTo(book, id);
    assert.equal(fallen.current, id);
    assert.deepEqual(checkBook(fallen), fallen);
    assert.deepEqual(labels(activeSamples(fallen)), [7, 4, 2]);
    assert.deepEqual(labels(activeSamples(teach(fallen, 9))), [7, 4, 2, 9]);
    assert.deepEqual(labels(activeSamples(at(fallen, 3))), [7, 4, 2], 'each once');
  }
  assert.deepEqual(fallenBackTo(book, 3), book);
});

test('a removed symbol takes its samples along, until that is taken back', () => {
  const taught = teach(teach(emptyBook(), 'tick'), 7);
  const removed = withLesson(taught, { ...lesson('tick'), kind: 'removal', symbols: [] });
  assert.deepEqual(labels(activeSamples(removed)), [7]);
  assert.deepEqual(labels(activeSamples(at(removed, lessonBefore(removed)))), ['tick', 7]);
  const goneOn = teach(at(removed, lessonBefore(removed)), 4);
  assert.deepEqual(labels(activeSamples(goneOn)), ['tick', 7, 4], 'the removal never was');
});

test('a drawing that was confirmed before a removal that is done again goes with its symbol', () => {
  const taught = teach(emptyBook(), 'tick');
  const removed = withLesson(taught, { ...lesson('tick'), kind: 'removal', symbols: [] });
  const confirmed = withSamples(at(removed, 1), [sample('tick'), sample(7)]);
  assert.deepEqual(labels(activeSamples(confirmed)), ['tick', 'tick', 7]);
  assert.deepEqual(labels(activeSamples(at(confirmed, 2))), [7]);
  assert.deepEqual(checkBook(confirmed), confirmed);
});

test('a reset is a step of its own: what was taught before counts no more from it on, and can be had back', () => {
  const taught = withSamples(teach(teach(emptyBook(), 'tick'), 7), [sample(1)]);
  const reset = withReset(taught, 5);
  assert.deepEqual(checkBook(reset), reset);
  assert.equal(reset.current, 3);
  assert.deepEqual(waysBack(reset), [3, 2, 1, 0]);
  assert.deepEqual(lessonSamples(reset, []), []);
  assert.deepEqual(labels(activeSamples(at(reset, lessonBefore(reset)))), ['tick', 7, 1]);

  const goneOn = teach(reset, 4);
  assert.deepEqual(labels(activeSamples(goneOn)), [4], 'it learns from nothing older');
  assert.deepEqual(labels(activeSamples(at(goneOn, 2))), ['tick', 7, 1], 'which is there still');
  assert.deepEqual(
    goneOn.lessons.map(({ kind }) => kind),
    ['correction', 'correction', 'reset', 'correction'],
  );
});

test('the shipped weights are those before all lessons, and those of a reset', () => {
  const reset = withReset(teach(emptyBook(), 7), 5);
  assert.deepEqual(
    [0, 1, 2].map((id) => isShipped(reset, id)),
    [true, false, true],
  );
  assert.ok(isShipped(reset));
  assert.ok(!isShipped(teach(reset, 4)));
});

test('lessons are counted since the network that they went on from came whole', () => {
  const since = (book) => [baseOf(book).base?.kind, baseOf(book).lessons];
  const taught = teach(emptyBook(), 7);
  const trained = withLesson(taught, { ...lesson(), kind: 'training' });
  assert.deepEqual(since(taught), [undefined, 1]);
  assert.deepEqual(since(teach(trained, 4)), ['training', 1]);
  assert.deepEqual(since(withReset(trained, 5)), ['reset', 0]);
  assert.deepEqual(since(teach(withReset(trained, 5), 4)), ['reset', 1]);
});

test('a drawing that was confirmed before a reset that is done again goes with the lessons', () => {
  const reset = withReset(teach(emptyBook(), 7), 5);
  const confirmed = withSamples(at(reset, 1), [sample(3)]);
  assert.deepEqual(labels(activeSamples(confirmed)), [7, 3]);
  assert.deepEqual(activeSamples(at(confirmed, 2)), []);
});

test('drawings of symbols that an imported network lacks are not taught to it', () => {
  const taught = teach(teach(emptyBook(), 'tick'), 'star');
  const imported = withLesson(taught, { ...lesson(), kind: 'import', symbols: ['star'] }, [sample('moon')]);
  assert.deepEqual(labels(lessonSamples(imported, [sample(5)])), ['star', 'moon', 5, 5, 5]);
  assert.deepEqual(labels(activeSamples(at(imported, 2))), ['tick', 'star'], 'and come back with their network');
});

test('many drawings from elsewhere take the place of one’s own until they are taken back', () => {
  const own = teach(withSamples(emptyBook(), [sample(1)]), 7);
  const many = () => Array.from({ length: keptSamples }, () => sample(5));
  let book = withLesson(own, lesson(5), many());
  assert.equal(activeSamples(book).length, keptSamples);
  assert.deepEqual(labels(activeSamples(at(book, 1))), [1, 7]);
  for (let i = 0; i < 3; ++i) book = withLesson(book, lesson(5), many());
  assert.equal(book.samples.length, storedSamples, 'but not without end');
  assert.equal(activeSamples(at(book, lessonBefore(book))).length, keptSamples);
  assert.deepEqual(checkBook(book), book);
});

test('a drawing is kept once', () => {
  const one = sample(7);
  let book = withSamples(emptyBook(), [one, one]);
  book = withSamples(book, [{ ...one, time: 2 }]);
  book = withLesson(book, lesson(7), [one, sample(7)]);
  assert.equal(book.samples.length, 2);
});

test('a drawing that is confirmed where its lesson was taken back is there once when that is done again', () => {
  const book = teach(teach(emptyBook(), 7), 4);
  const again = withSamples(at(book, 1), [book.samples.at(-1)]);
  assert.deepEqual(labels(activeSamples(again)), [7, 4]);
  assert.deepEqual(labels(activeSamples(at(again, 2))), [7, 4]);
  const reset = withReset(book, 1);
  const before = withSamples(at(reset, 1), [book.samples.at(-1)]);
  assert.deepEqual(labels(activeSamples(at(before, 2))), [7, 4]);
  assert.deepEqual(labels(activeSamples(at(before, 3))), [], 'it ends where it did');
});

test('only so many lessons and samples are kept, the newest', () => {
  let book = emptyBook();
  for (let i = 0; i < keptLessons + 2; ++i) book = teach(book, i % 10);
  assert.equal(book.lessons.length, keptLessons);
  assert.equal(book.lessons[0].id, 3);
  assert.equal(
    lessonBefore(at(book, 3)),
    undefined,
    'the one before it is gone: the shipped network is not what was before',
  );
  assert.equal(lessonBefore(at(teach(at(book, 0), 1), 13)), 0, 'after a reset it is again');
  book = withSamples(
    book,
    Array.from({ length: keptSamples }, () => sample(5)),
  );
  assert.equal(activeSamples(book).length, keptSamples);
  assert.deepEqual(checkBook(book), book);
});

test('a lesson trains on the newest samples of each label, most on its own', () => {
  const book = withSamples(
    teach(emptyBook(), 4),
    Array.from({ length: 2 * taughtPerLabel }, () => sample(7)),
  );
  const trained = labels(lessonSamples(book, [sample(2)]));
  assert.equal(trained.filter((label) => label === 7).length, taughtPerLabel);
  assert.equal(trained.filter((label) => label === 4).length, 1);
  assert.equal(trained.filter((label) => label === 2).length, 3);
});

test('what is no book is refused, with the reason', () => {
  const book = teach(emptyBook(), 7);
  const refused = (damage, reason) => assert.throws(() => checkBook({ ...book, ...damage }), reason);
  checkBook(book);
  assert.throws(() => checkBook(null), /no record/);
  assert.throws(() => checkBook('x'), /no record/);
  refused({ version: 0 }, /version 0/);
  refused({ revision: -1 }, /numbers/);
  refused({ current: 2 }, /where it stands/);
  refused({ lessons: 'x' }, /lessons/);
  refused({ samples: Array(storedSamples + 1).fill(book.samples[0]) }, /samples/);
  refused({ lessons: [book.lessons[0], book.lessons[0]] }, /order/);
  refused({ lessons: [{ ...book.lessons[0], frame: new Uint8Array(783) }] }, /picture of lesson 1/);
  refused({ lessons: [{ ...book.lessons[0], heldBack: { count: 1, before: 2, after: 1 } }] }, /accuracy/);
  refused({ lessons: [{ ...book.lessons[0], bytes: undefined }] }, /checksum/);
  refused({ lessons: [{ ...book.lessons[0], symbols: [7] }] }, /symbols of lesson 1/);
  refused({ samples: [{ ...book.samples[0], label: 10 }] }, /sample/);
});

test('names in a book are as long as those that can be given, by the page or in a file of weights', () => {
  const named = (label) => ({ ...lesson(label), symbols: [label] });
  const book = (label) => withLesson(emptyBook(), named(label), [sample(label)]);
  for (const name of ['👍', 'x', ' ', 'e\u0301'].map((text) => text.repeat(longestName / [...text].length))) {
    checkBook(book(name)); // the engine takes them; none that was ever taken is refused
  }
  for (const name of ['', 'x'.repeat(longestName + 1), '👍'.repeat(longestName + 1)]) {
    assert.throws(() => checkBook(book(name)), /lesson 1/);
  }
});

test('the package takes the names that the page takes, and no others', () => {
  const isTaken = (label) => {
    try {
      readSamples([{ frame: frame(), label }], []);
      return true;
    } catch {
      return false;
    }
  };
  for (const name of ['tick', 'two words', '10', 'é', '👍'.repeat(longestName), 'x'.repeat(longestName)]) {
    assert.equal(symbolName(name), name);
    assert.ok(isTaken(name), name);
  }
  for (const name of ['', 'x'.repeat(longestName + 1), 'a\u0000b', 'a\u009f', '\ud800', 'x\udc00y']) {
    assert.throws(() => symbolName(name));
    assert.ok(!isTaken(name), JSON.stringify(name));
  }
  const { labels, newSymbols } = readSamples([{ frame: frame(), label: '7' }], []);
  assert.deepEqual([...labels, ...newSymbols], [7], 'a digit, as readings name it, is no symbol');
});

test('a symbol has a name that is no digit', () => {
  assert.equal(symbolName('  tick  mark '), 'tick mark');
  assert.throws(() => symbolName('  '), /name/);
  assert.throws(() => symbolName('7'), /is a digit/);
  assert.throws(() => symbolName('x'.repeat(21)), /20 characters/);
  for (const text of ['a\u0000b', 'a\u0007', 'a\u009f', '\ud800', 'x\udc00y', '\u200b\u200b', 'a\u202eb', '\u200d']) {
    assert.throws(() => symbolName(text), /cannot be shown/);
  }
  assert.equal(symbolName('👩‍🚀'), '👩‍🚀');
  assert.equal(symbolName('cafe\u0301'), 'caf\u00e9', 'what looks the same is the same');
});
