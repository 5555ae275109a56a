/** Photographs of digits on paper, as a telephone might take them: light, shadow, blur, noise and JPEG. */
import { openCanvas } from '../strokes/node_canvas.mjs';
import { between, normalNumbers } from './scans.mjs';

const photoWidth = 640;
const photoHeight = 480;

const vignette = (x, y) => 1 - 0.8 * ((x - 0.5) ** 2 + (y - 0.5) ** 2);
const across = (angle, x, y) => (x - 0.5) * Math.cos(angle) + (y - 0.5) * Math.sin(angle);
const fromTheSide = (angle, x, y) => 0.75 - 0.5 * across(angle, x, y);
/** `softness` is the width of the shadow's edge, as a share of the picture. */
const shadow = (depth, softness) => (angle, x, y) =>
  1 - depth * Math.min(1, Math.max(0, across(angle, x, y) / softness + 0.5));

// What is in the picture, too: whether it covers a pixel that lies (dx, dy) from the digit's middle, in the digit's heights, and
// (x, y) from the picture's, in its sides.
/** Of a side in heights. */
const box =
  (side) =>
  ({ dx, dy }) =>
    Math.abs(Math.max(Math.abs(dx), Math.abs(dy)) - side / 2) < 0.015;
/** Its cells are so wide and high, its lines so thick, in heights. */
const table =
  (cell, thickness) =>
  ({ dx, dy }) =>
    Math.min(...[dx, dy].map((d) => Math.abs((((d % cell) + cell) % cell) - cell / 2))) < thickness / 2;
const lineBelow = ({ dx, dy }) => Math.abs(dy - 0.62) < 0.015 && Math.abs(dx) < 0.6;
const tableTop = ({ x }) => x < -0.46;
const finger = ({ x, y }) => Math.hypot(x + 0.45, Math.max(0, 0.38 - y)) < 0.07;
const hair = ({ x, y }) => Math.abs(Math.hypot(x - 0.5, y + 0.5) - 0.08) < 0.003;

/** Light is 0…1, by an angle that differs from picture to picture; `height` and `blur` in pixels; `noise` of 255 levels. */
const usual = {
  light: (angle, x, y) => vignette(x, y),
  height: 200,
  strength: 1,
  blur: 1,
  noise: 3,
  quality: 75,
  paper: [235, 230, 220],
  ink: [35, 40, 70],
};

export const photographs = {
  'a vignette': usual,
  'light from the side': { ...usual, light: fromTheSide },
  'a hard shadow': { ...usual, light: shadow(0.5, 0.02) },
  'a soft shadow': { ...usual, light: shadow(0.6, 0.4) },
  'side light and a shadow': {
    ...usual,
    light: (angle, x, y) => fromTheSide(angle, x, y) * shadow(0.4, 0.15)(angle + 2, x, y),
    noise: 5,
  },
  pencil: { ...usual, light: fromTheSide, strength: 0.45, noise: 4 },
  'out of focus': { ...usual, light: fromTheSide, blur: 5 },
  'written small': { ...usual, light: fromTheSide, height: 60 },
  'written large, a shadow': {
    ...usual,
    light: (angle, x, y) => vignette(x, y) * shadow(0.4, 0.1)(angle, x, y),
    height: 400,
  },
  'a blackboard': { ...usual, light: fromTheSide, paper: [40, 60, 50], ink: [220, 225, 220] },
  'yellow paper, a shadow, a small file': {
    ...usual,
    light: (angle, x, y) => vignette(x, y) * shadow(0.4, 0.2)(angle, x, y),
    paper: [240, 205, 110],
    ink: [90, 60, 60],
    quality: 40,
  },
  'a box around it': { ...usual, thing: box(1.5) },
  'a box close around it': { ...usual, thing: box(1.04) },
  'across the lines of a box': { ...usual, thing: box(0.92) },
  'in a table': { ...usual, thing: table(1.5, 0.024), height: 120 },
  'a cell of a table of thick lines': { ...usual, thing: table(1.5, 0.08), height: 280 },
  'close to the thick lines of a table': { ...usual, thing: table(1.1, 0.08) },
  'a line below it': { ...usual, thing: lineBelow },
  'a table top beside the paper': { ...usual, thing: tableTop, colour: [95, 60, 35] },
  'a finger': { ...usual, thing: finger, colour: [190, 130, 100] },
  'a hair': { ...usual, thing: hair, colour: [120, 110, 100] },
  'a whiteboard with glare': {
    ...usual,
    light: (angle, x, y) => 0.75 + 0.5 * Math.exp(-20 * ((x - 0.5 - 0.3 * Math.cos(angle)) ** 2 + (y - 0.4) ** 2)),
    paper: [215, 220, 220],
  },
  'hardly any light': { ...usual, light: (angle, x, y) => 0.35 * fromTheSide(angle, x, y), noise: 6, quality: 60 },
};

