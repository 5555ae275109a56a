// Digits that touch or overlap, told apart by what they are read as; no browser is needed for that.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boxAround } from '../../web/package/drawing/box.js';
import { readNeighbours } from '../../web/package/drawing/neighbouring_digits.js';

/** A stroke that spans a box, by the name of what it is a part of. */
const part = (name, left, right, top = 0, bottom = 1) =>
  Object.assign(
    [
      { x: left, y: top },
      { x: right, y: bottom },
    ],
    { part: name },
  );

const join = (strokes) => strokes.map((stroke) => stroke.part).join(' + ');
const unknown = { digit: 3, state: 'unsure', confidence: 0.3 };

/** Reads strokes, grouped by their numbers, where `known` tells what some of them are read as. → the digits, and what was read. */
async function read(strokes, grouping, known) {
  const asked = [];
  const readOne = async (group) => {
    asked.push(join(group));
    const digit = known[join(group)];
    return { ...(digit === undefined ? unknown : { digit, state: 'digit', confidence: 0.99 }), box: boxAround(group) };
  };
  const groups = grouping.map((numbers) => numbers.map((i) => strokes[i]));
  const readings = await Promise.all(groups.map(readOne));
  const digits = (await readNeighbours(strokes, groups, readings, readOne)).map(({ digit }) => digit);
  return { digits, asked };
}

test('strokes of two digits that were taken for one', async () => {
  const { digits } = await read([part('six', 0, 0.5), part('zero', 0.4, 1)], [[0, 1]], { six: 6, zero: 0 });
  assert.deepEqual(digits, [6, 0]);
});

test('a stroke that was taken for a part of the digit before', async () => {
  const strokes = [part('eight', 0, 0.5), part('angle', 0.4, 0.9, 0.1, 0.8), part('stem', 0.8, 0.9, 0.3, 1)];
  const { digits } = await read(strokes, [[0, 1], [2]], { eight: 8, 'angle + stem': 4, stem: 1 });
  assert.deepEqual(digits, [8, 4]);
});

test('a four whose stem stands off and lower is one, two ones on a line are two', async () => {
  const four = [part('angle', 0, 0.3, 0, 0.8), part('stem', 0.4, 0.45, 0.55, 1.2)];
  const known = { angle: 1, stem: 1, 'angle + stem': 4 };
  assert.deepEqual((await read(four, [[0], [1]], known)).digits, [4]);
  const ones = [part('first', 0, 0.05), part('second', 0.2, 0.25)];
  const { digits } = await read(ones, [[0], [1]], { first: 1, second: 1, 'first + second': 1 });
  assert.deepEqual(digits, [1, 1]);
});

test('a seven that is crossed when all is written', async () => {
  const strokes = [part('seven', 0, 0.5), part('zero', 0.45, 1), part('bar', 0.1, 0.4, 0.5, 0.55)];
  const { digits } = await read(strokes, [[0, 1, 2]], { seven: 7, 'seven + bar': 7, zero: 0 });
  assert.deepEqual(digits, [7, 0]);
});

test('what is like no digits either way stays as it is', async () => {
  const { digits } = await read([part('a', 0, 0.5), part('b', 0.4, 1)], [[0, 1]], {});
  assert.deepEqual(digits, [unknown.digit]);
});

test('digits that stand apart are read once each', async () => {
  const { digits, asked } = await read([part('two', 0, 0.5), part('one', 1, 1.1)], [[0], [1]], { two: 2, one: 1 });
  assert.deepEqual(digits, [2, 1]);
  assert.deepEqual(asked, ['two', 'one']);
});
