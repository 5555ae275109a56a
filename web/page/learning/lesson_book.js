/**
 * The book of lessons: what the page has been taught, and where in that history it stands. A book is never changed, only
 * replaced. It is what the store keeps as one record; the weights that each lesson led to lie beside it.
 *
 *   { version, revision, current, lastId, trimmed, lessons, samples }
 *
 * `lessons`: oldest first, each a step from one set of weights to the next:
 *   { id, kind, time (ms since 1970), title, label, readAs, frame (784 bytes) | null, heldBack {count, before, after} | null,
 *     symbols (names, those of its network), bytes, sha256 (of its weights) }
 * `current`: the id of the lesson whose weights are in use; 0 is the shipped weights. Lessons after it are taken back: they can
 * be gone forward to, until something new is taught.
 * `samples`: { frame, label (0…9 or a symbol's name), time, lesson, until? }: drawings whose label is known. They belong to the
 * history as well: one counts from its `lesson` on, and no more from the lesson `until` on (whose network has not its symbol, or
 * whose drawings took its place, or which is a reset).
 *
 * A lesson of the kind 'reset' leads back to the shipped weights, and has none of its own: what was taught before stays in the
 * history, and what is taught next learns from none of it.
 */

import { digitCount, frameSize } from '../shapes.js';
import { isSymbolName } from './symbol_name.js';

/** Of the record's format. A book of a later version is left alone. */
export const bookVersion = 1;
/** As many lessons as can be gone back to: each keeps its weights, about 5 MB. */
export const keptLessons = 10;
/** Samples that count; the oldest make way. */
export const keptSamples = 500;
/** Samples in all, with those that taking lessons back leads to. */
export const storedSamples = 2 * keptSamples;
/** Samples of one label that a lesson trains on, the newest. */
export const taughtPerLabel = 10;
/** The lesson that a sample is for, beside all the earlier ones, is shown so many times as often. */
const newestWeight = 3;

const lessonKinds = ['correction', 'samples', 'import', 'training', 'removal', 'reset'];
/** Lessons whose network came whole. */
const baseKinds = ['training', 'import', 'reset'];

export const emptyBook = () => ({
  version: bookVersion,
  revision: 0,
  current: 0,
  lastId: 0,
  trimmed: false,
  lessons: [],
  samples: [],
});

/** Whether a label is one of the ten digits, which lessons keep as numbers. */
export const isDigitNumber = (label) => Number.isInteger(label) && label >= 0 && label < digitCount;

const byId = (book, id) => book.lessons.find((lesson) => lesson.id === id);
const positionOf = (book, id) => book.lessons.findIndex((lesson) => lesson.id === id);

export const currentLesson = (book) => byId(book, book.current);

/** Whether the shipped weights are those of this point of the history. */
export const isShipped = (book, id = book.current) => id === 0 || byId(book, id)?.kind === 'reset';

/** The network that came whole, from training, a file or a reset, which what is in use goes back to, and how many lessons it has had since. */
export function baseOf(book) {
  const taken = book.lessons.filter(({ id }) => id <= book.current);
  const position = taken.findLastIndex(({ kind }) => baseKinds.includes(kind));
  return { base: taken[position], lessons: taken.length - 1 - position };
}

/** The id that taking the current lesson back leads to; undefined when there is no way back. */
export function lessonBefore(book) {
  const position = positionOf(book, book.current);
  if (position > 0) return book.lessons[position - 1].id;
  return position === 0 && !book.trimmed ? 0 : undefined;
}

/** The ids to try in turn for weights that can be read: the current lesson, those before it, the shipped weights. */
export function waysBack(book) {
  const position = positionOf(book, book.current);
  const ids = book.lessons.slice(0, position + 1).map(({ id }) => id);
  return [...ids.reverse(), 0];
}

