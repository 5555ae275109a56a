// The examples do what they say.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { projectFolder } from '../../scripts/shell.mjs';

test('examples/learn.mjs learns a seven and a tick, undoes them, and trains a network', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['examples/learn.mjs'], {
    cwd: projectFolder,
    encoding: 'utf8',
    timeout: 300_000,
  });
  assert.equal(status, 0, stderr);
  for (const line of [
    /before: the seven is read as (?!7)/,
    /^learnt in/m,
    /after: another seven of this hand is read as 7/,
    /own symbols: tick; a tick is read as tick/,
    /after two undos: 0 symbols, and the seven is read as (?!7)/,
    /after the import: 1 symbol/,
    /reads (\d+) of 40 bars/,
  ]) {
    assert.match(stdout, line);
  }
  assert.ok(Number(/reads (\d+) of 40/.exec(stdout)[1]) >= 38, stdout);
});
