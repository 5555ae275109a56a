// What a classifier's worker is going to need is fetched by its page, while the worker's own script is on its way.
import { chooseSimd, readerFiles } from './builds.js';
import { compileAhead } from './wasm_module.js';
import { readWeights } from './weights.js';

/**
 * Begins, where these options need no more than the shipped weights and one thread: → { fetched }, a promise of { simd, compiled:
 * WebAssembly.Module, weights: Uint8Array }, or of nothing if they cannot be had here, or come with another MIME type.
 * The worker tries then by itself, and tells what is wrong.
 */
export async function fetchAhead({ baseUrl, weights, precision, threads = 1, simd: askedSimd = 'auto' }) {
  if (weights !== undefined || precision === 'float32' || threads !== 1) return {};
  try {
    const { simd } = await chooseSimd(askedSimd);
    const files = [compileAhead(readerFiles[simd], baseUrl), readWeights(undefined, baseUrl, 'int8')];
    const fetched = Promise.all(files).then(([compiled, weights]) => ({ simd, compiled, weights }));
    return { fetched: fetched.catch(() => undefined) };
  } catch {
    return {};
  }
}
