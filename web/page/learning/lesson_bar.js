/**
 * Under each result: was it read right? One tap says yes, or that it is what comes next in probability; any other answer takes two.
 * Then the bar shows how the lesson goes and what came of it. Its steps (data-step): idle → ask → choose → keep or learn → told. It
 * knows no classifier: answers go out by callbacks.
 *
 * A reading here is { label (0…9 or a symbol's name), state, confidence, frame, candidates [labels], runnerUp (a label) }.
 */
import { isShown, makeButton } from '../controls.js';
import { labelText, oneLabel } from '../label_words.js';
import { leastSure } from '../number_words.js';
import { digitCount } from '../shapes.js';
import { checkSymbols, symbolName } from './symbol_name.js';

export class LessonBar {
  #root;
  #words;
  #question;
  #answers;
  #which;
  #chooser;
  #digits;
  #symbols;
  #naming;
  #nameField;
  #progress;
  #takeBack;
  #another;
  #actions;
  #readings = [];
  #chosen = 0;
  #cancel = null;

  /**
   * `onConfirm(readings)`: all are right. `onCorrect(reading, label)`: that one is a `label`. `onTakeBack()`: the last lesson
   * is to be undone. `onOpen()`: an answer is about to be chosen. `onChoose(index | -1)`: which of several readings the question is about. `symbols()` → names.
   * `leave()`: puts the focus where one draws.
   */
  constructor(root, actions) {
    this.#root = root;
    this.#actions = actions;
    const part = (name) => root.querySelector(`.${name}`);
    this.#words = part('lesson-words');
    this.#question = part('question');
    this.#answers = part('answers');
    this.#chooser = part('chooser');
    this.#which = part('which');
    this.#digits = part('digits');
    this.#symbols = part('own-symbols');
    this.#naming = part('naming');
    this.#nameField = this.#naming.querySelector('input');
    this.#progress = root.querySelector('progress');
    this.#takeBack = part('take-back');
    this.#another = part('another');

    for (let digit = 0; digit < digitCount; ++digit) this.#digits.append(this.#answerButton(digit));
    part('cancel').addEventListener('click', () => this.#cancel?.());
    this.#takeBack.addEventListener('click', () => actions.onTakeBack());
    this.#another.addEventListener('click', () => this.#open());
    this.#naming.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#answerWithName();
    });
    this.#nameField.addEventListener('input', () => this.#nameField.setCustomValidity(''));
    root.addEventListener('keydown', (event) => this.#handleKey(event));
    this.idle();
  }

  get step() {
    return this.#root.dataset.step;
  }

  /** Nothing to ask about. */
  idle() {
    this.#sayNothing();
    this.#setStep('idle');
  }

  /** Asks about one reading, or about several in reading order; `note` is a word before the question. */
  ask(readings, note = '') {
    this.update(readings, note);
    this.#sayNothing();
    this.#setStep('ask');
  }

