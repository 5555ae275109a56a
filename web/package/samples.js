// A person's labelled drawings, as fineTune takes them.
import { InkdigitError, inputError } from './errors.js';
import { checkLongOptions, checkNames, describe } from './inputs.js';
import { digitCount, frameSize } from './shapes.js';

const mostNameCharacters = 20;
const lessonOptions = ['epochs', 'learningRate', 'scope', 'maxLoss', 'onProgress', 'signal'];

/** What can be told of a lesson before anything is fetched for it. */
export function checkLesson(samples, options) {
  checkLongOptions(options);
  checkNames(options, 'fineTune', lessonOptions);
  if (!Array.isArray(samples) || samples.length === 0) {
    throw inputError('samples', 'an array of at least one sample', describe(samples));
  }
  samples.forEach((sample, i) => classOf(sample?.label, [], `samples[${i}].label`));
}

/** Samples with what `toPixels(drawing)` resolves to in their drawings' place. */
export function withPixels(samples, toPixels) {
  const read = async (sample, i) => {
    if (sample.frame !== undefined) return sample;
    try {
      return { ...sample, drawing: await toPixels(sample.drawing) };
    } catch (error) {
      throw ofDrawing(i, error);
    }
  };
  return Promise.all(samples.map(read));
}

/** What is wrong with a picture, said of a sample's drawing. */
function ofDrawing(i, error) {
  if (error?.code !== 'input') return error;
  const name = `samples[${i}].drawing`;
  const text = error.message.startsWith('picture')
    ? error.message.replace('picture', name)
    : `${name}: ${error.message}`;
  return new InkdigitError('input', text, { cause: error });
}

/**
 * Of samples that checkLesson() lets pass. `frameOf(drawing)` gives a drawing's 784 bytes, or null; `symbols` are those there are.
 * → { images: Uint8Array n×784, labels: Uint8Array n, newSymbols: names of classes to be added, in order }.
 */
export function readSamples(samples, symbols, frameOf) {
  const names = [...symbols];
  const labels = Uint8Array.from(samples, (sample, i) => classOf(sample?.label, names, `samples[${i}].label`));
  const images = new Uint8Array(samples.length * frameSize);
  for (const [i, sample] of samples.entries()) {
    const [name, frame] =
      sample.frame === undefined ? ['drawing', frameOfSample(sample, i, frameOf)] : ['frame', sample.frame];
    if (frame === null) throw new InkdigitError('input', `samples[${i}].${name}: there is no ink in it`);
    if (!(frame instanceof Uint8Array) || frame.length !== frameSize) {
      throw inputError(`samples[${i}].frame`, 'a Uint8Array of 784', describe(frame));
    }
    images.set(frame, i * frameSize);
  }
  return { images, labels, newSymbols: names.slice(symbols.length) };
}

function frameOfSample({ drawing }, i, frameOf) {
  try {
    return frameOf(drawing);
  } catch (error) {
    throw ofDrawing(i, error);
  }
}

/** A label's class; a new name is put behind `names`. */
function classOf(label, names, where) {
  const digit = typeof label === 'string' && /^\d$/.test(label) ? Number(label) : label; // as classifications have them
  if (Number.isInteger(digit) && digit >= 0 && digit < digitCount) return digit;
  const isName =
    typeof label === 'string' &&
    label !== '' &&
    [...label].length <= mostNameCharacters &&
    !/[\p{Cc}\p{Cs}]/u.test(label); // control characters and halves of characters are lost on the way
  if (!isName) {
    throw inputError(where, "a digit from 0 to 9, or a symbol's name of 1 to 20 characters", describe(label));
  }
  if (!names.includes(label)) names.push(label);
  return digitCount + names.indexOf(label);
}
