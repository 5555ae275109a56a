/** What a field's drawing was read as, from the readings of its digits. */
import { InkdigitError } from '../errors.js';
import { digitCount } from '../shapes.js';

/** An unsure reading offers the runner-up, too, from this probability on. */
const mayBeToo = 0.05;

/**
 * The ten digits, the likeliest first: a classifier of the page's own may know other symbols, which are none here. One made up for tests
 * may tell a digit and no more.
 */
function rankedDigits({ probabilities, digit, confidence }) {
  if (probabilities) {
    const digits = Array.from(probabilities.slice(0, digitCount), (probability, digit) => ({ probability, digit }));
    return digits.sort((a, b) => b.probability - a.probability);
  }
  if (Number.isInteger(digit) && digit >= 0 && digit < digitCount) return [{ probability: confidence, digit }];
  throw new InkdigitError('input', "The classifier's answer has neither `probabilities` nor a `digit` from 0 to 9.");
}

/** `digits`: what readStrokes() gives. → what the event `classify` tells, see InkDigitReading in element.d.ts. */
export function readingOf(digits) {
  return {
    ...(digits.length === 1 ? digits[0] : {}),
    value: digits.map((one) => rankedDigits(one)[0].digit).join(''),
    // A symbol may be sure, too, but is no digit: -1.
    state: digits.every((one) => one.state === 'digit' && one.digit >= 0) ? 'digit' : 'unsure',
    confidence: Math.min(...digits.map((digit) => digit.confidence)),
    digits,
  };
}

/**
 * What it may be, the likeliest first; empty if the reading is sure. Of a single digit also the runner-up, if it is near; of a number
 * only what was read, however many digits there are by now.
 */
export function guessesOf({ state, value, digits }) {
  if (state !== 'unsure') return [];
  if (digits.length > 1) return [value];
  return rankedDigits(digits[0])
    .filter(({ probability }, rank) => rank === 0 || (rank === 1 && probability >= mayBeToo))
    .map(({ digit }) => String(digit));
}
