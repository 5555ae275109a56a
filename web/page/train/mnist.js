/** MNIST, fetched in packed pieces as scripts/build_site.mjs makes them. What has arrived is kept for the next run. */
const kImageBytes = 28 * 28;
const kFolder = new URL('../mnist/', import.meta.url);
/** The last training pictures are never trained on: they tell how a run does. */
export const kHeldBack = 5000;

const pieces = new Map(); // file name → Uint8Array, unpacked

/** Data that did not come, or not whole. The message says what to do. */
export class DataError extends Error {}

async function open(file, signal) {
  let response;
  try {
    response = await fetch(new URL(file, kFolder), { signal });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new DataError('MNIST could not be loaded. Check the connection, then try again.', { cause });
  }
  if (response.ok) return response;
  throw new DataError(
    `MNIST could not be loaded: the server answered ${response.status} for ${file}. Try again later.`,
  );
}

/** Some servers unpack .gz files on the way; the first two bytes tell. */
const isGzip = (bytes) => bytes[0] === 0x1f && bytes[1] === 0x8b;

async function readAll(stream, onBytes, signal) {
  const chunks = [];
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    signal?.throwIfAborted();
    if (done) break;
    chunks.push(value);
    onBytes?.(value.length);
  }
  const all = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** One piece, unpacked: `size` bytes. */
async function loadPiece({ file }, size, { signal, onBytes }) {
  if (pieces.has(file)) return pieces.get(file);
  const response = await open(file, signal);
  let bytes;
  try {
    bytes = await readAll(response.body, onBytes, signal);
    if (isGzip(bytes)) {
      bytes = await readAll(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')), null, signal);
    }
  } catch (cause) {
    signal?.throwIfAborted();
    throw new DataError(`MNIST did not arrive whole (${file}). Check the connection, then try again.`, { cause });
  }
  if (bytes.length !== size) {
    throw new DataError(`MNIST is damaged: ${file} has ${bytes.length} bytes, not ${size}. Reload the page.`);
  }
  pieces.set(file, bytes);
  return bytes;
}

/** Pictures from `begin` to `end` of an index entry, { images: Uint8Array n×784 (0…255), labels: Uint8Array n }. */
async function loadRange({ labels, images }, begin, end, options) {
  const allLabels = await loadPiece(labels, labels.pictures, options);
  const range = { images: new Uint8Array((end - begin) * kImageBytes), labels: allLabels.slice(begin, end) };
  let start = 0;
  for (const piece of images) {
    const from = Math.max(begin, start);
    const to = Math.min(end, start + piece.pictures);
    if (from < to) {
      const bytes = await loadPiece(piece, piece.pictures * kImageBytes, options);
      range.images.set(
        bytes.subarray((from - start) * kImageBytes, (to - start) * kImageBytes),
        (from - begin) * kImageBytes,
      );
    }
    start += piece.pictures;
  }
  return range;
}

/** Packed bytes still to come for pictures `begin` to `end`. */
function missingBytes({ labels, images }, begin, end) {
  let start = 0;
  let bytes = pieces.has(labels.file) ? 0 : labels.bytes;
  for (const piece of images) {
    if (start < end && start + piece.pictures > begin && !pieces.has(piece.file)) bytes += piece.bytes;
    start += piece.pictures;
  }
  return bytes;
}

async function load(name, rangesOf, { signal, onProgress }) {
  const response = await open('index.json', signal);
  const entry = (await response.json().catch(() => ({})))[name];
  if (!entry) throw new DataError('The list of MNIST’s files is damaged. Reload the page.');
  const ranges = rangesOf(entry.labels.pictures);
  const total = ranges.reduce((bytes, [begin, end]) => bytes + missingBytes(entry, begin, end), 0);
  let loaded = 0;
  const onBytes = (count) => onProgress?.({ loaded: (loaded += count), total });
  const sets = [];
  for (const [begin, end] of ranges) sets.push(await loadRange(entry, begin, end, { signal, onBytes }));
  return sets;
}

/**
 * The first `count` pictures to train on and those held back → { train, heldBack }, each { images, labels }.
 * `onProgress({ loaded, total })`: packed bytes. Rejects with DataError, or with the signal's reason.
 */
export async function loadTrainingSet(count, options = {}) {
  const [heldBack, train] = await load(
    'train',
    (all) => [
      [all - kHeldBack, all],
      [0, Math.min(count, all - kHeldBack)],
    ],
    options,
  );
  return { train, heldBack };
}

/** The pictures held back, as above. */
export async function loadHeldBack(options = {}) {
  const [heldBack] = await load('train', (all) => [[all - kHeldBack, all]], options);
  return heldBack;
}

/** The 10,000 test pictures, as above. */
export async function loadTestSet(options = {}) {
  const [test] = await load('test', (all) => [[0, all]], options);
  return test;
}
