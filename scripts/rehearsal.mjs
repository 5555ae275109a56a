/**
 * The pictures that the package ships for learning: some of MNIST's training pictures to rehearse while a hand is learnt, and some
 * of its test pictures to measure what is forgotten. (Of the training pictures that were held back, the shipped weights were chosen
 * as those that read most, so that almost any change loses some.) Of either, some are on the borders between digits, where
 * things are forgotten first (choose_replay.mjs chose them), and some are spread over the rest.
 */
import { readFile } from 'node:fs/promises';
import { imageBytes, imageSide, readMnist } from './mnist.mjs';

/** Of each digit: so many to rehearse that are on a border, and so many spread over all. */
export const replayPerDigit = 50;
/** Of each digit's test pictures that are not on a border. */
const samplePerDigit = 40;
/** The shipped weights were trained on the training pictures before this one. */
export const firstHeldBack = 55_000;

/** So many of each digit of these indices, evenly spread; digit by digit in turn. */
function pickEvenly(labels, from, each) {
  const byDigit = Array.from({ length: 10 }, () => []);
  for (const i of from) byDigit[labels[i]].push(i);
  return Array.from({ length: each }, (_, n) =>
    byDigit.map((indices) => indices[Math.floor((n * indices.length) / each)]),
  ).flat();
}

/** A safetensors file of bytes: `tensors` is { name: { shape, bytes } }. Format: github.com/huggingface/safetensors. */
function writeByteTensors(tensors, metadata) {
  let end = 0;
  const header = Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, bytes }]) => {
      const begin = end;
      end += bytes.length;
      return [name, { dtype: 'U8', shape, data_offsets: [begin, end] }];
    }),
  );
  const text = Buffer.from(JSON.stringify({ __metadata__: metadata, ...header }));
  const padded = Buffer.alloc(Math.ceil(text.length / 8) * 8, ' ');
  text.copy(padded);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, padded, ...Object.values(tensors).map(({ bytes }) => bytes)]);
}

/**
 * The bytes of the file. Of what is rehearsed, half is spread over all of MNIST. What is held back stands for all of
 * held_back_of pictures: the first held_back_borders for themselves, the others, spread evenly over what is left, for that.
 */
export async function makeRehearsal() {
  const [training, test] = [readMnist('train'), readMnist('t10k')];
  const borders = JSON.parse(await readFile(new URL('../weights/replay.json', import.meta.url), 'utf8'));
  const trained = Array.from({ length: firstHeldBack }, (_, i) => i);
  const others = [...test.labels.keys()].filter((i) => !borders.heldBack.includes(i));
  const parts = {
    replay: [training, [...borders.replay, ...pickEvenly(training.labels, trained, replayPerDigit)]],
    held_back: [test, [...borders.heldBack, ...pickEvenly(test.labels, others, samplePerDigit)]],
  };
  const tensors = {};
  for (const [name, [{ images, labels }, indices]] of Object.entries(parts)) {
    const picture = (i) => images.subarray(i * imageBytes, (i + 1) * imageBytes);
    tensors[`${name}.images`] = {
      shape: [indices.length, imageSide, imageSide],
      bytes: Buffer.concat(indices.map(picture)),
    };
    tensors[`${name}.labels`] = { shape: [indices.length], bytes: Buffer.from(indices.map((i) => labels[i])) };
  }
  return writeByteTensors(tensors, {
    held_back_of: String(test.labels.length),
    held_back_borders: String(borders.heldBack.length),
  });
}