/** Means over 2·radius + 1 pixels, along rows and columns. */
function blurred(ink, radius) {
  const mean = (values, length, stride, lines, lineStride) => {
    const result = new Float32Array(values.length);
    for (let line = 0; line < lines; ++line) {
      const at = (i) => values[line * lineStride + Math.min(length - 1, Math.max(0, i)) * stride];
      let sum = 0;
      for (let i = -radius; i <= radius; ++i) sum += at(i);
      for (let i = 0; i < length; ++i) {
        result[line * lineStride + i * stride] = sum / (2 * radius + 1);
        sum += at(i + radius + 1) - at(i - radius);
      }
    }
    return result;
  };
  return mean(mean(ink, photoWidth, 1, photoHeight, photoWidth), photoHeight, photoWidth, photoWidth, 1);
}

/** The picture's ink somewhere on the paper, a little turned: → { ink, left, top }, its middle. */
function written(picture, { height }, random) {
  const scale = height / Math.max(picture.width, picture.height);
  const free = (length) => length / 2 + (random() - 0.5) * Math.max(0, length - height * 1.3);
  const [left, top] = [free(photoWidth), free(photoHeight)];
  const angle = 0.2 * (random() - 0.5);
  const [cosine, sine] = [Math.cos(angle) / scale, Math.sin(angle) / scale];
  const ink = new Float32Array(photoWidth * photoHeight);
  for (let i = 0; i < ink.length; ++i) {
    const [x, y] = [(i % photoWidth) + 0.5 - left, Math.floor(i / photoWidth) + 0.5 - top];
    const u = cosine * x + sine * y + picture.width / 2;
    const v = cosine * y - sine * x + picture.height / 2;
    if (u < 0 || v < 0 || u > picture.width || v > picture.height) continue;
    ink[i] = Math.min(1, Math.max(0, 2.2 * (between(picture, u, v) - 0.25))); // a pen's edge is sharper
  }
  return { ink, left, top };
}

/** → async (picture, one of `photographs`, a number that makes it differ) → ImageData of the photograph, as its JPEG is decoded. */
export async function openCamera() {
  const { createCanvas, loadImage } = await openCanvas();
  const canvas = createCanvas(photoWidth, photoHeight);
  const context = canvas.getContext('2d');
  const grain = Float32Array.from({ length: 1 << 18 }, normalNumbers(1));
  return async (picture, photograph, seed) => {
    const numbers = normalNumbers(seed + 1);
    const random = () => (1 + Math.tanh(numbers())) / 2;
    const { ink: sharp, left, top } = written(picture, photograph, random);
    const ink = blurred(sharp, photograph.blur);
    const { thing, height, colour = photograph.ink } = photograph;
    const things = new Float32Array(ink.length);
    for (let i = 0; thing && i < things.length; ++i) {
      const [x, y] = [(i % photoWidth) + 0.5, Math.floor(i / photoWidth) + 0.5];
      const place = {
        dx: (x - left) / height,
        dy: (y - top) / height,
        x: x / photoWidth - 0.5,
        y: y / photoHeight - 0.5,
      };
      things[i] = thing(place) ? 1 : 0;
    }
    const cover = thing ? blurred(things, photograph.blur) : things;
    const angle = 2 * Math.PI * random();
    const image = context.createImageData(photoWidth, photoHeight);
    for (let i = 0; i < ink.length; ++i) {
      const light = photograph.light(
        angle,
        ((i % photoWidth) + 0.5) / photoWidth,
        Math.floor(i / photoWidth) / photoHeight,
      );
      const strength = photograph.strength * ink[i];
      for (let c = 0; c < 3; ++c) {
        const paper = photograph.paper[c] + cover[i] * (colour[c] - photograph.paper[c]);
        const level = paper + strength * (photograph.ink[c] - paper);
        image.data[4 * i + c] = light * level + photograph.noise * grain[(3 * i + c + 7919 * seed) % grain.length];
      }
      image.data[4 * i + 3] = 255;
    }
    context.putImageData(image, 0, 0);
    context.drawImage(await loadImage(await canvas.encode('jpeg', photograph.quality)), 0, 0);
    return context.getImageData(0, 0, photoWidth, photoHeight);
  };
}