/** The book without what was taken back: nothing can follow but something new. */
function withoutUndone(book) {
  const lessons = book.lessons.filter(({ id }) => id <= book.current);
  const samples = book.samples
    .filter(({ lesson }) => lesson <= book.current)
    .map(({ until, ...sample }) => (until <= book.current ? { ...sample, until } : sample));
  return { ...book, lessons, samples, trimmed: book.trimmed && lessons.length > 0 };
}

/** Whether drawings of the label count no more from `lesson` on: its network lacks that symbol (digits are in each), or is the shipped one. */
const ends = ({ kind, symbols }, label) =>
  kind === 'reset' || (typeof label === 'string' && symbols?.includes(label) === false);

/** A new lesson, which becomes the current one, and the samples that came with it. */
export function withLesson(book, lesson, samples = []) {
  const base = withoutUndone(book);
  const id = book.lastId + 1;
  const lessons = [...base.lessons, { ...lesson, id }];
  const next = {
    ...base,
    current: id,
    lastId: id,
    trimmed: base.trimmed || lessons.length > keptLessons,
    lessons: lessons.slice(-keptLessons),
    samples: base.samples.map((sample) =>
      ends(lesson, sample.label) && sample.until === undefined ? { ...sample, until: id } : sample,
    ),
  };
  return withSamples(next, samples);
}

/** The way back to the shipped weights as a lesson, which can be taken back like any other. */
export const withReset = (book, time) =>
  withLesson(book, { kind: 'reset', time, frame: null, heldBack: null, symbols: [], bytes: 0 });

/**
 * Samples whose label is known are kept for the lessons to come, each once. They count until a lesson, gone back behind by now,
 * which ends that. A drawing that is said to be something else now is no longer what it was. Where they are too many, the oldest count no more from here on.
 * `since`: the lesson from which they count; this point of the history, or one before it.
 */
export function withSamples(book, samples, { since = book.current } = {}) {
  const labels = new Map(samples.map(({ frame, label }) => [drawingOf(frame), label]));
  const isCorrected = ({ frame, label }) => (labels.get(drawingOf(frame)) ?? label) !== label;
  const active = activeSamples(book);
  const corrected = new Set(active.filter(isCorrected));
  const known = new Set(active.map(contentOf));
  const added = samples
    .filter((sample) => !known.has(contentOf(sample)) && known.add(contentOf(sample)))
    .map((sample) => {
      const until = book.lessons.find((lesson) => lesson.id > book.current && ends(lesson, sample.label))?.id;
      return { ...sample, lesson: since, ...(until !== undefined && { until }) };
    });
  // One that a lesson brought which was gone back behind counts from here on instead, so that it is there once when that is done again.
  const addedUntil = new Map(added.map((sample) => [contentOf(sample), sample.until ?? Infinity]));
  const others = book.samples.filter(
    (one) => !(one.lesson > book.current && one.lesson < addedUntil.get(contentOf(one))),
  );
  const all = { ...book, samples: [...others, ...added] };
  const counting = activeSamples(all).filter((sample) => !corrected.has(sample));
  const retired = new Set([...corrected, ...counting.slice(0, -keptSamples)]);
  return withinBounds({
    ...all,
    samples: all.samples.map((sample) => (retired.has(sample) ? { ...sample, until: book.current } : sample)),
  });
}

/** The book without that drawing as that label, at no point of its history. */
export const withoutSample = (book, sample) => ({
  ...book,
  samples: book.samples.filter((one) => contentOf(one) !== contentOf(sample)),
});

/** The book with a sample that was removed, as it was: it counts where it did, and here. */
export function withSampleAgain(book, { lesson, until, ...sample }) {
  const isToEnd = until > book.current && byId(book, until) !== undefined;
  return withSamples(book, [{ ...sample, ...(isToEnd && { until }) }], { since: Math.min(lesson, book.current) });
}

const drawingOf = (frame) => String.fromCharCode(...frame);
/** The same for the same drawing with the same label. */
export const contentOf = ({ frame, label }) => `${label} ${drawingOf(frame)}`;