  /** What lies on the pad is read anew: the next question is about these readings. */
  update(readings, note = '') {
    this.#readings = readings;
    this.#chosen = leastSure(readings);
    const unsure = readings.length === 1 && readings[0].state === 'unsure';
    this.#question.textContent = [note, unsure ? 'Is it' : 'Right?'].filter(Boolean).join(' ');
    const other = makeButton(unsure ? 'Another…' : 'No…', () => this.#open());
    other.setAttribute('aria-expanded', 'false');
    other.setAttribute('aria-controls', this.#chooser.id);
    const quick = unsure ? readings[0].candidates.map((label) => this.#answerButton(label)) : this.#yesAndRunnerUp();
    const focused = [...this.#answers.children].find((button) => button === document.activeElement);
    this.#answers.replaceChildren(...quick, other);
    if (focused) [...quick, other].find((one) => one === other || one.textContent === focused.textContent).focus();
  }

  #yesAndRunnerUp() {
    const yes = makeButton('Yes', () => this.#actions.onConfirm(this.#readings));
    if (this.#readings.length > 1) return [yes];
    const [{ runnerUp }] = this.#readings;
    return [yes, makeButton(`No, ${oneLabel(runnerUp)}`, () => this.#answer(runnerUp))];
  }

  /** An answer is being kept. */
  keep() {
    this.#say('Keeping…');
    this.#setStep('keep');
  }

  /** A lesson has begun; `cancel()` gives it up. */
  learn(label, cancel) {
    this.#cancel = cancel;
    this.#progress.removeAttribute('value');
    this.#say(label === undefined ? 'Learning…' : `Learning that this is ${oneLabel(label)}…`);
    this.#setStep('learn');
  }

  /** `share`: 0…1. */
  showProgress(share) {
    this.#progress.value = Math.min(1, share);
  }

  /** What came of it. With `canTakeBack`, the lesson can be undone from here; with `canCorrect`, another answer be given. */
  tell({ headline, detail = '' }, { canTakeBack = false, canCorrect = false } = {}) {
    const hadFocus = this.#hasFocus; // before what has it is hidden
    this.#cancel = null;
    this.#say(headline, detail);
    this.#takeBack.hidden = !canTakeBack;
    this.#another.hidden = !canCorrect;
    this.#another.textContent = this.#readings.length > 1 ? 'Correct another…' : 'No, it is…';
    this.#setStep('told', hadFocus);
  }

  #say(headline, detail = '') {
    const small = document.createElement('small');
    small.textContent = detail;
    this.#words.replaceChildren(headline, ' ', small);
  }

  #sayNothing() {
    this.#words.replaceChildren();
  }

  get #hasFocus() {
    return this.#root.contains(document.activeElement);
  }

  /** What has the focus may vanish with a step: then what comes next gets it. */
  #setStep(step, hadFocus = this.#hasFocus) {
    this.#root.dataset.step = step;
    this.#chooser.hidden = step !== 'choose';
    this.#answers.querySelector('[aria-expanded]')?.setAttribute('aria-expanded', step === 'choose');
    this.markChosen();
    if (!hadFocus || (this.#hasFocus && isShown(document.activeElement))) return;
    const next = [...this.#root.querySelectorAll('button')].find((button) => isShown(button));
    if (next) next.focus();
    else this.#actions.leave();
  }

  // --- Choosing what it is -----------------------------------------------------------------------------------------

  #open() {
    if (this.close()) return;
    this.#actions.onOpen();
    this.#sayNothing();
    this.#showWhich();
    this.#showSymbols();
    this.#naming.hidden = true;
    this.#setStep('choose');
    (this.#readings.length > 1 ? this.#which.querySelector(':checked') : this.#digits.firstChild).focus();
  }

  /** Nothing is chosen after all. → whether something was to be. */
  close() {
    if (this.step !== 'choose') return false;
    this.#setStep('ask');
    this.#answers.lastChild.focus();
    return true;
  }

  /** Of several readings: which one is meant. */
  #showWhich() {
    this.#which.hidden = this.#readings.length < 2;
    const choices = this.#readings.map(({ label, frame }, i) => {
      const input = document.createElement('input');
      Object.assign(input, {
        type: 'radio',
        name: 'which-digit',
        checked: i === this.#chosen,
        className: 'visually-hidden',
      });
      input.addEventListener('change', () => this.choose(i));
      const text = document.createElement('span');
      text.textContent = labelText(label);
      const choice = document.createElement('label');
      choice.append(input, this.#actions.picture(frame), text);
      return choice;
    });
    this.#which.replaceChildren(this.#which.firstElementChild, ...choices);
    this.#markRead();
  }

  /** The question is about this one of several readings. */
  choose(index) {
    if (this.step !== 'choose') return;
    this.#chosen = index;
    const input = this.#which.querySelectorAll('input')[index];
    if (input) input.checked = true;
    this.#markRead();
    this.#actions.onChoose(index);
  }

  /** Marks its box on the pad, which may be a new one. */
  markChosen() {
    this.#actions.onChoose(this.step === 'choose' && this.#readings.length > 1 ? this.#chosen : -1);
  }

  /** What it was read as is marked among the answers. */
  #markRead() {
    const { label } = this.#readings[this.#chosen];
    for (const button of this.#chooser.querySelectorAll('[data-label]')) {
      button.toggleAttribute('data-read', button.dataset.label === `${label}`);
    }
  }

  #showSymbols() {
    const naming = makeButton('A symbol of your own…', () => {
      this.#naming.hidden = false;
      this.#nameField.value = '';
      this.#nameField.setCustomValidity('');
      this.#nameField.focus();
    });
    this.#symbols.replaceChildren(...this.#actions.symbols().map((name) => this.#answerButton(name)), naming);
    this.#markRead();
  }

  #answerWithName() {
    try {
      const name = symbolName(this.#nameField.value);
      checkSymbols([...this.#actions.symbols(), name]);
      this.#answer(name);
    } catch (error) {
      this.#nameField.setCustomValidity(error.message);
      this.#nameField.reportValidity();
    }
  }

  #answer(label) {
    this.#actions.onCorrect(this.#readings[this.#chosen], label);
  }

  #answerButton(label) {
    const button = makeButton(typeof label === 'number' ? `${label}` : label, () => this.#answer(label));
    button.setAttribute('aria-label', `It is ${oneLabel(label)}`);
    button.dataset.label = label;
    return button;
  }

  /** While the question is open and the focus is here, the digit keys answer. */
  #handleKey(event) {
    if (event.isComposing) {
      event.stopPropagation(); // the keys are the input method's
    } else if (event.key === 'Enter' && event.repeat) {
      event.preventDefault(); // held down, it pressed what the focus left; what has it now is not meant
    } else if (event.key === 'Escape' && this.close()) {
      event.stopPropagation(); // elsewhere it clears the pad
    } else if (event.target === this.#nameField) {
      event.stopPropagation(); // Delete, too, clears the pad elsewhere, and Ctrl+Z takes strokes back
    } else if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    } else if (/^[0-9]$/.test(event.key) && ['ask', 'choose'].includes(this.step)) {
      event.preventDefault();
      if (this.step === 'choose' || this.#readings.length === 1) this.#answer(Number(event.key));
    }
  }
}
