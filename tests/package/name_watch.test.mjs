// What tells fields that other elements may name them: one observer for all of a document, which ends with the last.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { watchNames } from '../../web/package/element/name_watch.js';

/** Observes nothing: tests have it tell what they want. */
class SilentObserver {
  static made = [];
  observed = [];
  constructor(tell) {
    this.tell = tell;
    SilentObserver.made.push(this);
  }
  observe(root) {
    this.observed.push(root);
  }
  disconnect() {
    this.observed = [];
  }
}
beforeEach(() => {
  globalThis.MutationObserver = SilentObserver;
  SilentObserver.made = [];
});
afterEach(() => delete globalThis.MutationObserver);

/** A node that is such an element, or has one in it. */
const node = ({ isNamed = false, hasNamed = false }) => ({ matches: () => isNamed, querySelector: () => hasNamed });
const text = {};
const change = (...addedNodes) => ({ type: 'childList', addedNodes, removedNodes: [] });

test('all fields of a root share an observer, which ends with the last of them', () => {
  const root = {};
  const told = [];
  const ends = ['a', 'b'].map((name) => watchNames(root, () => told.push(name)));
  const [observer, ...others] = SilentObserver.made;
  assert.deepEqual([others.length, observer.observed], [0, [root]]);
  observer.tell([{ type: 'attributes', addedNodes: [], removedNodes: [] }]);
  assert.deepEqual(told, ['a', 'b']);
  ends[0]();
  observer.tell([change(node({ isNamed: true }))]);
  assert.deepEqual(told, ['a', 'b', 'b']);
  assert.deepEqual(observer.observed, [root]);
  ends[1]();
  assert.deepEqual(observer.observed, []);
  watchNames(root, () => {});
  assert.equal(SilentObserver.made.length, 2);
});

test('of what can name no field, nobody is told', () => {
  let told = 0;
  watchNames({}, () => ++told);
  const [observer] = SilentObserver.made;
  observer.tell([change(text, node({}))]);
  assert.equal(told, 0);
  observer.tell([change(text, node({ hasNamed: true }))]);
  observer.tell([{ type: 'childList', addedNodes: [], removedNodes: [node({ isNamed: true })] }]);
  assert.equal(told, 2);
});
