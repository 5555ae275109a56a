// Fetches the wasm file of one of the builds, and starts it.
import { chooseSimd, chooseThreads } from './builds.js';
import { InkdigitError } from './errors.js';
import { bytesOf, fetchFile, inNode, noScript, notLoaded } from './files.js';
import { trustWorkers } from './trusted_worker.js';

/** How long the threads may take to start, in milliseconds, before we go on with one. */
const threadStartLimit = 10_000;

const addressOf = (file, baseUrl) => (baseUrl ? new URL(file.path, baseUrl) : file.url());

/** Beside the wasm file, but in Node only on this machine: its threads run no others. */
const threadScriptAddress = ({ file, threadScript }, baseUrl) =>
  baseUrl && (!inNode || baseUrl.startsWith('file:'))
    ? new URL(file.path.replace('.wasm', '.js'), baseUrl)
    : threadScript();

/** Fetches and compiles a build's wasm file, if it comes as one. What is wrong if not, the module's own start tells. */
export const compileAhead = (file, baseUrl) =>
  WebAssembly.compileStreaming(fetch(addressOf(file, baseUrl), { credentials: 'same-origin' }));

/** Fetches and compiles a build's wasm file, whatever MIME type the server gives it. */
async function compile(file, baseUrl) {
  const url = addressOf(file, baseUrl);
  let response = await fetchFile(url, 'the engine');
  if (response.headers.get('content-type')?.startsWith('application/wasm')) {
    try {
      return await WebAssembly.compileStreaming(response);
    } catch {
      // Why it failed is told better by the bytes.
      response = await fetchFile(url, 'the engine');
    }
  }
  const bytes = await bytesOf(response);
  const magic = bytes.subarray(0, 4);
  if (String.fromCharCode(...magic) !== '\0asm') {
    const found = [...magic].map((byte) => byte.toString(16)).join(' ');
    throw notLoaded('the engine', url, `what came is not a WebAssembly file (it starts with ${found})`);
  }
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw new InkdigitError(
      'unsupported',
      `This browser cannot run ${url}: ${cause.message}. WebAssembly with SIMD and exceptions is needed: ` +
        'Chrome 112, Firefox 114, Safari 16.4 or newer. If the browser is newer, the file is damaged, ' +
        "or the page's Content-Security-Policy lacks script-src 'wasm-unsafe-eval'.",
      { cause },
    );
  }
}

/** Starts one build; `threads` counts the calling one. `ahead`: the compiled file, if there is one. */
async function start(build, baseUrl, threads, ahead) {
  const [compiled, glue] = await Promise.all([
    ahead ?? compile(build.file, baseUrl),
    build.importGlue().catch(noScript),
  ]);
  const threadScript = build.threadScript && threadScriptAddress(build, baseUrl);
  const endTrust = trustWorkers((script) => script === threadScript?.href);
  const settings = { pthreadPoolSize: threads - 1, threadScript }; // which the glue makes its module of
  try {
    return await new Promise((resolve, reject) => {
      const endWatch = threads > 1 ? watchThreadStart(reject) : undefined;
      settings.instantiateWasm = (imports, done) => {
        WebAssembly.instantiate(compiled, imports).then((instance) => done(instance, compiled), reject);
        return {};
      };
      glue.default(settings).then((module) => {
        endWatch?.();
        resolve(module);
      }, reject);
    });
  } catch (error) {
    settings.PThread?.terminateAllThreads(); // those that did start hold its memory
    if (error instanceof WebAssembly.LinkError) {
      throw new InkdigitError('load', `${build.file.path} is from another version of the package than its scripts.`, {
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

/** What both promises give: of loadModule(), whose threads end if the other fails, and of what the module is to work on. */
export async function loadBoth(module, other) {
  try {
    return await Promise.all([module, other]);
  } catch (error) {
    module.then(
      (started) => started.module.PThread?.terminateAllThreads(),
      () => {},
    );
    throw error;
  }
}

/**
 * Loads a module, one of `builds` (see builds.js): → { module, backend: { simd, threads, why } }.
 * `baseUrl`, if given, is absolute and ends in a slash. `ahead`: { simd, compiled }, the file of its build of one thread.
 */
export async function loadModule(builds, { baseUrl, threads: askedThreads, simd: askedSimd = 'auto' } = {}, ahead) {
  const { simd, why: simdWhy } = await chooseSimd(askedSimd);
  let { threads, why } = await chooseThreads(askedThreads, builds.defaultThreads, baseUrl);
  let module;
  if (threads > 1) {
    try {
      module = await start(builds[simd].threads, baseUrl, threads);
    } catch (error) {
      why = `1 thread: the threaded engine did not load (${error.message})`;
      threads = 1;
    }
  }
  module ??= await start(builds[simd].single, baseUrl, 1, ahead?.simd === simd ? ahead.compiled : undefined);
  return { module, backend: { simd, threads, why: `${why}; ${simdWhy}` } };
}
