// Lessons as files: what is saved can be opened again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLessonFiles } from '../../web/page/learning/lesson_files.js';
import { parameterCount } from '../../web/page/train/network_cost.js';
import { presets, problemsOf } from '../../web/page/train/settings.js';

test('the largest network that can be trained here, with symbols taught to it, can be opened', async () => {
  const settings = { ...presets.own.settings, filters1: 64, filters2: 0, kernel: 1, batchSize: 1 };
  const units = Array.from({ length: 1024 }, (_, i) => i + 1).findLast(
    (n) => problemsOf({ ...settings, units: n }).length === 0,
  );
  const bytes = 4 * parameterCount({ ...settings, units });
  assert.ok(bytes > 39e6, `${bytes} bytes`);
  const file = new File([new Uint8Array(bytes + 1e6)], 'large.safetensors');
  const { weights } = await readLessonFiles([file]);
  assert.equal(weights.byteLength, file.size);
  const larger = new File([new Uint8Array(65e6)], 'larger.safetensors');
  await assert.rejects(readLessonFiles([larger]), /larger\.safetensors is too large \(65.0 MB; 64 MB at most\)/);
});

test('a time that is none is no reason to refuse a drawing', async () => {
  const frame = Buffer.alloc(784, 9).toString('base64');
  const samples = [{ label: 1, frame, time: { toString: 1 } }];
  const file = new File([JSON.stringify({ format: 'inkdigit-samples', version: 1, samples })], 'drawings.json');
  assert.equal((await readLessonFiles([file])).samples.length, 1);
});
