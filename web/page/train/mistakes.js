/** The worst mistakes: misread pictures, those first where the network was surest. */
import { drawFrame } from '../frame_view.js';
import { best } from '../ranking.js';
import { digitCount, frameAt } from '../shapes.js';
import { percent } from '../quantities.js';

const mostShown = 24;

/** `probabilities`: n×10, `labels`: n → [{ index, label, read, confidence }], at most 24. */
export function worstMistakes(probabilities, labels) {
  const mistakes = [];
  labels.forEach((label, index) => {
    const row = probabilities.subarray(index * digitCount, (index + 1) * digitCount);
    const read = best(row);
    if (read !== label) mistakes.push({ index, label, read, confidence: row[read] });
  });
  return mistakes.sort((a, b) => b.confidence - a.confidence).slice(0, mostShown);
}

/** Fills `list` with their pictures. `images`: Uint8Array n×784 that the indices count in; null while it is not loaded. */
export function showMistakes(list, mistakes, images) {
  list.replaceChildren(
    ...mistakes.map(({ index, label, read, confidence }) => {
      const canvas = document.createElement('canvas');
      drawFrame(canvas, images && frameAt(images, index));
      canvas.setAttribute('aria-hidden', 'true');
      const text = document.createElement('span');
      text.textContent = `${label} read as ${read}`;
      const sure = document.createElement('small');
      sure.textContent = `${percent(confidence, 0)} sure`;
      const item = document.createElement('li');
      item.append(canvas, text, sure);
      return item;
    }),
  );
}
