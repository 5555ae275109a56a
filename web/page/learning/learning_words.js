/** What the page says about lessons. */
import { labelText, oneLabel } from '../label_words.js';
import { percent } from '../quantities.js';
import { maxLoss } from './tutor.js';

/** How many of MNIST's digits that no lesson sees are read right, before → after: an estimate by some of them. */
export const heldBackText = (heldBack) =>
  heldBack ? `Other people’s digits (MNIST): ${percent(heldBack.before, 1)} → ${percent(heldBack.after, 1)}` : '';

/** Words about drawings that are kept although they were not learnt. */
const keptText = ({ length }) =>
  length === 1 ? 'The drawing is kept for the next lesson.' : `The ${length} drawings are kept for the next lesson.`;

/**
 * What came of a lesson: { headline, detail } for the bar, and `brief`, where that is already about another drawing. `isSure`: of a
 * single drawing, whether it is read surely now. `isKept`: of a lesson that is not taken, whether its drawings are kept all the same.
 */
export function lessonOutcome({ accepted, heldBack, correct }, samples, { isSure = true, isKept = false } = {}) {
  if (!accepted) {
    // Which of both it was, the package does not tell.
    const limit = heldBack ? `Of ${heldBack.count} MNIST digits held back, at most ${maxLoss}% may be lost.` : '';
    return {
      brief: 'Not learnt.',
      headline: `Not learnt: it cannot be taught without losing too much of what is known already. ${isKept ? keptText(samples) : 'Nothing was changed.'}`,
      detail: limit,
    };
  }
  const brief = 'Learnt.';
  const detail = heldBackText(heldBack);
  if (samples.length > 1) {
    return { headline: `Learnt: ${correct} of these ${samples.length} drawings are read right now.`, detail, brief };
  }
  const [{ label }] = samples;
  if (correct === 1 && !isSure) {
    return { headline: 'Learnt, but not sure of it yet: teach one or two more.', detail, brief };
  }
  return correct === 1
    ? { headline: `Learnt: it reads ${oneLabel(label)} here now.`, detail, brief }
    : { headline: `Learnt, but not yet enough: correct one or two more of ${labelText(label)}.`, detail, brief };
}

export const cancelled = { headline: 'Cancelled: nothing was changed.', brief: 'Cancelled.' };

/** A lesson that failed. */
export const lessonFailure = ({ message }) => ({
  headline: 'Not learnt: something went wrong. Nothing was changed.',
  detail: message,
  brief: 'Not learnt.',
});

/** A lesson whose files could not be fetched; its drawings are kept all the same. */
export const lessonPostponed = (samples) => ({
  headline: 'Not learnt: what it learns with could not be fetched. Check the connection, or reload the page.',
  detail: keptText(samples),
  brief: 'Not learnt.',
});

/** One line for a lesson in the history. */
export function lessonTitle({ kind, label, readAs, title }) {
  switch (kind) {
    case 'removal':
      return `Symbol ${labelText(label)} forgotten`;
    case 'samples':
      return `Drawings from ${title}`;
    case 'import':
      return `Weights from ${title}`;
    case 'training':
      return title;
    case 'reset':
      return 'Back to the shipped network';
    default:
      return readAs === undefined || readAs === label
        ? `This is ${oneLabel(label)}`
        : `This is ${oneLabel(label)}, not ${oneLabel(readAs)}`;
  }
}

export const timeText = (time) => new Date(time).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** Why lessons are not kept (the `trouble` of LessonStore), and what to do; empty when they are. */
export function troubleText(trouble) {
  switch (trouble?.reason) {
    case undefined:
      return '';
    case 'denied':
      return 'This browser keeps nothing for this page (a private window, perhaps). Lessons last until the page is closed; save them as files to keep them.';
    case 'silent':
      return 'The storage for this page does not answer: perhaps another tab holds it up. Lessons kept there come back, and drawings made now are kept, as soon as it does. Reading goes on.';
    case 'full':
      return 'The storage for this page is full: the last change lasts until the page is closed. Free some space, or save your lessons as files.';
    case 'newer':
      return 'Lessons of a newer version of this page are kept here. They stay as they are, and are not used: reload the page to get that version. What is taught now lasts until the page is closed.';
    default:
      return `The browser could not keep the last change (${trouble.detail}): it lasts until the page is closed. Save your lessons as files to keep them.`;
  }
}

/** What was found damaged when the page was opened: the book, which is set aside, or weights. `isShipped`: those of no lesson could be used. */
export function damageText({ isSetAside, isShipped }) {
  if (isSetAside) {
    return 'What was kept of your lessons is damaged. It is set aside, and the page goes on with the shipped network.';
  }
  return isShipped
    ? 'What your lessons had taught is damaged. The page goes on with the shipped network, and still has your drawings.'
    : 'What was kept of your last lesson is damaged. The page goes on with the lesson before it, and still has your drawings.';
}

/** Why something did not work, as a sentence. What the package says of files that cannot be had is for developers. */
export function reasonOf({ code, message }) {
  if (code === 'load') return 'What it takes could not be fetched: check the connection, or reload the page.';
  return /[.!?]$/.test(message) ? message : `${message}.`;
}
