// Calls that take turns in the page; no browser is needed for that.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Turns } from '../../web/page/turns.js';

test('a call begins when those before it have ended', async () => {
  const turns = new Turns();
  const seen = [];
  const call = (name) => async () => {
    seen.push(`${name} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    seen.push(`${name} ends`);
    return name;
  };
  assert.deepEqual(await Promise.all(['a', 'b'].map((name) => turns.take(call(name)))), ['a', 'b']);
  assert.deepEqual(seen, ['a begins', 'a ends', 'b begins', 'b ends']);
});

test('a call that fails, at once or later, is its caller’s to deal with, and never the next one’s', async () => {
  const turns = new Turns();
  const failures = [
    turns.take(() => {
      throw new Error('at once');
    }),
    turns.take(() => Promise.reject(new Error('later'))),
  ];
  const next = turns.take(() => 'well');
  await assert.rejects(failures[0], /at once/);
  await assert.rejects(failures[1], /later/);
  assert.equal(await next, 'well');
});
