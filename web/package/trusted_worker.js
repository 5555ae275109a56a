// Trusted Types: where a page demands them, a worker starts only from an address that a named policy has passed.
// Bundlers find a worker's script by the words `new Worker(new URL(…, import.meta.url))` alone, and Emscripten's glue
// starts its threads by such words too. So they stay, and `Worker` itself passes the address on to the policy.

/** Name of the policy, for a page's `trusted-types` directive. */
const policyName = 'inkdigit';

/**
 * Each of the package's scripts has this module in it, but a page lets a policy be made once, and `Worker` is one for all. So the
 * first that needs them leaves them here for the others: { policy, rules, restore }.
 */
const sharedKey = Symbol.for('inkdigit.trustedWorkers');

function shared() {
  if (!(sharedKey in globalThis)) {
    let policy = null; // there are no Trusted Types here, or the page refuses the policy
    try {
      policy = globalThis.trustedTypes?.createPolicy(policyName, { createScriptURL: (url) => url }) ?? null;
    } catch {
      // The address goes as it is, which only a page that demands Trusted Types refuses.
    }
    Object.defineProperty(globalThis, sharedKey, { value: { policy, rules: new Set(), restore: () => {} } });
  }
  return globalThis[sharedKey];
}

/**
 * From here on `Worker` trusts addresses that `isOwn(url)` allows, all others are as they were.
 * → a function that ends it. With the last end, `Worker` is the browser's again.
 */
export function trustWorkers(isOwn) {
  const trust = shared();
  const { policy, rules } = trust;
  if (!policy || !globalThis.Worker) return () => {};
  const rule = (url) => isOwn(url); // a new one for each call
  if (rules.size === 0) trust.restore = replaceWorker(policy, rules);
  rules.add(rule);
  return () => {
    rules.delete(rule);
    if (rules.size === 0) trust.restore();
  };
}

/** → a function that puts the one before back. */
function replaceWorker(policy, rules) {
  const Native = globalThis.Worker;
  const Trusting = class Worker extends Native {
    constructor(url, options) {
      const address = String(url);
      super([...rules].some((isOwn) => isOwn(address)) ? policy.createScriptURL(address) : url, options);
    }
  };
  globalThis.Worker = Trusting;
  // What somebody has put in its place meanwhile stays.
  return () => {
    if (globalThis.Worker === Trusting) globalThis.Worker = Native;
  };
}
