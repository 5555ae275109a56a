/**
 * Reading alone, without a worker, synchronous once it is loaded: for a worker of your own, also a service worker, and for Node 20 or newer. Its
 * code is little more than half of that of `inkdigit/engine`; it reads int8 weights only, and cannot learn.
 */
import type { LoadOptions, Reader, WeightsSource } from './engine.js';

export { InkdigitError } from './engine.js';
export type {
  Backend,
  Classification,
  InkdigitErrorCode,
  LoadOptions,
  LocatedDigit,
  MemoryUse,
  Pixels,
  Reader,
  WeightsSource,
} from './engine.js';

/** Fetches and starts a reader. `weights` are int8, by default, also for null, the shipped ones; others are refused with the code `weights`. */
export function loadReader(
  options?: Omit<LoadOptions, 'precision'> & { weights?: WeightsSource | null },
): Promise<Reader>;
