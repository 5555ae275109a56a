// Chooses one of the builds, fetches its wasm file and starts it.
import { relaxedSimd } from 'wasm-feature-detect';
import { InkdigitError } from './errors.js';
import { fetchFile, importNode, inNode } from './files.js';
import { trustWorkers } from './trusted_worker.js';

/** More threads than this gain nothing on a network of this size (tests/bench). */
const mostDefaultThreads = 4;
/** How long the threads may take to start, in milliseconds, before we go on with one. */
const threadStartLimit = 10_000;

// Literal, so that bundlers see which files are needed.
const builds = {
  reader: {
    baseline: {
      single: {
        importGlue: () => import('./wasm/reader.js'),
        path: 'wasm/reader.wasm',
        wasm: () => new URL('./wasm/reader.wasm', import.meta.url),
      },
      threads: {
        importGlue: () => import('./wasm-threads/reader.js'),
        path: 'wasm-threads/reader.wasm',
        wasm: () => new URL('./wasm-threads/reader.wasm', import.meta.url),
      },
    },
    relaxed: {
      single: {
        importGlue: () => import('./wasm-relaxed/reader.js'),
        path: 'wasm-relaxed/reader.wasm',
        wasm: () => new URL('./wasm-relaxed/reader.wasm', import.meta.url),
      },
      threads: {
        importGlue: () => import('./wasm-relaxed-threads/reader.js'),
        path: 'wasm-relaxed-threads/reader.wasm',
        wasm: () => new URL('./wasm-relaxed-threads/reader.wasm', import.meta.url),
      },
    },
  },
  engine: {
    baseline: {
      single: {
        importGlue: () => import('./wasm/inkdigit.js'),
        path: 'wasm/inkdigit.wasm',
        wasm: () => new URL('./wasm/inkdigit.wasm', import.meta.url),
      },
      threads: {
        importGlue: () => import('./wasm-threads/inkdigit.js'),
        path: 'wasm-threads/inkdigit.wasm',
        wasm: () => new URL('./wasm-threads/inkdigit.wasm', import.meta.url),
      },
    },
    relaxed: {
      single: {
        importGlue: () => import('./wasm-relaxed/inkdigit.js'),
        path: 'wasm-relaxed/inkdigit.wasm',
        wasm: () => new URL('./wasm-relaxed/inkdigit.wasm', import.meta.url),
      },
      threads: {
        importGlue: () => import('./wasm-relaxed-threads/inkdigit.js'),
        path: 'wasm-relaxed-threads/inkdigit.wasm',
        wasm: () => new URL('./wasm-relaxed-threads/inkdigit.wasm', import.meta.url),
      },
    },
  },
};

/** `asked`: 'auto', 'relaxed' or 'baseline' → { simd, why }. */
async function chooseSimd(asked) {
  if (!['auto', 'relaxed', 'baseline'].includes(asked)) {
    throw new InkdigitError('input', `simd: expected 'auto', 'relaxed' or 'baseline', got ${String(asked)}`);
  }
  if (asked === 'baseline') return { simd: 'baseline', why: 'baseline SIMD: as asked' };
  if (await relaxedSimd())
    return { simd: 'relaxed', why: `relaxed SIMD: ${asked === 'auto' ? 'this browser has it' : 'as asked'}` };
  if (asked === 'auto') return { simd: 'baseline', why: 'baseline SIMD: this browser has no relaxed SIMD' };
  throw new InkdigitError('unsupported', "simd: this browser has no relaxed SIMD. Ask for 'auto' or 'baseline'.");
}

