import { loadEngine } from '/inkdigit/engine.js';

export const name = 'inkdigit';
export const version = 'float32';

export async function load({ bytes, threads }) {
  const engine = await loadEngine({ weights: bytes, threads });
  return { classifyBatch: (frames) => engine.classifyBatch(frames) };
}
