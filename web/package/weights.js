import { InkdigitError } from './errors.js';
import { absoluteUrl, fetchFile } from './files.js';
import { asBytes } from './inputs.js';

/** The weights that the package ships: float32, which learning starts from, and int8, for reading. */
export const shippedWeights = new URL('./weights/inkdigit.safetensors', import.meta.url);
const shippedInt8Weights = new URL('./weights/inkdigit.int8.safetensors', import.meta.url);
const shipped = {
  float32: (baseUrl) => (baseUrl ? new URL('weights/inkdigit.safetensors', baseUrl) : shippedWeights),
  int8: (baseUrl) => (baseUrl ? new URL('weights/inkdigit.int8.safetensors', baseUrl) : shippedInt8Weights),
};

/** `weights` as the public functions take them → bytes; undefined: the shipped ones of this precision. */
export async function readWeights(weights, baseUrl, precision = 'float32') {
  weights ??= shipped[precision](baseUrl);
  if (typeof weights !== 'string' && !(weights instanceof URL)) return asBytes(weights);
  const response = await fetchFile(await absoluteUrl(weights, 'weights'), 'the weights');
  return new Uint8Array(await response.arrayBuffer());
}

export function checkPrecision(precision) {
  if (precision !== undefined && precision !== 'int8' && precision !== 'float32') {
    throw new InkdigitError('input', `precision: expected 'int8' or 'float32', got ${String(precision)}`);
  }
}
