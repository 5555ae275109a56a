/** Figures about readings: [{ label, writer, digit, state, confidence }], where `digit` is a number or null. */

const isRight = ({ label, digit }) => String(digit) === label;

export function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(item);
  }
  return groups;
}

const share = (items, test) => items.filter(test).length / items.length;

/** By what `key` says: [{ name, count, accuracy }], worst first. */
function accuracyBy(readings, key) {
  const groups = groupBy(readings, (reading) => reading[key]);
  return [...groups]
    .map(([name, group]) => ({ name, count: group.length, accuracy: share(group, isRight) }))
    .sort((a, b) => a.accuracy - b.accuracy);
}

/** Expected calibration error in 15 equal bins (Guo et al. 2017): how far confidence is from the share that is right. */
export function calibrationError(readings) {
  const binCount = 15;
  const bins = groupBy(readings, ({ confidence }) => Math.min(binCount - 1, Math.floor(confidence * binCount)));
  let error = 0;
  for (const bin of bins.values()) {
    const confidence = bin.reduce((sum, reading) => sum + reading.confidence, 0) / bin.length;
    error += (bin.length / readings.length) * Math.abs(confidence - share(bin, isRight));
  }
  return error;
}

export const summarise = (readings) => ({
  count: readings.length,
  accuracy: share(readings, isRight),
  unsure: share(readings, ({ state }) => state !== 'digit'),
  /** Of those that it was sure of. */
  accuracyWhenSure: share(
    readings.filter(({ state }) => state === 'digit'),
    isRight,
  ),
  calibrationError: calibrationError(readings),
  digits: accuracyBy(readings, 'label'),
  writers: accuracyBy(readings, 'writer'),
});

/**
 * How well `score` tells digits (high) from what is none (low): the chance that a digit scores higher than something else, ties
 * counting half (area under the ROC curve).
 */
export function auroc(digitScores, otherScores) {
  const all = [
    ...digitScores.map((score) => ({ score, isDigit: true })),
    ...otherScores.map((score) => ({ score, isDigit: false })),
  ].sort((a, b) => a.score - b.score);
  let rankSum = 0;
  for (let i = 0, j; i < all.length; i = j) {
    for (j = i; j < all.length && all[j].score === all[i].score;) ++j;
    for (let k = i; k < j; ++k) if (all[k].isDigit) rankSum += (i + j + 1) / 2; // their mean rank, from 1
  }
  const count = digitScores.length;
  return (rankSum - (count * (count + 1)) / 2) / (count * otherScores.length);
}
