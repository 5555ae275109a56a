/** The name of the method by which `using` ends an object; where browsers have none yet, that which esbuild and Babel give it. */
export const disposeSymbol = Symbol.dispose || Symbol.for('Symbol.dispose');
