/** MNIST, fetched in packed pieces as scripts/build_site.mjs makes them. What has arrived is kept for the next run. */
import { frameSize } from '../shapes.js';

const mnistFolder = new URL('../mnist/', import.meta.url);
/** The last training pictures are never trained on: they tell how a run does. */
export const heldBackCount = 5000;

/** What has arrived: 'train' or 'test' → { images: Uint8Array of all of them, labels, files: names of the pieces that are in }. */
const sets = new Map();

/** Shared where that is allowed: such pictures reach the trainer's worker without being copied, which takes long for all of them. */
const allocate = (size) =>
  new Uint8Array(globalThis.SharedArrayBuffer ? new SharedArrayBuffer(size) : new ArrayBuffer(size));
const part = (bytes, begin, end) =>
  bytes.buffer instanceof ArrayBuffer ? bytes.slice(begin, end) : bytes.subarray(begin, end);

/** Data that did not come, or not whole. The message says what to do. */
class DataError extends Error {}

async function open(file, signal) {
  let response;
  try {
    response = await fetch(new URL(file, mnistFolder), { signal });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new DataError('MNIST could not be loaded. Check the connection, then try again.', { cause });
  }
  if (response.ok) return response;
  throw new DataError(
    `MNIST could not be loaded: the server answered ${response.status} for ${file}. Try again later.`,
  );
}

async function* chunksOf(stream, signal) {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    signal?.throwIfAborted();
    if (done) return;
    yield value;
  }
}

/** Fetches one piece and unpacks it into `target`, which it fills. */
async function loadPiece({ file }, target, { signal, onBytes }) {
  const response = await open(file, signal);
  let size = 0;
  try {
    const packed = [];
    for await (const chunk of chunksOf(response.body, signal)) {
      packed.push(chunk);
      onBytes(chunk.length);
    }
    const unpacked = new Blob(packed).stream().pipeThrough(new DecompressionStream('gzip'));
    for await (const chunk of chunksOf(unpacked, signal)) {
      if (size + chunk.length <= target.length) target.set(chunk, size);
      size += chunk.length;
    }
  } catch (cause) {
    signal?.throwIfAborted();
    throw new DataError(`MNIST did not arrive whole (${file}). Check the connection, then try again.`, { cause });
  }
  if (size !== target.length) {
    throw new DataError(`MNIST is damaged: ${file} has ${size} bytes, not ${target.length}. Reload the page.`);
  }
}

/** Pieces of an index entry that have pictures from `begin` to `end`, as [piece, number of its first picture]. */
function piecesOf({ images }, begin, end) {
  let start = 0;
  return images
    .map((piece) => [piece, (start += piece.pictures) - piece.pictures])
    .filter(([piece, first]) => first < end && first + piece.pictures > begin);
}

async function load(name, rangesOf, { signal, onProgress }) {
  const response = await open('index.json', signal);
  const entry = (await response.json().catch(() => ({})))[name];
  if (!entry) throw new DataError('The list of MNIST’s files is damaged. Reload the page.');
  const all = entry.labels.pictures;
  const ranges = rangesOf(all);
  if (!sets.has(name)) sets.set(name, { images: allocate(all * frameSize), labels: null, files: new Set() });
  const set = sets.get(name);
  const missing = new Map(
    ranges.flatMap((range) => piecesOf(entry, ...range)).filter(([{ file }]) => !set.files.has(file)),
  );

  let loaded = 0;
  let total = set.labels ? 0 : entry.labels.bytes;
  for (const { bytes } of missing.keys()) total += bytes;
  const options = { signal, onBytes: (count) => onProgress?.({ loaded: (loaded += count), total }) };
  if (!set.labels) {
    const labels = new Uint8Array(all);
    await loadPiece(entry.labels, labels, options);
    set.labels = labels;
  }
  for (const [piece, first] of missing) {
    const place = set.images.subarray(first * frameSize, (first + piece.pictures) * frameSize);
    await loadPiece(piece, place, options);
    set.files.add(piece.file);
  }
  return ranges.map(([begin, end]) => ({
    images: part(set.images, begin * frameSize, end * frameSize),
    labels: set.labels.slice(begin, end),
  }));
}

/**
 * The first `count` pictures to train on and those held back → { train, heldBack }, each { images, labels }.
 * `onProgress({ loaded, total })`: packed bytes. Rejects with DataError, or with the signal's reason.
 */
export async function loadTrainingSet(count, options = {}) {
  const [heldBack, train] = await load(
    'train',
    (all) => [
      [all - heldBackCount, all],
      [0, Math.min(count, all - heldBackCount)],
    ],
    options,
  );
  return { train, heldBack };
}

/** The pictures held back, as above. */
export async function loadHeldBack(options = {}) {
  const [heldBack] = await load('train', (all) => [[all - heldBackCount, all]], options);
  return heldBack;
}

/** The 10,000 test pictures, as above. */
export async function loadTestSet(options = {}) {
  const [test] = await load('test', (all) => [[0, all]], options);
  return test;
}
