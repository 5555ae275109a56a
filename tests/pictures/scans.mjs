/**
 * Grey pictures of digits, { width, height, values: ink 0…1 by rows, label }, and what other collections do to them: cut them out,
 * scan them coarsely, enlarge them.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { imageBytes, readMnist } from '../../scripts/mnist.mjs';
import { firstHeldBack } from '../../scripts/rehearsal.mjs';

/** The first `count` of MNIST's held-back pictures. */
export function heldBackPictures(count) {
  const { images, labels } = readMnist('train');
  return Array.from(labels.subarray(firstHeldBack).subarray(0, count), (label, i) => {
    const begin = (firstHeldBack + i) * imageBytes;
    const values = Float32Array.from(images.subarray(begin, begin + imageBytes), (level) => level / 255);
    return { width: 28, height: 28, values, label };
  });
}

/** A file with a line for each picture, a square of levels of ink and the digit (UCI 80's form), perhaps gzipped. */
export function picturesOfTable(file, count) {
  const bytes = readFileSync(file);
  const text = String(bytes[0] === 0x1f ? gunzipSync(bytes) : bytes);
  const rows = text.trim().split('\n').slice(0, count);
  const tables = rows.map((row) => row.split(',').map(Number));
  const most = tables.reduce((largest, table) => Math.max(largest, ...table.slice(0, -1)), 0);
  return tables.map((table) => {
    const side = Math.sqrt(table.length - 1);
    if (!Number.isInteger(side)) throw new Error(`${file}: expected a square of levels and a digit in each line`);
    const values = Float32Array.from(table.slice(0, -1), (level) => level / most);
    return { width: side, height: side, values, label: table.at(-1) };
  });
}

/** To the ends of its strokes. */
export function cutOut({ width, values, label }) {
  const places = [...values.keys()].filter((i) => values[i] > 0.12);
  const xs = places.map((i) => i % width);
  const ys = places.map((i) => Math.floor(i / width));
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const cut = { width: Math.max(...xs) - left + 1, height: Math.max(...ys) - top + 1, label };
  cut.values = new Float32Array(cut.width * cut.height);
  for (let i = 0; i < cut.values.length; ++i) {
    cut.values[i] = values[(top + Math.floor(i / cut.width)) * width + left + (i % cut.width)];
  }
  return cut;
}

const build = (width, height, label, valueAt) => {
  const values = new Float32Array(width * height);
  for (let y = 0; y < height; ++y) for (let x = 0; x < width; ++x) values[y * width + x] = valueAt(x, y);
  return { width, height, values, label };
};

/** Levels between the middles of pixels; beyond the picture's edge, those at the edge. */
export function between({ width, height, values }, x, y) {
  const clamp = (at, length) => Math.min(Math.max(at, 0), length - 1);
  const [u, v] = [clamp(x - 0.5, width), clamp(y - 0.5, height)];
  const [left, top] = [Math.floor(u), Math.floor(v)];
  const [right, bottom] = [clamp(left + 1, width), clamp(top + 1, height)];
  const row = (w) => values[w * width + left] + (u - left) * (values[w * width + right] - values[w * width + left]);
  return row(top) + (v - top) * (row(bottom) - row(top));
}

/** In the middle of a square of `side` pixels, which its longer side fills; each pixel is the mean of what it covers. */
export function scanAt(picture, side) {
  const span = Math.max(picture.width, picture.height);
  const steps = 6;
  return build(side, side, picture.label, (x, y) => {
    let sum = 0;
    for (let i = 0; i < steps ** 2; ++i) {
      const u = ((x + ((i % steps) + 0.5) / steps) / side) * span - (span - picture.width) / 2;
      const v = ((y + (Math.floor(i / steps) + 0.5) / steps) / side) * span - (span - picture.height) / 2;
      if (u > 0 && v > 0 && u < picture.width && v < picture.height) sum += between(picture, u, v);
    }
    return sum / steps ** 2;
  });
}

export const enlargeSmoothly = (picture, times) =>
  build(picture.width * times, picture.height * times, picture.label, (x, y) =>
    between(picture, (x + 0.5) / times, (y + 0.5) / times),
  );

export const enlargeBySquares = (picture, times) =>
  build(
    picture.width * times,
    picture.height * times,
    picture.label,
    (x, y) => picture.values[Math.floor(y / times) * picture.width + Math.floor(x / times)],
  );

/** Numbers of a normal distribution, the same each time. */
export function normalNumbers(seed) {
  let state = seed;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** As ImageData; `noise` is a standard deviation, of 255 levels. */
export function inColours({ width, height, values }, { ink = 20, paper = 235, noise = 0 } = {}) {
  const data = new Uint8ClampedArray(values.length * 4);
  const normal = normalNumbers(width * height);
  for (let i = 0; i < values.length; ++i) {
    data.fill(paper + values[i] * (ink - paper) + noise * normal(), 4 * i, 4 * i + 3);
    data[4 * i + 3] = 255;
  }
  return { data, width, height };
}
