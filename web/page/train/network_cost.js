/** The network that settings mean, and what it costs: parameters, memory and time. */

import { digitCount, frameSide } from '../shapes.js';
import { heldBackCount } from './mnist.js';

/** What the settings build: layers as the package takes them, from bottom to top. */
export function layersOf({ filters1, filters2, kernel, activation, units, denseActivation, dropout1, dropout2 }) {
  const layers = [];
  for (const filters of [filters1, filters2].filter((n) => n > 0)) {
    layers.push({ type: 'conv2d', units: filters, kernel }, { type: activation });
  }
  if (layers.length > 0) layers.push({ type: 'max_pool2d' });
  if (dropout1 > 0) layers.push({ type: 'dropout', rate: dropout1 });
  if (units > 0) {
    layers.push({ type: 'dense', units }, { type: denseActivation });
    if (dropout2 > 0) layers.push({ type: 'dropout', rate: dropout2 });
  }
  return [...layers, { type: 'dense', units: digitCount }];
}

const sum = (numbers) => numbers.reduce((total, n) => total + n, 0);
const product = (numbers) => numbers.reduce((total, n) => total * n, 1);

/**
 * → [{ type, shape, parameters, multiplyAdds }]: those of the layers that change the shape, which is [height, width, channels] or [units].
 * The first layer that does not fit has `parameters` NaN and ends the list.
 */
export function networkOf(settings) {
  const layers = [];
  let shape = [frameSide, frameSide, 1];
  for (const { type, units, kernel } of layersOf(settings)) {
    if (type === 'conv2d') {
      const side = shape[0] - kernel + 1;
      const weights = kernel * kernel * shape[2] * units;
      shape = [side, side, units];
      if (side < 2) return [...layers, { type, shape, parameters: NaN, multiplyAdds: NaN }];
      layers.push({ type, shape, parameters: weights + units, multiplyAdds: side * side * weights });
    } else if (type === 'max_pool2d') {
      shape = [Math.floor(shape[0] / 2), Math.floor(shape[1] / 2), shape[2]];
      layers.push({ type, shape, parameters: 0, multiplyAdds: 0 });
    } else if (type === 'dense') {
      const weights = product(shape) * units;
      shape = [units];
      layers.push({ type, shape, parameters: weights + units, multiplyAdds: weights });
    }
  }
  return layers;
}

const outputCount = (settings) => sum(networkOf(settings).map(({ shape }) => product(shape)));
export const parameterCount = (settings) => sum(networkOf(settings).map(({ parameters }) => parameters));

/** Bytes that the engine may take, with some to spare: the memory of several threads ends at half that of one (cmake/wasm.cmake). */
const memoryOfThreads = 250e6;
export const memoryOfOne = 500e6;
/** Pictures that are read at a time when the held-back ones are (web/package/evaluate.js). */
const readAtOnce = 64;

/**
 * Bytes that a run holds at most, as measured. For each parameter eight numbers: weight, gradient and two moments, the weights packed for
 * training and for reading, and an export's two copies. For each output of a picture: itself, and what training makes of it.
 */
export function memoryNeed(settings) {
  const { batchSize } = settings;
  const perOutput = 4 * Math.max(batchSize, readAtOnce) + 7 * batchSize;
  return 5e6 + 32 * parameterCount(settings) + perOutput * outputCount(settings);
}

/** Whether several threads have too little memory for it. */
export const needsOneThread = (settings) => memoryNeed(settings) > memoryOfThreads;

/** What lessons take, as measured: bytes for each parameter, and pictures that are read at a time. */
const lessonBytes = 51;
const readByLessons = 50;

/** Whether there is memory for lessons when this network reads the drawings. */
export function canBeTaught(settings) {
  const need = lessonBytes * parameterCount(settings) + 4 * readByLessons * outputCount(settings);
  return need <= (globalThis.crossOriginIsolated ? memoryOfThreads : memoryOfOne);
}

/** What it takes to have a picture, in multiply-adds: as it is, or changed a little. */
const plainPicture = 100e3;
const changedPicture = 700e3;

/**
 * Relative cost of training on one picture: multiply-adds of the forward and both backward products, and each step's pass over
 * the weights and the optimizer's state, shared by the batch. A weight's update costs about as much as 40 multiply-adds.
 */
export function costPerPicture(settings) {
  const multiplyAdds = sum(networkOf(settings).map((layer) => layer.multiplyAdds));
  const making = settings.augment ? changedPicture : plainPicture;
  return 3 * multiplyAdds + (40 * parameterCount(settings)) / settings.batchSize + making;
}

/** In the cost's units per second: a laptop's guess, until a run on this device has told. */
const guessedSpeed = 25e9;

/** Seconds for all epochs, each with its check. `speed`: costPerPicture × pictures/s of an earlier run; absent: a guess. */
export function estimateSeconds(settings, speed = guessedSpeed) {
  const multiplyAdds = sum(networkOf(settings).map((layer) => layer.multiplyAdds));
  const epoch = settings.pictures * costPerPicture(settings) + heldBackCount * multiplyAdds;
  return (settings.epochs * epoch) / speed;
}
