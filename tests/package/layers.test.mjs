// The caller's layers as the engine takes them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { architectureJson } from '../../web/package/layers.js';

test('layers with weights are named, and no others', () => {
  const layers = [{ type: 'conv2d' }, { type: 'relu' }, { type: 'dense' }, { type: 'dense', name: 'dense1' }];
  const named = (given) => JSON.parse(architectureJson(given)).layers.map(({ name }) => name);
  assert.deepEqual(named(layers), ['conv1', undefined, 'dense2', 'dense1']);
  assert.deepEqual(named([{ type: 'toString' }, { type: 'constructor' }]), [undefined, undefined]);
});
