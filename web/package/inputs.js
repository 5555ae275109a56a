// Checks of what callers hand over. Everything that C++ cannot see (JavaScript types) or would not
// look at (values) is checked here; sizes that must fit each other are checked there.
import { InkdigitError, inputError } from './errors.js';
import { frameSize } from './shapes.js';

/** Largest picture taken, in pixels (4096 × 4096). */
const mostPixels = 1 << 24;

/** The name of an object's class, also of another window's. */
export const tagOf = (value) => Object.prototype.toString.call(value).slice(8, -1);

export function describe(value) {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'number') return `${value}`;
  if (typeof value === 'string') return `"${value.slice(0, 40)}"`;
  const name = value.constructor?.name ?? typeof value;
  return typeof value.length === 'number' ? `${name} of length ${value.length}` : name;
}

/** An ImageData, or an object of the same form (Node has no ImageData). */
export function checkPixels(picture) {
  const { data, width, height } = picture ?? {};
  const isBytes = data instanceof Uint8ClampedArray || data instanceof Uint8Array;
  if (!isBytes) {
    if (data) throw inputError('picture.data', 'a Uint8ClampedArray or a Uint8Array', describe(data));
    throw inputError('picture', 'an ImageData, or { data: Uint8ClampedArray, width, height }', describe(picture));
  }
  checkPictureSize(width, height);
  if (data.length !== 4 * width * height) {
    throw inputError('picture.data', `4 × ${width} × ${height} = ${4 * width * height} bytes`, data.length);
  }
}

export function checkPictureSize(width, height) {
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)) {
    throw inputError('picture', 'a width and a height of at least 1 pixel', `${describe(width)} × ${describe(height)}`);
  }
  if (width * height > mostPixels) {
    throw inputError(
      'picture',
      `at most ${mostPixels} pixels (4096 × 4096)`,
      `${width} × ${height}. Scale it down first`,
    );
  }
}

/** n×784 numbers in 0…1: → n. */
export function checkFrames(frames, name = 'frames') {
  if (!(frames instanceof Float32Array)) throw inputError(name, 'a Float32Array of n×784', describe(frames));
  if (frames.length % frameSize !== 0) {
    throw inputError(name, 'a length that is a multiple of 784', frames.length);
  }
  for (let i = 0; i < frames.length; ++i) {
    // Written so that NaN fails too.
    if (!(frames[i] >= 0 && frames[i] <= 1)) {
      throw inputError(`${name}[${i}]`, 'a number from 0 (paper) to 1 (ink)', frames[i]);
    }
  }
  return frames.length / frameSize;
}

/** Features are outputs of layers: any finite number may stand there. */
export function checkFinite(values, name) {
  for (let i = 0; i < values.length; ++i) {
    if (!Number.isFinite(values[i])) throw inputError(`${name}[${i}]`, 'a finite number', values[i]);
  }
}

export function checkLabels(labels, name = 'labels') {
  if (!(labels instanceof Uint8Array)) throw inputError(name, 'a Uint8Array of digits', describe(labels));
  if (labels.length === 0) throw inputError(name, 'at least one label', 'none');
}

/** The last argument of most calls. Weights or their address in its place would go unnoticed. */
export function checkOptions(options) {
  if (Object.prototype.toString.call(options) !== '[object Object]') {
    throw inputError('options', 'an object of named options', describe(options));
  }
}

/** A misspelt option would go unnoticed. `options` are those of `owner`, which has the `known` ones. */
export function checkNames(options, owner, known) {
  const name = Object.keys(options).find((name) => !known.includes(name));
  if (name === undefined) return;
  throw new InkdigitError('input', `${name}: no such option of ${owner}; there are ${known.join(', ')}`);
}

/** Of what loads: those of every way to read, and of those that can learn, too. */
export const readerOptions = ['weights', 'baseUrl', 'threads', 'simd'];
export const engineOptions = [...readerOptions, 'precision'];

/** Of a call that takes its time: it may tell of its progress and be aborted. Throws its signal's reason if that has happened. */
export function checkLongOptions(options) {
  checkOptions(options);
  const { onProgress, signal } = options;
  if (isGiven(onProgress) && typeof onProgress !== 'function') {
    throw inputError('onProgress', 'a function', describe(onProgress));
  }
  if (isGiven(signal) && !signal.throwIfAborted) throw inputError('signal', 'an AbortSignal', describe(signal));
  signal?.throwIfAborted();
}

const isGiven = (option) => option !== undefined && option !== null;

export function checkString(value, name) {
  if (typeof value !== 'string') throw inputError(name, 'a string', describe(value));
}

export function checkPositive(value, name) {
  if (!(Number.isFinite(value) && value > 0)) throw inputError(name, 'a number above 0', describe(value));
}

export function checkCount(value, name) {
  if (!(Number.isSafeInteger(value) && value > 0)) throw inputError(name, 'a whole number above 0', describe(value));
}

export function checkScope(scope) {
  if (!['all', 'head'].includes(scope)) throw inputError('scope', "'all' or 'head'", describe(scope));
}

/** Bytes of a file, borrowed: an ArrayBuffer or any view → Uint8Array. */
export function asBytes(bytes, name = 'weights') {
  const isView = ArrayBuffer.isView(bytes);
  if (!isView && !['ArrayBuffer', 'SharedArrayBuffer'].includes(tagOf(bytes))) {
    throw inputError(name, 'an ArrayBuffer or a Uint8Array', describe(bytes));
  }
  try {
    return isView ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) : new Uint8Array(bytes);
  } catch (cause) {
    throw inputError(name, 'bytes', 'some that were transferred away', { cause });
  }
}
