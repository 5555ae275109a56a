// What an <ink-digit> holds, step by step, without a document.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Answer } from '../../web/package/element/answer.js';

const reading = (value, state) => ({
  value,
  state,
  confidence: 0.5,
  digits: [...value].map((digit) => ({ digit: Number(digit), state, confidence: 0.5 })),
});
const now = ({ value, state, isTyped }) => [value, state, isTyped];

/** What there is after these steps: [method, …arguments]. */
function after(...steps) {
  const answer = new Answer();
  for (const [method, ...args] of steps) answer[method](...args);
  return answer;
}

test('nothing, ink that waits, a sure reading: the value follows the last alone', () => {
  const answer = new Answer();
  assert.deepEqual(now(answer), ['', 'blank', false]);
  answer.ink();
  assert.deepEqual(now(answer), ['', 'reading', false]);
  assert.equal(answer.read(reading('4', 'digit'), false), true);
  assert.deepEqual(now(answer), ['4', 'digit', false]);
  answer.ink(); // more of it
  assert.deepEqual(now(answer), ['4', 'reading', false]);
  assert.equal(answer.read(reading('4', 'digit'), false), false, 'the value is the same');
});

test('an unsure reading gives guesses, and a value only where those are taken', () => {
  const asked = after(['ink'], ['read', reading('4', 'unsure'), false]);
  assert.deepEqual([...now(asked), asked.guesses], ['', 'unsure', false, ['4']]);
  const taken = after(['ink'], ['read', reading('4', 'unsure'), true]);
  assert.deepEqual(now(taken), ['4', 'unsure', false]);
  asked.write('4');
  assert.deepEqual([...now(asked), asked.guesses], ['4', 'digit', true, []]);
});

test('what is typed overrules ink, and new ink that', () => {
  const answer = after(['ink'], ['read', reading('4', 'digit'), false], ['write', '7']);
  assert.deepEqual(now(answer), ['7', 'digit', true]);
  answer.ink();
  assert.equal(answer.isTyped, false);
  answer.write('');
  assert.deepEqual(now(answer), ['', 'blank', false]);
});

test('a failure takes what was read, not what was typed, and may be over later', () => {
  const error = new Error('no files');
  const drawn = after(['ink'], ['read', reading('4', 'digit'), false], ['ink']);
  assert.equal(drawn.fail(error), true);
  assert.deepEqual([...now(drawn), drawn.error], ['', 'failed', false, error]);
  drawn.forgive();
  assert.deepEqual([...now(drawn), drawn.error], ['', 'blank', false, null]);
  const typed = after(['write', '7']);
  assert.equal(typed.fail(error), false);
  assert.deepEqual([...now(typed), typed.error], ['7', 'digit', true, null]);
});

test('the attribute counts until the user or the page has a say, and after a reset', () => {
  const answer = after(['writeDefault', '3']);
  assert.deepEqual([...now(answer), answer.isDirty], ['3', 'digit', true, false]);
  assert.equal(answer.tell(), false, 'nobody changed anything');
  answer.fail(new Error('no files'));
  assert.equal(answer.isDirty, false);
  for (const change of [['write', '4'], ['ink']]) assert.equal(after(['writeDefault', '3'], change).isDirty, true);
  answer.write('4');
  answer.writeDefault('3');
  assert.equal(answer.isDirty, false);
});

test('each value is told of once; what was read settles before', () => {
  const answer = after(['ink'], ['read', reading('4', 'digit'), false]);
  assert.equal(answer.isSettling, true);
  assert.equal(answer.tell(), true);
  assert.equal(answer.tell(), false);
  assert.equal(answer.isSettling, false);
  answer.write('7');
  assert.equal(answer.isSettling, false, 'typed values need not');
  assert.equal(answer.tell(), true);
});

test('what the browser kept comes back; what gave no value is read anew', () => {
  const stroke = [{ x: 0.5, y: 0.5, pressure: 0.5 }];
  for (const [kept, wanted] of [
    [{ value: '4', isTyped: false, strokes: [stroke], state: 'digit' }, ['4', 'digit', false]],
    [{ value: '4', isTyped: false, strokes: [stroke], state: 'reading' }, ['4', 'reading', false]],
    [{ value: '', isTyped: false, strokes: [stroke], state: 'unsure' }, ['', 'reading', false]],
    [{ value: '7', isTyped: true, strokes: [stroke], state: 'digit' }, ['7', 'digit', true]],
    [{ value: '', isTyped: false, strokes: [], state: 'blank' }, ['', 'blank', false]],
  ]) {
    const answer = after(['restore', kept]);
    assert.deepEqual(now(answer), wanted);
    assert.equal(answer.tell(), false);
  }
});
