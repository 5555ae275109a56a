/**
 * What every failure of this package is. `code` says what kind it is, the message what to do:
 * unsupported | load | weights | input | memory | disposed.
 */
export class InkdigitError extends Error {
  constructor(code, message, options) {
    super(message, options);
    this.name = 'InkdigitError';
    this.code = code;
  }

  /** Each of the package's scripts has this class in it; what one of them throws is the same to all. */
  static [Symbol.hasInstance](error) {
    return error instanceof Error && error.name === 'InkdigitError';
  }
}

/** The caller's fault: the argument called `name` is something else than was expected. */
export const inputError = (name, expected, got, options) =>
  new InkdigitError('input', `${name}: expected ${expected}, got ${got}`, options);

/** Turns whatever was thrown inside the engine into an InkdigitError. */
export function toInkdigitError(error) {
  if (error instanceof InkdigitError) return error;
  const message = error?.message ?? String(error);
  // The bindings put the code on the errors they throw (src/wasm/errors.h).
  if (error?.code && error.fromEngine) return new InkdigitError(error.code, message);
  if (error instanceof RangeError) {
    return new InkdigitError('memory', `Not enough memory: ${message}`, { cause: error });
  }
  return new InkdigitError(
    'unsupported',
    `The engine stopped unexpectedly (${message}). Dispose of it and create a new one.`,
    { cause: error },
  );
}

/** An error as postMessage can carry it, and back. */
export const packError = (error) => {
  const { code, message } = toInkdigitError(error);
  return { code, message };
};
export const unpackError = ({ code, message }) => new InkdigitError(code, message);
