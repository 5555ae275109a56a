// The page's end of the messages that worker.js answers.
import { InkdigitError, unpackError } from './errors.js';
import { alone, notCopied } from './messages.js';
import { trustWorkers } from './trusted_worker.js';

export class WorkerClient {
  #worker;
  #ownUrl; // of a script that was made for the worker, if any; given back once it has been loaded, or will not be
  #calls = new Map(); // id → { resolve, reject, onProgress }
  #lastId = 0;
  #early = []; // [message, transfer] until the worker listens: a bundler's worker loads its own script late, and would miss them
  #closed; // why no more calls are taken: an InkdigitError

  /** `baseUrl`: absolute folder of the package, or undefined for the folder of this module. `workerUrl`: see index.d.ts. */
  constructor(baseUrl, workerUrl) {
    this.#worker = this.#start(baseUrl, workerUrl);
    this.#worker.addEventListener('message', ({ data }) => {
      if (data.isListening) this.#flush();
      else this.#receive(data);
    });
    this.#worker.addEventListener('error', (event) => {
      event.preventDefault?.();
      const reason =
        event.message ||
        "its script did not load: is worker.js served, as JavaScript, and allowed by the page's Content-Security-Policy" +
          (globalThis.crossOriginIsolated ? ', with a Cross-Origin-Embedder-Policy header' : '') +
          '? Check that, or give the folder of the package in `baseUrl`, or in Vite name it in `optimizeDeps.exclude`.';
      this.dispose(
        new InkdigitError('load', `The worker of ${workerUrl ?? baseUrl ?? import.meta.url} failed: ${reason}`, {
          cause: event,
        }),
      );
    });
    this.#worker.addEventListener('messageerror', () => {
      this.dispose(new InkdigitError('memory', 'An answer of the worker could not be received.'));
    });
  }

  /** Why no more calls are taken, an InkdigitError; undefined while they are. */
  get closed() {
    return this.#closed;
  }

  /**
   * Calls `method` in the worker. The message leaves before this returns, so arguments are copied
   * (or transferred) as they are now, and calls stay in order.
   */
  call(method, args = [], { transfer = [], onProgress, signal } = {}) {
    if (this.#closed) return Promise.reject(this.#closed);
    if (signal?.aborted) return Promise.reject(signal.reason);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      // Whoever gives up need not wait until the worker has.
      const onAbort = () => {
        this.#post({ method: 'abort', args: [id] });
        this.#calls.get(id).reject(signal.reason);
      };
      const settle = (how) => (value) => {
        this.#calls.delete(id);
        signal?.removeEventListener('abort', onAbort);
        how(value);
      };
      this.#calls.set(id, { resolve: settle(resolve), reject: settle(reject), onProgress });
      try {
        this.#post({ id, method, args: args.map(alone) }, transfer);
        signal?.addEventListener('abort', onAbort);
      } catch (cause) {
        this.#calls.get(id).reject(notCopied(cause, [...args, ...transfer]));
      }
    });
  }

  /** Ends the worker, and with it all its memory; what waits for an answer is rejected, as are later calls. */
  dispose(reason = new InkdigitError('disposed', 'This object was disposed of. Create a new one.')) {
    this.#closed ??= reason;
    this.#worker.terminate();
    URL.revokeObjectURL(this.#ownUrl);
    for (const call of [...this.#calls.values()]) call.reject(this.#closed);
  }

  #post(message, transfer = []) {
    // Cloned together, so that what is to be transferred is the same in both.
    if (this.#early) this.#early.push(structuredClone([message, transfer], { transfer }));
    else this.#worker.postMessage(message, transfer);
  }

  #flush() {
    URL.revokeObjectURL(this.#ownUrl);
    for (const early of this.#early ?? []) this.#worker.postMessage(...early);
    this.#early = null;
  }

  #receive({ id, result, error, progress }) {
    const call = this.#calls.get(id);
    if (!call) return; // it was aborted
    if (progress) call.onProgress?.(progress);
    else if (error) call.reject(unpackError(error));
    else call.resolve(result);
  }

  // Each `new Worker` has its address and options as literals where bundlers are to find it, and where not, not.
  #start(baseUrl, workerUrl) {
    // Node's own Worker, which Emscripten's glue makes a global one, is another.
    if (!globalThis.Worker?.prototype.addEventListener) {
      throw new InkdigitError(
        'unsupported',
        'There are no web workers here. Use `inkdigit/engine`, or in a service worker `inkdigit/reader`, which need none.',
      );
    }
    const endTrust = trustWorkers(() => true); // nobody else's code runs until the end
    try {
      if (workerUrl === 'blob:') this.#ownUrl = scriptUrl(baseUrl);
      const url = this.#ownUrl ?? workerUrl ?? (baseUrl && `${baseUrl}worker.js`);
      if (url) return new Worker(url, { type: 'module' });
      return new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
    } catch (cause) {
      URL.revokeObjectURL(this.#ownUrl);
      throw new InkdigitError(
        'load',
        `The browser refused to start the worker (${cause.message}). It must come from the page's own origin: ` +
          "serve the package's files there and give their folder in `baseUrl`, or one file with the line " +
          `import '${new URL('worker.js', baseUrl ?? import.meta.url)}'; and give its address in \`workerUrl\`. ` +
          'If the page demands Trusted Types, it must allow the policy `inkdigit`.',
        { cause },
      );
    } finally {
      endTrust();
    }
  }
}

/** Of a worker from another origin: one line of the page's own, whose policy must allow worker-src blob:. */
function scriptUrl(baseUrl) {
  const line = `import ${JSON.stringify(new URL('worker.js', baseUrl ?? import.meta.url).href)};`;
  return URL.createObjectURL(new Blob([line], { type: 'text/javascript' }));
}
