// Sizes are exact, so they are held to budgets. What is fetched before the first answer, brotli-compressed: the scripts
// of `inkdigit` or of `inkdigit/engine`, one build's glue and wasm. The int8 weights count as they come.
import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { packageFolder } from './helpers.mjs';

const compressed = async (file) => brotliCompressSync(await readFile(path.join(packageFolder, file))).length;
const sum = async (files) => (await Promise.all(files.map(compressed))).reduce((total, bytes) => total + bytes, 0);

/** A script, and those that it imports from the start. */
async function withImports(script, found = new Set()) {
  if (found.has(script)) return found;
  found.add(script);
  const text = await readFile(path.join(packageFolder, script), 'utf8');
  for (const [, imported] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)) await withImports(imported, found);
  return found;
}

// Bytes. Lower them when the package gets smaller.
const readingBudgets = {
  wasm: 99_950,
  'wasm-threads': 122_800,
  'wasm-relaxed': 99_980,
  'wasm-relaxed-threads': 122_700,
};
const engineBudgets = {
  wasm: 173_100,
  'wasm-threads': 186_750,
  'wasm-relaxed': 171_600,
  'wasm-relaxed-threads': 185_550,
};

for (const [build, budget] of Object.entries(readingBudgets)) {
  test(`the code that a page needs to read by ${build} is at most ${budget} bytes`, async () => {
    const scripts = await withImports('worker.js', await withImports('index.js'));
    // Without threads, which is the default, the glue is in worker.js.
    const glue = build.endsWith('-threads') ? [`${build}/reader.js`] : [];
    const bytes = await sum([...scripts, ...glue, `${build}/reader.wasm`]);
    assert.ok(bytes <= budget, `${bytes} bytes`);
  });
}

for (const [build, budget] of Object.entries(engineBudgets)) {
  test(`the code of the whole engine by ${build} is at most ${budget} bytes`, async () => {
    const bytes = await sum([...(await withImports('engine.js')), `${build}/inkdigit.js`, `${build}/inkdigit.wasm`]);
    assert.ok(bytes <= budget, `${bytes} bytes`);
  });
}

// The bar for them is 1,000,000 bytes.
test('the weights for reading are at most 730,000 bytes', async () => {
  const bytes = (await stat(path.join(packageFolder, 'weights/inkdigit.int8.safetensors.gz'))).size;
  assert.ok(bytes <= 730_000, `${bytes} bytes`);
});
