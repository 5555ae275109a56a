/**
 * The result: `<output id="prediction">`. Its data attributes say what is shown (data-state, data-digit, data-confidence;
 * data-label for a symbol of the user's own),
 * aria-busy whether a newer reading is on its way. What the eye sees changes while one draws; a screen reader
 * is told only the settled result.
 */
import { digitShapes } from './digit_shapes.js';
import { classNames, confidenceText, isDigit, labelText, nameOf, oneLabel } from './label_words.js';
import { leastSure, linesOf, ordinal } from './number_words.js';
import { mayBeToo, ranked } from './ranking.js';

/** A result that has stood this long, in milliseconds, is settled. */
const settleTime = 600;

/** It is likely to be one of the two if they have this much of the probability together. */
const oneOfTwo = 0.7;

const isRightToLeft = (name) =>
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(name);

const joined = (names) => names.join(names.every((name) => name.length === 1) ? '' : ' ');

/** Names in their order, in whichever direction each is written. */
const inOrder = (names) =>
  names.some(isRightToLeft) ? names.map((name) => `\u2068${name}\u2069`).join(' ') : joined(names);

export class PredictionView {
  #output;
  #glyphs;
  #headline;
  #detail;
  #announcement;
  #settling;
  #names = classNames([]);

  constructor(output) {
    this.#output = output;
    this.#glyphs = [...output.querySelectorAll('.glyph path')].map((path) => new Glyph(path));
    this.#headline = output.querySelector('.headline');
    this.#detail = output.querySelector('.detail');
    this.#announcement = output.querySelector('.announcement');
  }

  /** Names of the classes after the ten digits. */
  setSymbols(names = []) {
    this.#names = classNames(names);
  }

  showLoading() {
    this.#show({ state: 'loading', headline: 'Loading…', detail: 'You can start to draw.' });
  }

  showFailure() {
    this.#show({ state: 'loading', headline: 'Not ready', detail: 'See the message above.' });
  }

  showBlank() {
    this.#show({ state: 'blank', headline: 'Nothing to read yet', detail: 'Draw a digit, 0 to 9.' });
  }

  /** Of a picture. */
  showNoDigit() {
    const detail = 'Choose another picture, or cut this one down to its digit.';
    this.#show({ state: 'blank', headline: 'No digit found', detail });
  }

  /** Shows a result of `classifier.classify`; of a blank one there is nothing to tell. */
  showResult(result) {
    const { state, confidence, probabilities } = result;
    const [first, second] = ranked(probabilities);
    const [name, runnerUp] = [this.#names[first], this.#names[second]];
    const shown = { state, name, runnerUp, confidence };
    if (state === 'digit') {
      this.#show({ ...shown, headline: `It is ${oneLabel(name)}`, detail: `${confidenceText(result)} sure` });
    } else if (probabilities[second] >= mayBeToo) {
      this.#show({
        ...shown,
        headline: `Not sure: ${labelText(name)} or ${labelText(runnerUp)}?`,
        detail:
          confidence + probabilities[second] >= oneOfTwo
            ? `${confidenceText(result)} sure`
            : `It is not much like any ${isDigit(name) ? 'digit' : 'that it knows'}.`,
      });
    } else {
      // Of all it can but be that one; it is like none of them, though.
      this.#show({
        ...shown,
        runnerUp: '',
        headline: `Not sure: ${oneLabel(name)}?`,
        detail: isDigit(name) ? 'It is not much like a digit.' : 'It is not much like what it has learnt of it.',
      });
    }
  }

  /**
   * Shows several results in reading order. Then data-digits holds the number, data-digit is empty, and state and confidence
   * are those of the least sure digit.
   */
  showNumber(digits) {
    const lines = linesOf(digits).map((line) => line.map(nameOf));
    const shown = lines.map(inOrder).join('\n');
    const isAlone = lines.length > 1; // lines stand below each other, without words before them
    const index = leastSure(digits);
    const least = digits[index];
    const isUnsure = digits.some((one) => one.state === 'unsure');
    this.#show({
      state: isUnsure ? 'unsure' : 'digit',
      digits: joined(digits.map(nameOf)),
      confidence: least.confidence,
      headline: isAlone ? shown : isUnsure ? `Not sure: ${shown}?` : `It is ${shown}`,
      detail: `${isAlone && isUnsure ? 'Not sure. ' : ''}Least sure: the ${ordinal(index)} digit, ${nameOf(least)} (${confidenceText(least)})`,
      // Digit by digit, as one tells a telephone number.
      spoken: `${isUnsure ? 'Not sure' : 'It is'}: ${digits
        .map((one) => `${nameOf(one)}, ${confidenceText(one)} sure`)
        .join('; ')}`,
    });
  }

  setBusy(isBusy) {
    this.#output.setAttribute('aria-busy', isBusy);
  }

  #show({
    state,
    name = '',
    digits,
    runnerUp = '',
    confidence = 0,
    headline,
    detail,
    spoken = `${headline} ${detail}`,
  }) {
    const isSymbol = name !== '' && !isDigit(name);
    Object.assign(this.#output.dataset, { state, digit: isSymbol ? '' : name, confidence });
    if (isSymbol) this.#output.dataset.label = name;
    else delete this.#output.dataset.label;
    if (digits) this.#output.dataset.digits = digits;
    else delete this.#output.dataset.digits;
    const lines = headline.split('\n');
    this.#output.style.setProperty('--letters', Math.max(...lines.map(({ length }) => length)));
    this.#output.style.setProperty('--lines', lines.length);
    this.#glyphs[0].write(name);
    this.#glyphs[1].write(runnerUp);
    this.#headline.textContent = headline;
    this.#detail.textContent = detail;
    this.#announceOnceSettled(spoken);
  }

  #announceOnceSettled(text) {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => {
      if (this.#announcement.textContent !== text) this.#announcement.textContent = text;
    }, settleTime);
  }
}

/** A digit as a pen stroke. A new one is written from its start (the animation is draw.css's, and absent where less motion is wanted). */
class Glyph {
  #path;
  #digit = '';

  constructor(path) {
    this.#path = path;
  }

  write(digit) {
    if (digit === this.#digit) return;
    this.#digit = digit;
    const shape = isDigit(digit) ? digitShapes[digit] : ''; // of a symbol there is none
    this.#path.setAttribute('d', shape);
    this.#path.ownerSVGElement.toggleAttribute('hidden', shape === ''); // an empty one would take up room
    for (const animation of this.#path.getAnimations()) {
      animation.cancel();
      animation.play();
    }
  }
}
