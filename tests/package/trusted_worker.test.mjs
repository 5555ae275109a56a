// Under Trusted Types, starting the engine must not disturb the page's own workers.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { trustWorkers } from '../../web/package/trusted_worker.js';

class BrowsersWorker {
  constructor(url) {
    this.url = url;
  }
}

before(() => {
  globalThis.Worker = BrowsersWorker;
  globalThis.trustedTypes = {
    createPolicy: (_name, { createScriptURL }) => ({ createScriptURL: (url) => ({ trusted: createScriptURL(url) }) }),
  };
});
after(() => {
  delete globalThis.Worker;
  delete globalThis.trustedTypes;
});

test('own addresses are trusted, the page’s go as they are', () => {
  const end = trustWorkers((url) => url.endsWith('/reader.js'));
  assert.deepEqual(new Worker('https://cdn.example/reader.js').url, { trusted: 'https://cdn.example/reader.js' });
  assert.equal(new Worker('./app.js').url, './app.js');
  end();
  assert.equal(Worker, BrowsersWorker);
});

test('starts that overlap leave the browser’s Worker behind, in whatever order they end', () => {
  for (const order of [
    [0, 1],
    [1, 0],
  ]) {
    // prettier-ignore
    const ends = [trustWorkers((url) => url === 'a'), trustWorkers((url) => url === 'b')];
    assert.deepEqual([new Worker('a').url, new Worker('b').url], [{ trusted: 'a' }, { trusted: 'b' }]);
    ends[order[0]]();
    const [gone, left] = order[0] === 0 ? ['a', 'b'] : ['b', 'a'];
    assert.deepEqual([new Worker(gone).url, new Worker(left).url], [gone, { trusted: left }]);
    ends[order[1]]();
    assert.equal(Worker, BrowsersWorker);
  }
});

test('a Worker that somebody else has put in place meanwhile stays', () => {
  const end = trustWorkers(() => true);
  const watched = (globalThis.Worker = class extends Worker {});
  end();
  assert.equal(Worker, watched);
  assert.equal(new Worker('a').url, 'a');
});
