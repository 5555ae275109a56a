/** What the bench takes from elsewhere, and figures. */
import { chromium } from 'playwright-core';
import { readMnist } from '../../scripts/mnist.mjs';
import { ensureSystemPackages, wholeBrowserProgram } from '../../scripts/setup/packages.mjs';

/** The browser as people have it, installed if need be, in which memory is measured at once instead of some time later. */
export async function launchBrowser() {
  await ensureSystemPackages({ purposes: ['bench'] });
  return chromium.launch({
    executablePath: wholeBrowserProgram(),
    handleSIGINT: false, // what has been measured is to be told first
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
  const { images, labels } = readMnist('t10k', count);
  return { images: Float32Array.from(images, (ink) => ink / 255), labels };
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return Number.isInteger(middle) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[Math.floor(middle)];
}
