// Trusted Types: where a page demands them, a worker starts only from an address that a named policy has passed.
// Bundlers find a worker's script by the words `new Worker(new URL(…, import.meta.url))` alone, and Emscripten's glue
// starts its threads by such words too. So they stay, and `Worker` itself passes the address on to the policy.

/** Name of the policy, for a page's `trusted-types` directive. */
const policyName = 'inkdigit';

/**
 * Each of the package's scripts has this module in it, but a page lets a policy be made once. So the first that makes it leaves it
 * here for the others. null: there are no Trusted Types here, or the page refuses the policy.
 */
const policyKey = Symbol.for('inkdigit.trustedTypesPolicy');

function ownPolicy() {
  if (!(policyKey in globalThis)) {
    let policy = null;
    try {
      policy = globalThis.trustedTypes?.createPolicy(policyName, { createScriptURL: (url) => url }) ?? null;
    } catch {
      // The address goes as it is, which only a page that demands Trusted Types refuses.
    }
    Object.defineProperty(globalThis, policyKey, { value: policy });
  }
  return globalThis[policyKey];
}

/**
 * From here on `Worker` trusts addresses that `isOwn(url)` allows, all others are as they were.
 * → a function that ends it.
 */
export function trustWorkers(isOwn) {
  const trusted = ownPolicy();
  const Native = globalThis.Worker;
  if (!trusted || !Native) return () => {};
  const Trusting = class Worker extends Native {
    constructor(url, options) {
      super(isOwn(String(url)) ? trusted.createScriptURL(String(url)) : url, options);
    }
  };
  globalThis.Worker = Trusting;
  return () => {
    if (globalThis.Worker === Trusting) globalThis.Worker = Native;
  };
}
