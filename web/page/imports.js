/** Code that is fetched when it is first needed. */

/**
 * → a function that imports a module, once; after a failure the next call tries again. Browsers remember a failed import by its
 * address, so each new attempt has its own. (Some remember those of the modules that it imports, too: then only a reload helps.)
 * `importWith(query)` imports it, with this behind its address.
 */
function retryable(importWith) {
  let module;
  let failures = 0;
  return () => {
    module ??= importWith(failures === 0 ? '' : `?attempt=${failures}`).catch((error) => {
      module = undefined;
      ++failures;
      throw error;
    });
    return module;
  };
}

/** The package, as other sites have it. */
export const importPackage = retryable((query) => import(`./inkdigit/index.js${query}`));

export const importTrainView = retryable((query) => import(`./train/train_view.js${query}`));
