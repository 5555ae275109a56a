// Which strokes are of one digit; no browser is needed for that.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupStrokes } from '../../web/package/drawing/stroke_groups.js';

const line = (...points) => points.map(([x, y]) => ({ x, y, pressure: 0.5 }));
const sizes = (strokes) => groupStrokes(strokes).map((group) => group.length);

const fiveBody = line([0.3, 0.3], [0.3, 0.5], [0.5, 0.6], [0.5, 0.7], [0.3, 0.8]);
const cases = {
  'a dot': [[line([0.5, 0.5])], [1]],
  'a five and its bar': [[fiveBody, line([0.32, 0.3], [0.55, 0.28])], [2]],
  'a five whose bar stands off': [[fiveBody, line([0.36, 0.22], [0.58, 0.2])], [2]],
  'a crossed seven': [[line([0.3, 0.3], [0.6, 0.3], [0.4, 0.8]), line([0.35, 0.55], [0.55, 0.55])], [2]],
  'a four and its stem': [[line([0.4, 0.2], [0.3, 0.5], [0.6, 0.5]), line([0.52, 0.3], [0.5, 0.8])], [2]],
  'a slashed zero': [
    [line([0.5, 0.2], [0.3, 0.5], [0.5, 0.8], [0.7, 0.5], [0.5, 0.2]), line([0.65, 0.15], [0.35, 0.85])],
    [2],
  ],
  'a one hatched by level lines': [
    Array.from({ length: 20 }, (_, i) => line([0.5, 0.1 + 0.04 * i], [0.55, 0.1 + 0.04 * i])),
    [20],
  ],
  'a zero beside a crossed seven whose bar reaches it': [
    [
      line([0.3, 0.3], [0.2, 0.45], [0.3, 0.6], [0.4, 0.45], [0.3, 0.3]),
      line([0.5, 0.3], [0.7, 0.3], [0.6, 0.6]),
      line([0.42, 0.45], [0.72, 0.45]),
    ],
    [1, 2],
  ],
  'two ones': [
    [line([0.3, 0.3], [0.3, 0.6]), line([0.5, 0.3], [0.5, 0.6])],
    [1, 1],
  ],
  'two slanted ones, the second beginning where the first ends': [
    [line([0.4, 0.2], [0.2, 0.7]), line([0.6, 0.2], [0.4, 0.7])],
    [1, 1],
  ],
  'a dash between two ones': [
    [line([0.2, 0.3], [0.2, 0.7]), line([0.4, 0.5], [0.5, 0.5]), line([0.7, 0.3], [0.7, 0.7])],
    [1, 1],
  ],
};

for (const [name, [strokes, expected]] of Object.entries(cases)) {
  test(name, () => assert.deepEqual(sizes(strokes), expected));
}

test('of no strokes there are no groups', () => assert.deepEqual(groupStrokes([]), []));

for (const rows of [4, 6, 12]) {
  test(`${rows} rows of digits, however high all of them are together, are no hatches of one`, () => {
    const shapes = [
      [[0, 0], [0.5, 0], [0.2, 1]],
      [[0.25, 0], [0.25, 1]],
      [[0, 0.2], [0.5, 0.2], [0, 1], [0.5, 1]],
    ]; // prettier-ignore
    const height = 0.8 / (1.5 * rows);
    const drawn = Array.from({ length: rows }, (_, row) =>
      shapes.map((shape, i) =>
        line(...shape.map(([x, y]) => [0.1 + (0.8 * i + x) * height, 0.1 + (1.5 * row + y) * height])),
      ),
    ).flat();
    assert.deepEqual(
      groupStrokes(drawn),
      drawn.map((stroke) => [stroke]),
    );
  });
}

test('groups come row by row, each from left to right, whatever was drawn first', () => {
  const one = (x, y) => line([x, y], [x, y + 0.2]);
  const drawn = [one(0.6, 0.6), one(0.2, 0.12), one(0.3, 0.62), one(0.5, 0.1)];
  const order = groupStrokes(drawn).map(([stroke]) => drawn.indexOf(stroke));
  assert.deepEqual(order, [1, 3, 2, 0]);
});
