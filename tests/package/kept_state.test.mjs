// What a field finds in the browser's history may be of another version of the package, or of another page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packState, unpackState } from '../../web/package/element/kept_state.js';

const stroke = [
  { x: 0.5, y: 0.25, pressure: 0.5 },
  { x: 0.5, y: 0.75, pressure: 0.5 },
];
const kept = { value: '1', isTyped: false, strokes: [stroke], state: 'digit' };

test('what was packed is unpacked as it was', () => {
  for (const change of [{}, { value: '', strokes: [], state: 'blank' }, { isTyped: true }, { state: 'failed' }]) {
    const { value, isTyped, strokes, state } = { ...kept, ...change };
    assert.deepEqual(unpackState(packState(value, isTyped, strokes, state)), { value, isTyped, strokes, state });
  }
});

test('an older form is unpacked, too: without a state, what was drawn is to be read anew', () => {
  const older = JSON.stringify({ ...kept, state: undefined });
  assert.deepEqual(unpackState(older), { ...kept, state: 'reading' });
});

for (const [what, text] of Object.entries({
  'no JSON': 'floor=4',
  nothing: '',
  null: 'null',
  'a number': '4',
  'a value of letters': JSON.stringify({ ...kept, value: '<b>' }),
  'a value that is a number': JSON.stringify({ ...kept, value: 1 }),
  'no value': JSON.stringify({ strokes: [stroke], state: 'digit' }),
  'a state of its own': JSON.stringify({ ...kept, state: 'constructor' }),
  'no strokes': JSON.stringify({ ...kept, strokes: undefined }),
  'strokes that are none': JSON.stringify({ ...kept, strokes: [null] }),
  'an empty stroke': JSON.stringify({ ...kept, strokes: [stroke, []] }),
  'a point that is none': JSON.stringify({ ...kept, strokes: [[null]] }),
  'a point without a place': JSON.stringify({ ...kept, strokes: [[{ x: 0.5, pressure: 0.5 }]] }),
  'a point nowhere': JSON.stringify({ ...kept, strokes: [[{ x: NaN, y: 0.5, pressure: 0.5 }]] }),
})) {
  test(`${what} is not taken`, () => assert.equal(unpackState(text), null));
}
