/**
 * One classifier for all fields of a page that take it from the same place: started by the first that needs it,
 * ended when none has needed it for a while. Its worker, the engine and the weights are fetched then, not before; what starts it is part
 * of the element's own script: a module that could not be imported once, some browsers never try again.
 */
import { createClassifier } from '../index.js';

/** How long an unused classifier is kept, in milliseconds: fields are often moved, or replaced by others. */
const idleTime = 10_000;

const shared = new Map(); // key → { classifier: Promise, users, timer }

/** → { classifier: Promise, release(), discard() }; `discard` makes the next caller start a new one. */
export function borrowClassifier({ baseUrl, workerUrl }) {
  const key = JSON.stringify([baseUrl, workerUrl]);
  const isNew = !shared.has(key);
  if (isNew) shared.set(key, { classifier: start({ baseUrl, workerUrl }), users: 0 });
  const entry = shared.get(key);
  clearTimeout(entry.timer);
  ++entry.users;

  const forget = () => shared.get(key) === entry && shared.delete(key);
  if (isNew) entry.classifier.catch(forget); // who comes later is not to get the old failure
  const end = () => {
    forget();
    entry.classifier.then((classifier) => classifier.dispose()).catch(() => {});
  };
  let released = false;
  const release = () => {
    if (released) return;
    released = true;
    if (--entry.users === 0) entry.timer = setTimeout(end, idleTime);
  };
  return {
    classifier: entry.classifier,
    release,
    discard() {
      forget();
      release();
    },
  };
}

async function start(options) {
  try {
    return await createClassifier(options);
  } catch (error) {
    // What a worker tells that has started has no cause.
    if (error.code !== 'load' || !error.cause) throw error;
    return readHere(options).catch(() => {
      throw error;
    });
  }
}

/**
 * No worker starts: its files come from another origin, or the page's policy or sandbox forbids it. A digit is read so fast that the
 * page's own thread will do.
 */
async function readHere({ baseUrl }) {
  const { loadReader } = await import('../reader.js');
  const reader = await loadReader({ baseUrl, threads: 1 });
  return { classify: async (picture) => reader.classify(picture), dispose: () => reader.dispose() };
}
