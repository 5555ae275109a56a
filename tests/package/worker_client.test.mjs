// The page's end of a worker that starts late, fails, or is not waited for.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { WorkerClient } from '../../web/package/worker_client.js';

/** Does nothing by itself: tests have it tell what they want. */
class SilentWorker extends EventTarget {
  static last;
  posted = []; // [message, transfer]
  constructor(url) {
    super();
    this.url = url;
    SilentWorker.last = this;
  }
  postMessage(message, transfer = []) {
    this.posted.push([message, transfer]);
  }
  terminate() {}
  tell(type, fields) {
    this.dispatchEvent(Object.assign(new Event(type), fields));
  }
}

const { revokeObjectURL } = URL;
let revoked;
before(() => {
  globalThis.Worker = SilentWorker;
  URL.revokeObjectURL = (url) => {
    revoked.push(url);
    revokeObjectURL(url);
  };
});
beforeEach(() => (revoked = []));
after(() => {
  delete globalThis.Worker;
  URL.revokeObjectURL = revokeObjectURL;
});

const ends = {
  'it listens': (client, worker) => worker.tell('message', { data: { isListening: true } }),
  'it fails': (client, worker) => worker.tell('error', { message: 'no' }),
  'it is disposed of': (client) => client.dispose(),
};
for (const [when, end] of Object.entries(ends)) {
  test(`the address of a worker from another origin is given back when ${when}`, () => {
    const client = new WorkerClient('https://cdn.example/inkdigit/', 'blob:');
    const worker = SilentWorker.last;
    assert.match(worker.url, /^blob:/);
    assert.deepEqual(revoked, []);
    end(client, worker);
    assert.ok(revoked.includes(worker.url));
  });
}

test('of a view no more is sent than it shows, where its buffer is much larger', () => {
  const client = new WorkerClient();
  const worker = SilentWorker.last;
  worker.tell('message', { data: { isListening: true } });
  const numbers = new Float32Array(10).fill(1);
  client.call('step', [numbers.subarray(2, 4), numbers, numbers.subarray(1)]).catch(() => {});
  const [[{ args }]] = worker.posted;
  assert.deepEqual(args, [Float32Array.of(1, 1), numbers, numbers.subarray(1)]);
  assert.deepEqual(
    args.map(({ buffer }) => buffer.byteLength),
    [8, 40, 40],
  );
  client.dispose();
});

test('what is handed over before the worker listens is handed on to it, not copied once more', () => {
  const client = new WorkerClient();
  const worker = SilentWorker.last;
  const [pixels, kept] = [new ArrayBuffer(8), new ArrayBuffer(4)];
  client.call('classify', [{ pixels, kept }], { transfer: [pixels] }).catch(() => {});
  client.call('memory').catch(() => {});
  assert.deepEqual([pixels.byteLength, kept.byteLength], [0, 4]); // given away, and copied, at once
  assert.deepEqual(worker.posted, []);
  worker.tell('message', { data: { isListening: true } });
  const [[first, transfer], [second]] = worker.posted;
  assert.deepEqual([first.method, second.method], ['classify', 'memory']);
  assert.equal(first.args[0].pixels.byteLength, 8);
  assert.equal(transfer.length, 1);
  assert.equal(transfer[0], first.args[0].pixels);
  client.dispose();
});

test('a call that is aborted rejects at once, whatever the worker answers later', async () => {
  const client = new WorkerClient();
  const worker = SilentWorker.last;
  worker.tell('message', { data: { isListening: true } });
  const abort = new AbortController();
  const told = [];
  const reading = client.call('fit', [], { signal: abort.signal, onProgress: (progress) => told.push(progress) });
  const next = client.call('memory');
  worker.tell('message', { data: { id: 1, progress: 'first' } });
  abort.abort(new Error('enough'));
  await assert.rejects(reading, { message: 'enough' });
  const [{ id, method, args }] = worker.posted.at(-1);
  assert.deepEqual([id, method, args], [undefined, 'abort', [1]]);
  for (const late of [{ progress: 'late' }, { result: 7 }]) worker.tell('message', { data: { id: 1, ...late } });
  worker.tell('message', { data: { id: 2, result: 8 } });
  assert.equal(await next, 8);
  assert.deepEqual(told, ['first']);
  client.dispose();
});
