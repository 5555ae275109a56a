// The builds of the package's two modules, the `reader` of int8 weights and the whole `engine`, and which of them fits here.
import { relaxedSimd } from 'wasm-feature-detect';
import { InkdigitError, inputError } from './errors.js';
import { inNode } from './files.js';
import { describe } from './inputs.js';

/** More threads than this gain nothing on a network of this size (tests/bench). */
const mostDefaultThreads = 4;

// All addresses are literal, so that bundlers see which files are needed. A thread runs the script that starts it, by its address: as
// it lies here, even where a bundler has made another of the one that starts it.

const baselineReader = { path: 'wasm/reader.wasm', url: () => new URL('./wasm/reader.wasm', import.meta.url) };
const relaxedReader = {
  path: 'wasm-relaxed/reader.wasm',
  url: () => new URL('./wasm-relaxed/reader.wasm', import.meta.url),
};

/** The wasm files of the reader without threads. */
export const readerFiles = { baseline: baselineReader, relaxed: relaxedReader };

// Without threads both have the same script, which is made part of those that import it (scripts/build_package.mjs).
export const readerBuilds = {
  defaultThreads: 1, // a drawing gains nothing from more, which cost 14 kB of code and a later start
  baseline: {
    single: { importGlue: () => import('./wasm/reader.js'), file: baselineReader },
    threads: {
      importGlue: () => import('./wasm-threads/reader.js'),
      threadScript: () => new URL('./wasm-threads/reader.js', import.meta.url),
      file: {
        path: 'wasm-threads/reader.wasm',
        url: () => new URL('./wasm-threads/reader.wasm', import.meta.url),
      },
    },
  },
  relaxed: {
    single: { importGlue: () => import('./wasm-relaxed/reader.js'), file: relaxedReader },
    threads: {
      importGlue: () => import('./wasm-relaxed-threads/reader.js'),
      threadScript: () => new URL('./wasm-relaxed-threads/reader.js', import.meta.url),
      file: {
        path: 'wasm-relaxed-threads/reader.wasm',
        url: () => new URL('./wasm-relaxed-threads/reader.wasm', import.meta.url),
      },
    },
  },
};

export const engineBuilds = {
  baseline: {
    single: {
      importGlue: () => import('./wasm/inkdigit.js'),
      file: {
        path: 'wasm/inkdigit.wasm',
        url: () => new URL('./wasm/inkdigit.wasm', import.meta.url),
      },
    },
    threads: {
      importGlue: () => import('./wasm-threads/inkdigit.js'),
      threadScript: () => new URL('./wasm-threads/inkdigit.js', import.meta.url),
      file: {
        path: 'wasm-threads/inkdigit.wasm',
        url: () => new URL('./wasm-threads/inkdigit.wasm', import.meta.url),
      },
    },
  },
  relaxed: {
    single: {
      importGlue: () => import('./wasm-relaxed/inkdigit.js'),
      file: {
        path: 'wasm-relaxed/inkdigit.wasm',
        url: () => new URL('./wasm-relaxed/inkdigit.wasm', import.meta.url),
      },
    },
    threads: {
      importGlue: () => import('./wasm-relaxed-threads/inkdigit.js'),
      threadScript: () => new URL('./wasm-relaxed-threads/inkdigit.js', import.meta.url),
      file: {
        path: 'wasm-relaxed-threads/inkdigit.wasm',
        url: () => new URL('./wasm-relaxed-threads/inkdigit.wasm', import.meta.url),
      },
    },
  },
};

/** `asked`: 'auto', 'relaxed' or 'baseline' → { simd, why }. */
export async function chooseSimd(asked) {
  if (!['auto', 'relaxed', 'baseline'].includes(asked)) {
    throw inputError('simd', "'auto', 'relaxed' or 'baseline'", describe(asked));
  }
  if (asked === 'baseline') return { simd: 'baseline', why: 'baseline SIMD: as asked' };
  if (await relaxedSimd())
    return { simd: 'relaxed', why: `relaxed SIMD: ${asked === 'auto' ? 'it is there' : 'as asked'}` };
  if (asked === 'auto') return { simd: 'baseline', why: 'baseline SIMD: there is no relaxed SIMD here' };
  throw new InkdigitError('unsupported', "simd: there is no relaxed SIMD here. Ask for 'auto' or 'baseline'.");
}

async function coreCount() {
  if (inNode) return (await import('os')).availableParallelism();
  return globalThis.navigator?.hardwareConcurrency ?? 1;
}

/** Why this place cannot run threads, or nothing if it can. */
function threadObstacle(baseUrl) {
  if (!inNode && !globalThis.crossOriginIsolated) {
    return 'the page is not cross-origin isolated (COOP and COEP headers)';
  }
  // WebKitGTK calls itself isolated and has none all the same.
  if (typeof SharedArrayBuffer === 'undefined') return 'this browser has no SharedArrayBuffer';
  const { origin, protocol } = new URL(baseUrl ?? import.meta.url);
  if (!inNode && protocol.startsWith('http') && origin !== globalThis.origin) {
    return `the package comes from another origin (${origin}), and workers may not`;
  }
  return undefined;
}

/** `asked` is the caller's wish, or undefined; `byDefault`, if given, is what is enough without one: → { threads, why }. */
export async function chooseThreads(asked, byDefault, baseUrl) {
  if (asked !== undefined && !(Number.isInteger(asked) && asked >= 1 && asked <= 64)) {
    throw inputError('threads', 'a whole number from 1 to 64', describe(asked));
  }
  if (asked === 1) return { threads: 1, why: '1 thread: as asked' };
  if (asked === undefined && byDefault === 1) return { threads: 1, why: '1 thread: enough for a drawing' };
  const obstacle = threadObstacle(baseUrl);
  if (obstacle) return { threads: 1, why: `1 thread: ${obstacle}` };
  if (asked) return { threads: asked, why: `${asked} threads: as asked` };
  const cores = await coreCount();
  if (cores < 2) return { threads: 1, why: '1 thread: this machine shows one core' };
  const threads = Math.min(cores, mostDefaultThreads);
  return { threads, why: `${threads} threads: ${cores} cores, and shared memory is allowed` };
}
