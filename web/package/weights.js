import { absoluteUrl, fetchFile } from './files.js';
import { asBytes } from './inputs.js';

/** The weights that the package ships. */
export const shippedWeights = new URL('./weights/inkdigit.safetensors', import.meta.url);

/** `weights` as the public functions take them → bytes; undefined: the shipped ones. */
export async function readWeights(weights, baseUrl) {
  weights ??= baseUrl ? new URL('weights/inkdigit.safetensors', baseUrl) : shippedWeights;
  if (typeof weights !== 'string' && !(weights instanceof URL)) return asBytes(weights);
  const response = await fetchFile(await absoluteUrl(weights, 'weights'), 'the weights');
  return new Uint8Array(await response.arrayBuffer());
}
