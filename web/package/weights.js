import { InkdigitError, inputError } from './errors.js';
import { absoluteUrl, bytesOf, fetchFile } from './files.js';
import { asBytes, describe, tagOf } from './inputs.js';
import { readHeader } from './safetensors.js';

/**
 * The float32 weights that the package ships, which learning starts from. A classic script does not know its own address: it is told
 * by `baseUrl`, see absoluteFolder() in files.js.
 */
export const shippedWeights = import.meta.url && new URL('./weights/inkdigit.safetensors', import.meta.url);
/** Those, and int8 ones, compressed, for reading. */
const shipped = {
  float32: (baseUrl) => (baseUrl ? new URL('weights/inkdigit.safetensors', baseUrl) : shippedWeights),
  int8: (baseUrl) =>
    baseUrl
      ? new URL('weights/inkdigit.int8.safetensors.gz', baseUrl)
      : new URL('./weights/inkdigit.int8.safetensors.gz', import.meta.url),
};

/** Largest file that is decompressed, in bytes: all weights that a network may have, 2^26, are less. */
const mostBytes = 3e8;

/** Whether `weights` tell where to fetch them. */
export const isAddress = (weights) => typeof weights === 'string' || tagOf(weights) === 'URL';

/** `weights` as a public function is given them, for it to keep: bytes are copied, since who gave them may change them later. */
export const ownWeights = (weights) =>
  weights === undefined || weights === null || isAddress(weights) ? weights : asBytes(weights).slice();

/** `weights` as the public functions take them → bytes, not copied; undefined: the shipped ones of this precision. */
export async function readWeights(weights, baseUrl, precision = 'float32') {
  weights ??= shipped[precision](baseUrl);
  if (!isAddress(weights)) return decompressed(asBytes(weights));
  const url = await absoluteUrl(weights, 'weights');
  return decompressed(await bytesOf(await fetchFile(url, 'the weights')), ` from ${url}`);
}

/** Bytes of weights, borrowed, for who cannot wait for their decompression. */
export function plainBytes(weights) {
  const bytes = asBytes(weights);
  if (!isGzip(bytes)) return bytes;
  throw new InkdigitError(
    'weights',
    'These weights are compressed by gzip. Decompress them first, or give them to loadEngine(), which does.',
  );
}

/** Whether bytes begin as a gzip file does. Some servers have its contents decompressed on the way: then they do not. */
const isGzip = (bytes) => bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;

async function decompressed(bytes, from = '') {
  if (!isGzip(bytes)) return bytes;
  if (typeof DecompressionStream === 'undefined') {
    throw new InkdigitError(
      'unsupported',
      `This browser cannot decompress the weights${from}: give weights that are not compressed.`,
    );
  }
  try {
    // By hand: streams of a Blob and into a Response take three times as long, which a first reading waits for.
    const { readable, writable } = new DecompressionStream('gzip');
    const writer = writable.getWriter();
    const [contents] = await Promise.all([join(readable), writer.write(bytes), writer.close()]);
    return contents;
  } catch (cause) {
    throw new InkdigitError('weights', `The weights${from} are damaged (${cause.message}).`, { cause });
  }
}

/** All that comes from a stream of bytes. */
async function join(stream) {
  const chunks = [];
  let length = 0;
  for (const reader = stream.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.length;
    if (length > mostBytes) throw new Error('too large');
  }
  const bytes = new Uint8Array(length);
  chunks.reduce((begin, chunk) => (bytes.set(chunk, begin), begin + chunk.length), 0);
  return bytes;
}

/**
 * `weights` as in the options of loadEngine → { given: the bytes to read with, fetchFloat32: where those are the shipped int8
 * ones, () → promise of the float32 bytes }, which are fetched only when someone wants to keep them or to learn.
 */
export async function readSource(weights, baseUrl, precision) {
  const given = await readWeights(weights, baseUrl, precision ?? 'int8');
  const isShippedInt8 = weights === undefined && precision !== 'float32';
  return { given, fetchFloat32: isShippedInt8 ? () => readWeights(undefined, baseUrl) : undefined };
}

/** A source of weights → their float32 bytes. */
export async function toFloat32({ given, fetchFloat32 }) {
  const bytes = fetchFloat32 ? await fetchFloat32() : given;
  if (!isInt8(bytes)) return bytes;
  throw new InkdigitError(
    'weights',
    'Only int8 weights were given, for reading only. Give the float32 file, or resetWeights().',
  );
}

/** Whether weights (bytes) are int8; false for what is no weights file. */
export function isInt8(bytes) {
  try {
    return Object.values(readHeader(bytes).tensors).some(({ dtype }) => dtype === 'I8');
  } catch {
    return false; // the engine says what is wrong
  }
}

export function checkPrecision(precision) {
  if (precision !== undefined && precision !== 'int8' && precision !== 'float32') {
    throw inputError('precision', "'int8' or 'float32'", describe(precision));
  }
}