async function coreCount() {
  if (inNode) return (await importNode('os')).availableParallelism();
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

/** `asked` is the caller's wish, or undefined: → { threads, why }. */
async function chooseThreads(asked, baseUrl) {
  if (asked !== undefined && !(Number.isInteger(asked) && asked >= 1 && asked <= 64)) {
    throw new InkdigitError('input', `threads: expected a whole number from 1 to 64, got ${asked}`);
  }
  if (asked === 1) return { threads: 1, why: '1 thread: as asked' };
  const obstacle = threadObstacle(baseUrl);
  if (obstacle) return { threads: 1, why: `1 thread: ${obstacle}` };
  if (asked) return { threads: asked, why: `${asked} threads: as asked` };
  const cores = await coreCount();
  if (cores < 2) return { threads: 1, why: '1 thread: this machine shows one core' };
  const threads = Math.min(cores, mostDefaultThreads);
  return { threads, why: `${threads} threads: ${cores} cores, and shared memory is allowed` };
}

/** Fetches and compiles a wasm file, whatever MIME type the server gives it. */
async function compile(url) {
  let response = await fetchFile(url, 'the engine');
  if (response.headers.get('content-type')?.startsWith('application/wasm')) {
    try {
      return await WebAssembly.compileStreaming(response);
    } catch {
      // Why it failed is told better by the bytes.
      response = await fetchFile(url, 'the engine');
    }
  }
  const bytes = await response.arrayBuffer().catch((cause) => {
    throw new InkdigitError('load', `Loading ${url} broke off (${cause.message}). Try again.`, { cause });
  });
  const magic = new Uint8Array(bytes.slice(0, 4));
  if (String.fromCharCode(...magic) !== '\0asm') {
    throw new InkdigitError(
      'load',
      `What came from ${url} is not a WebAssembly file (it starts with ${[...magic].map((b) => b.toString(16)).join(' ')}). ` +
        'Check that the file is served at this address, or give the folder of the package in `baseUrl`.',
    );
  }
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw new InkdigitError(
      'unsupported',
      `This browser cannot run ${url}: ${cause.message}. WebAssembly with SIMD and exceptions is needed: ` +
        'Chrome 95, Firefox 100, Safari 16.4 or newer. If the browser is newer, the file is damaged, ' +
        "or the page's Content-Security-Policy lacks script-src 'wasm-unsafe-eval'.",
      { cause },
    );
  }
}

/** Starts one build; `threads` counts the calling one. */
async function start(build, baseUrl, threads) {
  const url = baseUrl ? new URL(build.path, baseUrl) : build.wasm();
  const [compiled, glue] = await Promise.all([
    compile(url),
    build.importGlue().catch((cause) => {
      throw new InkdigitError(
        'load',
        `Could not load the engine's script beside ${import.meta.url} (${cause.message}).`,
        { cause },
      );
    }),
  ]);
  // In a worker all code is ours; on a page only the threads' own script is.
  const endTrust = trustWorkers(
    (script) => !globalThis.document || /\/(inkdigit|reader)\.js$/.test(new URL(script).pathname),
  );
  try {
    return await new Promise((resolve, reject) => {
      const endWatch = threads > 1 ? watchThreadStart(reject) : undefined;
      glue
        .default({
          pthreadPoolSize: threads - 1,
          instantiateWasm(imports, done) {
            WebAssembly.instantiate(compiled, imports).then((instance) => done(instance, compiled), reject);
            return {};
          },
        })
        .then((module) => {
          endWatch?.();
          resolve(module);
        }, reject);
    });
  } catch (error) {
    if (error instanceof WebAssembly.LinkError) {
      throw new InkdigitError('load', `${url} is from another version of the package than its scripts.`, {
        cause: error,
      });
    }
    if (error instanceof RangeError) {
      throw new InkdigitError(
        'memory',
        `The engine's memory could not be had (${error.message}). Close other pages and try again.`,
        { cause: error },
      );
    }
    throw error instanceof InkdigitError
      ? error
      : new InkdigitError('load', `The engine did not start (${error?.message ?? error}).`, { cause: error });
  } finally {
    endTrust();
  }
}

/**
 * The glue's own start waits for its threads for ever. Of one that fails it tells by throwing the
 * worker's error event into this scope, once for each. → a function to call when all have started.
 */
function watchThreadStart(fail) {
  const timer = setTimeout(() => fail(new Error('the threads did not start in time')), threadStartLimit);
  timer.unref?.(); // Node's; it would keep the process
  const onError = (event) => {
    if (!(event.error instanceof Event)) return; // not the glue's
    event.preventDefault();
    fail(new Error('a thread did not start'));
  };
  globalThis.addEventListener?.('error', onError);
  return () => {
    clearTimeout(timer);
    globalThis.removeEventListener?.('error', onError);
  };
}

/**
 * Loads a module, the 'reader' of int8 weights or the whole 'engine': → { module, backend: { simd, threads, why } }.
 * `baseUrl`, if given, is absolute and ends in a slash.
 */
export async function loadModule(kind, { baseUrl, threads: askedThreads, simd: askedSimd = 'auto' } = {}) {
  const { simd, why: simdWhy } = await chooseSimd(askedSimd);
  let { threads, why } = await chooseThreads(askedThreads, baseUrl);
  let module;
  if (threads > 1) {
    try {
      module = await start(builds[kind][simd].threads, baseUrl, threads);
    } catch (error) {
      why = `1 thread: the threaded engine did not load (${error.message})`;
      threads = 1;
    }
  }
  module ??= await start(builds[kind][simd].single, baseUrl, 1);
  return { module, backend: { simd, threads, why: `${why}; ${simdWhy}` } };
}
