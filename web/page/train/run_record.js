/**
 * What is kept of a run that is over, or at the end of an epoch (then its phase is 'unfinished'), as one record; its weights lie beside it.
 *
 *   { version, id (when it began, ms since 1970), number, settings, phase, parameters, seen, epoch, seconds, speed?, curve, glances,
 *     checks, confusion, mistakes, test? }
 *
 * Most is as the TrainingRun had it (see there). `test` is what the test pictures came to: { accuracy, loss, confusion, mistakes }.
 */
import { digitCount } from '../shapes.js';
import { presets, problemsOf } from './settings.js';

/** Of the records' form. A record of another one is left alone. */
export const recordVersion = 1;

const isObject = (value) => Object(value) === value;
const isNumber = (value) => typeof value === 'number'; // a loss may have grown beyond all numbers
const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
const isShare = (value) => isNumber(value) && value >= 0 && value <= 1;
const isDigit = (value) => isCount(value) && value < digitCount;
const isListOf = (isOne) => (value) => Array.isArray(value) && value.every((one) => isObject(one) && isOne(one));

const areGlances = isListOf(({ seen, accuracy }) => isCount(seen) && isShare(accuracy));
const areChecks = isListOf(
  ({ epoch, seen, accuracy, loss }) => isCount(epoch) && isCount(seen) && isShare(accuracy) && isNumber(loss),
);
const areMistakes = isListOf(
  ({ index, label, read, confidence }) => isCount(index) && isDigit(label) && isDigit(read) && isNumber(confidence),
);
const isConfusion = (value) => value instanceof Uint32Array && value.length === digitCount ** 2;
const isCurve = (value) =>
  isObject(value) &&
  [value.seen, value.loss].every((list) => Array.isArray(list) && list.every(isNumber)) &&
  value.seen.length === value.loss.length;
const areSettings = (value) =>
  isObject(value) && isCount(value.pictures) && problemsOf({ ...presets.own.settings, ...value }).length === 0;

/** Checks what came from the storage, where not all need be ours; throws an Error that says what is wrong with it. → the record. */
export function checkRecord(record) {
  const must = (isTrue, what) => {
    if (!isTrue) throw new Error(`This is no record of a run: ${what}.`);
  };
  must(isObject(record), 'it is none at all');
  must(record.version === recordVersion, `version ${record.version}`);
  must(Number.isFinite(record.id), 'when it began');
  must(isCount(record.number) && record.number > 0, 'its number');
  must(areSettings(record.settings), 'its settings');
  must(typeof record.phase === 'string', 'how it ended');
  must([record.parameters, record.seen, record.epoch].every(isCount), 'its figures');
  must(Number.isFinite(record.seconds) && record.seconds >= 0, 'how long it took');
  must(record.speed === undefined || Number.isFinite(record.speed), 'how fast it was');
  must(isCurve(record.curve), 'its curve');
  must(areGlances(record.glances), 'its glances');
  must(areChecks(record.checks) && record.checks.length > 0, 'its checks');
  must(isConfusion(record.confusion), 'which digits it took for which');
  must(areMistakes(record.mistakes), 'its mistakes');
  const { test } = record;
  must(
    test === undefined ||
      (isObject(test) && isShare(test.accuracy) && isConfusion(test.confusion) && areMistakes(test.mistakes)),
    'what the test pictures came to',
  );
  return record;
}
