// Which class is the most probable; no browser is needed for that.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { best, ranked } from '../../web/page/ranking.js';

test('the largest comes first, of equal ones the first', () => {
  for (const [values, order] of [
    [
      [0.1, 0.7, 0.2],
      [1, 2, 0],
    ],
    [Float32Array.of(0.25, 0.5, 0.5, 0), [1, 2, 0, 3]],
    [
      [-3, -1, -2],
      [1, 2, 0],
    ],
  ]) {
    assert.deepEqual(ranked(values), order);
    assert.equal(best(values), order[0]);
  }
});
