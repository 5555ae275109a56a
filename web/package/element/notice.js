/** What stands over the lower edge of the paper: a question, a fault, or that something is still to come. */
import { words } from './words.js';

/** → [text, buttons] as FieldView shows them, whose buttons call the FieldContent. `field`: the element. */
export function noticeOf(content, field) {
  const { isFixed } = content;
  const { state, guesses } = content.answer;
  if (state === 'unsure' && guesses.length > 0 && !field.acceptUnsure && !content.isDrawing) {
    const buttons = guesses.map((guess) => ({
      text: `${guess}?`,
      label: words.choose(guess),
      part: 'suggestion',
      onClick: () => content.choose(guess),
    }));
    // A question on each button, so that little of the drawing is covered; with none to press, in words.
    return isFixed ? [words.unsure(guesses)] : ['', buttons];
  }
  if (state === 'failed') {
    return [words.failed, isFixed ? [] : [{ text: words.retry, part: 'retry', onClick: () => content.tryAgain() }]];
  }
  return [state === 'reading' && !content.loan.isReady ? words.loading : ''];
}
