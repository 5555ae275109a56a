/**
 * Lessons as files: weights as safetensors, samples as JSON. What comes in is from outside: sizes, versions and shapes are
 * checked before anything else sees it.
 *
 * A samples file: { "format": "inkdigit-samples", "version": 1, "samples": [{ "label", "frame", "time" }] } with labels 0…9 or a
 * symbol's name, frames as 784 bytes in base64 (28×28 grey levels, row by row, 255 is ink) and times as ISO 8601.
 */
import { megabytes } from '../quantities.js';
import { frameSize } from '../shapes.js';
import { isDigitNumber, keptSamples } from './lesson_book.js';
import { symbolName } from './symbol_name.js';

const samplesFormat = 'inkdigit-samples';
const samplesVersion = 1;
/** Bytes. The largest network of the Train view takes 62 MB (train/settings.js), and own symbols can be taught to it. */
const largestWeights = 64e6;
const largestSamples = 4e6; // bytes: several times what all that are kept take

/** A file that does not fit; its message says why, and what would. */
class LessonFileError extends Error {}

export function samplesToFile(samples) {
  const written = samples.map(({ frame, label, time }) => ({
    label,
    frame: btoa(String.fromCharCode(...frame)),
    time: new Date(time).toISOString(),
  }));
  const text = JSON.stringify({ format: samplesFormat, version: samplesVersion, samples: written }, null, 1);
  return new Blob([text], { type: 'application/json' });
}

/** Reads chosen files → { weights?: ArrayBuffer, samples?: [{ frame, label, time }] }; at most one file of each kind. */
export async function readLessonFiles(files) {
  const read = {};
  for (const file of files) {
    const kind = await kindOf(file);
    if (read[kind]) throw new LessonFileError(`Two files of the same kind: choose one ${kind} file at a time.`);
    read[kind] = kind === 'weights' ? await readWeightsFile(file) : await readSamplesFile(file);
  }
  return read;
}

/** A safetensors file starts with the length of its header, 8 bytes, and then "{". */
async function kindOf(file) {
  const start = new Uint8Array(await file.slice(0, 9).arrayBuffer());
  if (start[8] === 0x7b && start[7] === 0) return 'weights';
  if (/\.safetensors$/i.test(file.name)) return 'weights';
  if (/\.json$/i.test(file.name) || start[0] === 0x7b) return 'samples';
  throw new LessonFileError(
    `${file.name} is neither weights (.safetensors) nor drawings (.json) of inkdigit. Choose a file that was exported here.`,
  );
}

function checkSize(file, largest) {
  if (file.size === 0) throw new LessonFileError(`${file.name} is empty.`);
  if (file.size > largest) {
    throw new LessonFileError(
      `${file.name} is too large (${megabytes(file.size)}; ${megabytes(largest, 0)} at most). It was not exported here.`,
    );
  }
}

async function readWeightsFile(file) {
  checkSize(file, largestWeights);
  return file.arrayBuffer();
}

async function readSamplesFile(file) {
  checkSize(file, largestSamples);
  let content;
  try {
    content = JSON.parse(await file.text());
  } catch {
    throw new LessonFileError(`${file.name} is damaged: it is no JSON file.`);
  }
  const { format, version } = content ?? {};
  if (format !== samplesFormat || !Number.isInteger(version) || !Array.isArray(content.samples)) {
    throw new LessonFileError(`${file.name} holds no drawings of inkdigit. Choose a file that was exported here.`);
  }
  if (version !== samplesVersion) {
    throw new LessonFileError(
      `${file.name} is of version ${version}; this page reads version ${samplesVersion}. ` +
        'Reload the page, in case there is a newer one.',
    );
  }
  if (content.samples.length === 0) throw new LessonFileError(`${file.name} holds no drawings.`);
  if (content.samples.length > keptSamples) {
    throw new LessonFileError(
      `${file.name} holds ${content.samples.length} drawings; ${keptSamples} at most can be kept.`,
    );
  }
  return content.samples.map((sample, i) => {
    try {
      return readSample(sample);
    } catch (error) {
      throw new LessonFileError(`${file.name} is damaged: drawing ${i + 1}: ${error.message}`);
    }
  });
}

function readSample(sample) {
  const { label, frame: base64, time } = sample ?? {};
  if (!isDigitNumber(label) && typeof label !== 'string') throw new Error('its label is neither a digit nor a name.');
  if (typeof base64 !== 'string') throw new Error('it has no picture.');
  let frame;
  try {
    frame = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    throw new Error('its picture is no base64 text.');
  }
  if (frame.length !== frameSize) throw new Error(`its picture has ${frame.length} bytes, not ${frameSize}.`);
  if (frame.every((ink) => ink === 0)) throw new Error('its picture is blank.');
  const milliseconds = typeof time === 'string' ? Date.parse(time) : NaN;
  return {
    frame,
    label: isDigitNumber(label) ? label : symbolName(label),
    time: milliseconds >= 0 ? milliseconds : Date.now(),
  };
}
