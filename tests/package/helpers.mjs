// What several tests of the package need: the package as built, MNIST digits, pictures, a server.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export { readMnist } from '../../scripts/mnist.mjs';

export const packageFolder = fileURLToPath(new URL('../../build/package/', import.meta.url));
if (!existsSync(packageFolder)) throw new Error('There is no build/package. Run: npm run build');

export const { loadEngine, InkdigitError } = await import('../../build/package/engine.js');

export const toFloats = (bytes) => Float32Array.from(bytes, (ink) => ink / 255);

/** A 28×28 frame as someone would have drawn it: dark on white, each pixel `zoom` × `zoom`. */
export function drawFrame(frame, zoom = 6) {
  const side = 28 * zoom;
  const data = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let y = 0; y < side; ++y) {
    for (let x = 0; x < side; ++x) {
      const grey = 255 - frame[Math.floor(y / zoom) * 28 + Math.floor(x / zoom)];
      data.fill(grey, (y * side + x) * 4, (y * side + x) * 4 + 3);
    }
  }
  return { data, width: side, height: side };
}

/**
 * Five MNIST digits side by side with random gaps, dark on white, each pixel twice as large. The same for the same `n`.
 * → { picture, text, lefts: where the ink of each begins }.
 */
export function composePostcode(n, digit, labels) {
  const [zoom, width, height] = [2, 420, 140];
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  let state = n + 1;
  const below = (count) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // Numerical Recipes' generator
    return Math.floor((state / 2 ** 32) * count);
  };
  below(1);
  let [left, text] = [20, ''];
  const lefts = [];
  for (let k = 0; k < 5; ++k) {
    const index = below(labels.length);
    const frame = digit(index);
    const inked = [...Array(28).keys()].filter((x) => [...Array(28).keys()].some((y) => frame[y * 28 + x] > 60));
    const [first, last] = [inked[0], inked.at(-1)];
    const top = 30 + below(14);
    for (let y = 0; y < 28 * zoom; ++y) {
      for (let x = first * zoom; x < (last + 1) * zoom; ++x) {
        const at = ((top + y) * width + left + x - first * zoom) * 4;
        data.fill(255 - frame[Math.floor(y / zoom) * 28 + Math.floor(x / zoom)], at, at + 3);
      }
    }
    lefts.push(left);
    text += labels[index];
    left += (last - first + 1) * zoom + 3 + below(16);
  }
  return { picture: { data, width, height }, text, lefts };
}

/** How many rows of n×10 probabilities have their largest at the label. */
export function countCorrect(probabilities, labels) {
  return labels.reduce((correct, label, i) => {
    const row = probabilities.subarray(i * 10, i * 10 + 10);
    return correct + (row.indexOf(Math.max(...row)) === label);
  }, 0);
}

const mimeTypes = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
};

/**
 * Serves `folder` on a loopback port, as a plain static host would. `headers` go with every answer; `intercept(pathname, request)` may give
 * another answer { status, type, body }, or a promise of one; `isCut`: the connection ends in the middle of it. → { url, requests: pathnames so far, close() }.
 */
export async function serve(folder, { headers = {}, intercept = () => undefined } = {}) {
  const requests = [];
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    requests.push(pathname);
    const file = path.join(folder, path.normalize(pathname.endsWith('/') ? `${pathname}index.html` : pathname));
    const type = mimeTypes[path.extname(file)] ?? 'application/octet-stream';
    let answer = await intercept(pathname, request);
    try {
      answer = { status: 200, type, ...answer, body: answer?.body ?? (await readFile(file)) };
    } catch {
      answer = { status: 404, type: 'text/html', body: '<!doctype html>Not found' };
    }
    response.writeHead(answer.status, { ...headers, 'content-type': answer.type });
    if (answer.isCut) response.write(answer.body.subarray(0, 1000), () => response.destroy());
    else response.end(answer.body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  };
}
