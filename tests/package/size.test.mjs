// Sizes are exact, so they are held to budgets. What is fetched before the first answer, brotli-compressed: the scripts
// of `inkdigit`, one build's glue and wasm, and the int8 weights.
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { packageFolder } from './helpers.mjs';

const compressed = async (file) => brotliCompressSync(await readFile(path.join(packageFolder, file))).length;
const sum = async (files) => (await Promise.all(files.map(compressed))).reduce((total, bytes) => total + bytes, 0);

// Bytes. Lower them when the package gets smaller.
const codeBudgets = {
  wasm: 200_000,
  'wasm-threads': 214_000,
  'wasm-relaxed': 205_000,
  'wasm-relaxed-threads': 218_000,
};

for (const [build, budget] of Object.entries(codeBudgets)) {
  test(`the code of ${build} is at most ${budget} bytes`, async () => {
    const scripts = (await readdir(packageFolder)).filter((name) => name.endsWith('.js'));
    const bytes = await sum([...scripts, `${build}/inkdigit.js`, `${build}/inkdigit.wasm`]);
    assert.ok(bytes <= budget, `${bytes} bytes`);
  });
}

test('the weights for reading are at most 1,000,000 bytes', async () => {
  const bytes = await compressed('weights/inkdigit.int8.safetensors');
  assert.ok(bytes <= 1_000_000, `${bytes} bytes`);
});
