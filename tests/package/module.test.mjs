// What the scripts of the package hand over to the wasm module is checked there where sizes must fit each other.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { packageFolder } from './helpers.mjs';

const { default: createModule } = await import('../../build/package/wasm/inkdigit.js');

test('augment refuses pictures that are not as many as their indices, and a seed or an epoch that is no number to count by', async () => {
  const module = await createModule({ wasmBinary: await readFile(path.join(packageFolder, 'wasm/inkdigit.wasm')) });
  const pool = new module.ThreadPool(1);
  const good = { frames: new Uint8Array(2 * 784), indices: Uint32Array.of(3, 4), ranges: {}, seed: 1, epoch: 0 };
  const augment = (changed) => module.augment({ ...good, ...changed }, pool);
  assert.equal(augment().length, 2 * 784);
  for (const [changed, message] of [
    [{ indices: Uint32Array.of(3, 4, 5) }, /frames: expected 784 values for each index, got 1568/],
    [{ indices: new Uint32Array(0) }, /frames: expected 784/],
    [{ frames: new Uint8Array(784 + 1), indices: Uint32Array.of(3) }, /frames/],
    [{ seed: -1 }, /seed: expected .*0/],
    [{ epoch: NaN }, /epoch/],
    [{ epoch: 2 ** 64 }, /epoch/],
  ]) {
    assert.throws(() => augment(changed), { code: 'input', message });
  }
  pool.delete();
});