/** The book with so many samples as are stored: of those that do not count here, the oldest make way. */
function withinBounds(book) {
  const active = new Set(activeSamples(book));
  let excess = book.samples.length - storedSamples;
  return { ...book, samples: book.samples.filter((sample) => active.has(sample) || excess-- <= 0) };
}

/** The book at another point of its history; 0: the shipped weights. */
export const at = (book, id) => ({ ...book, current: id });

/** The book at an earlier point, as the weights of those after it cannot be read: the samples are sound, and count there, too. */
export const fallenBackTo = (book, id) => withSamples(at(book, id), activeSamples(book));

/** The samples that count at this point of the history. */
export const activeSamples = (book) =>
  book.samples.filter(({ lesson, until }) => lesson <= book.current && !(until <= book.current));

/** What a lesson trains on: all that counts, of each label the newest, and `added`, which weighs most. */
export function lessonSamples(book, added) {
  const counts = new Map();
  const told = new Set(added.map(({ frame }) => drawingOf(frame)));
  const earlier = activeSamples(book)
    .reverse()
    .filter(({ frame }) => !told.has(drawingOf(frame)))
    .filter(({ label }) => {
      counts.set(label, (counts.get(label) ?? 0) + 1);
      return counts.get(label) <= taughtPerLabel;
    })
    .reverse();
  const weight = added.length === 1 ? newestWeight : 1;
  const newest = Array.from({ length: weight }, () => added).flat();
  return [...earlier, ...newest].map(({ frame, label }) => ({ frame, label }));
}

/** Checks what came from the storage; throws an Error that says what is wrong with it. → the book. */
export function checkBook(book) {
  const must = (isTrue, what) => {
    if (!isTrue) throw new Error(`The book of lessons is damaged: ${what}.`);
  };
  const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
  const isShare = (value) => typeof value === 'number' && value >= 0 && value <= 1;
  const isFrame = (value) => value instanceof Uint8Array && value.length === frameSize;
  const isLabel = (value) => isDigitNumber(value) || isSymbolName(value);

  must(book !== null && typeof book === 'object', 'it is no record');
  must(book.version === bookVersion, `version ${book.version}`);
  must(isCount(book.revision) && isCount(book.current) && isCount(book.lastId), 'its numbers');
  must(typeof book.trimmed === 'boolean', 'its numbers');
  must(Array.isArray(book.lessons) && book.lessons.length <= keptLessons, 'its lessons');
  must(Array.isArray(book.samples) && book.samples.length <= storedSamples, 'its samples');
  let last = 0;
  for (const { id, kind, time, title, label, readAs, frame, heldBack, symbols, bytes, sha256 } of book.lessons) {
    const name = `lesson ${id}`;
    must(isCount(id) && id > last && id <= book.lastId, 'the order of its lessons');
    must(lessonKinds.includes(kind) && isCount(time), name);
    must(title === undefined || typeof title === 'string', name);
    must((label === undefined || isLabel(label)) && (readAs === undefined || isLabel(readAs)), name);
    must(frame === null || isFrame(frame), `the picture of ${name}`);
    must(
      heldBack === null || (isCount(heldBack.count) && isShare(heldBack.before) && isShare(heldBack.after)),
      `the accuracy of ${name}`,
    );
    must(symbols === undefined || (Array.isArray(symbols) && symbols.every(isSymbolName)), `the symbols of ${name}`);
    must(isCount(bytes) && (sha256 === undefined || /^[0-9a-f]{64}$/.test(sha256)), `the checksum of ${name}`);
    last = id;
  }
  must(book.current === 0 || currentLesson(book), 'where it stands');
  for (const { frame, label, time, lesson, until } of book.samples) {
    must(isFrame(frame) && isLabel(label) && isCount(time) && isCount(lesson), 'a sample');
    must(until === undefined || isCount(until), 'a sample');
  }
  return book;
}
