// Fetching the package's own files and the caller's weights, in browsers and in Node.
import { InkdigitError, inputError } from './errors.js';

export const inNode = globalThis.process?.versions?.node !== undefined && globalThis.process.type !== 'renderer';

/** `url` made absolute; a relative one counts from the page. In Node what has no scheme is a path, from the working folder. */
export async function absoluteUrl(url, name) {
  try {
    if (!inNode) return new URL(url, globalThis.document?.baseURI ?? globalThis.location.href);
    const hasScheme = /^[a-z][a-z\d+.-]+:/i.test(url); // one letter is a drive
    return hasScheme ? new URL(url) : (await import('url')).pathToFileURL(url);
  } catch (cause) {
    throw inputError(name, 'a URL', `"${String(url)}"`, { cause });
  }
}

/** The folder of the package's files, absolute and with a slash at its end, and nothing after it; undefined, as null is, if none is given. */
export async function absoluteFolder(baseUrl) {
  if (baseUrl === undefined || baseUrl === null) {
    if (import.meta.url) return undefined;
    throw new InkdigitError('load', 'A classic script must give the folder of the package in `baseUrl`.');
  }
  const url = await absoluteUrl(baseUrl, 'baseUrl');
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  url.search = url.hash = '';
  return url.href;
}

/** What it is when a file, named in errors by `what`, does not come from `url`. */
export const notLoaded = (what, url, reason, cause) =>
  new InkdigitError(
    'load',
    `Could not load ${what} from ${url}: ${reason}. ` +
      'Check that the file is served at this address, or give the folder of the package in `baseUrl`.',
    { cause },
  );

/**
 * Fetches `url`; `what` names the file in errors. A page that comes in place of the file (many
 * servers answer so for what they do not have) is an error here, where its address is still known.
 */
export async function fetchFile(url, what) {
  const failed = (reason, cause) => notLoaded(what, url, reason, cause);
  if (inNode && url.protocol === 'file:') {
    const { readFile } = await import('fs/promises');
    try {
      return new Response(await readFile(url));
    } catch (cause) {
      throw failed(cause.message, cause);
    }
  }
  let response;
  try {
    response = await fetch(url, { credentials: 'same-origin' });
  } catch (cause) {
    throw failed(
      `the request failed (${cause.message}), or the page's Content-Security-Policy lacks it in connect-src`,
      cause,
    );
  }
  if (!response.ok) throw failed(`the server answered ${response.status} ${response.statusText}`.trim());
  if (response.headers.get('content-type')?.startsWith('text/html')) {
    throw failed('the server answered with a web page');
  }
  return response;
}

/** The bytes of a file whose fetching has begun. */
export async function bytesOf(response) {
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw new InkdigitError('load', `Could not load all of ${response.url} (${cause.message}). Try again.`, { cause });
  }
}

/** Throws what it is when a script of the package cannot be imported. */
export function noScript(cause) {
  throw new InkdigitError('load', `Could not load a script beside ${import.meta.url} (${cause.message}).`, { cause });
}
