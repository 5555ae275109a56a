/** `<ink-digit>` as a form field: its value, validity, states and events. See element.d.ts. */
import { boxAround } from '../drawing/box.js';
import { attachPointerPen } from '../drawing/pointer_pen.js';
import { DrawingPad } from '../drawing/drawing_pad.js';
import { LiveReader } from '../drawing/live_reader.js';
import { isDot, readStrokes } from '../drawing/stroke_reader.js';
import { Answer } from './answer.js';
import { ClassifierLoan } from './classifier_loan.js';
import { showStates } from './custom_states.js';
import { DigitTyping } from './digit_typing.js';
import { FieldView } from './field_view.js';
import { focusFromStart } from './focus_from_start.js';
import { submitByEnter } from './implicit_submission.js';
import { packState, unpackState } from './kept_state.js';
import { Labelling } from './labelling.js';
import { readingOf } from './reading.js';
import { reflectBooleans, reflectTexts, upgrade } from './reflected.js';
import { digitsOf } from './typed_digits.js';
import { unlessPrevented } from './unless_prevented.js';
import { faultsOf } from './validity.js';
import { words } from './words.js';

/** A drawing that has not changed for this long, in milliseconds, is finished: `change` tells of it. */
const settleTime = 500;
/** And one of fewer digits than are asked for, whose writer may only pause. */
const pauseTime = 5000;
const mostDigits = 20;

const booleans = { required: 'required', readOnly: 'readonly', disabled: 'disabled', acceptUnsure: 'accept-unsure' };
const texts = { name: 'name', baseUrl: 'base-url', workerUrl: 'worker-url' };
const ownProperties = [
  ...Object.keys(booleans),
  ...Object.keys(texts),
  'length',
  'value',
  'defaultValue',
  'classifier',
];

// On a server there is nothing to extend; the class can be imported there, not made.
export class InkDigitElement extends (globalThis.HTMLElement ?? class {}) {
  static formAssociated = true;
  static observedAttributes = [
    ...['value', 'length', 'required', 'readonly', 'accept-unsure', 'base-url', 'worker-url'],
    ...['aria-label', 'aria-labelledby', 'aria-describedby', 'title'],
  ];
  static words = words;

  #internals = this.attachInternals();
  #view = new FieldView(this.attachShadow({ mode: 'open', delegatesFocus: true }));
  #typing = new DigitTyping(this.#view.input, {
    length: () => this.length,
    onTyped: (value) => this.#typed(value),
  });
  #pad = new DrawingPad(this.#view.canvas, {
    onBegin: () => this.#beginStroke(),
    onInk: () => this.#strokeGrown(),
    onStroke: () => this.#strokeEnded(),
    onCancel: () => this.#answer.isTyped || this.#inkChanged(),
  });
  #reader = new LiveReader({
    classify: (strokes) => this.#read(strokes),
    onResult: (reading) => this.#showReading(reading),
    onError: (error) => this.#fail(error),
    onBusy: (isBusy) => (this.#loan.isInUse = isBusy),
  });

  #loan = new ClassifierLoan(() => this.#settings(), {
    onReady: () => {
      if (!this.#hasInk) this.#answer.forgive();
      this.#update();
    },
    onFailure: (error) => this.#isEmpty && this.#fail(error), // with ink there, its reading fails and tells of it
  });

  #answer = new Answer();
  #isJudged = false; // a fault may be shown: the form was not sent, or the user has changed the value
  #settling;
  #formLeft; // AbortController, for the listener on the form
  #kept = ''; // of the last drawing that was whole, see kept_state.js
  #customMessage = '';
  #isDisabled = false; // by itself or by a fieldset
  #isUpgraded = this.isConnected; // it stood in the page before it was defined
  #isConnected = false;
  #labelling = new Labelling(this, this.#view);

  constructor() {
    super();
    const { canvas, input, undo, clear } = this.#view;
    attachPointerPen(canvas, this.#pad);
    // A finger or a pen that draws must not call up the keyboard; with a mouse at hand, typing is.
    canvas.addEventListener('mousedown', (event) => event.preventDefault());
    canvas.addEventListener('pointerdown', ({ pointerType }) => {
      if (pointerType === 'mouse' && !this.#isDisabled) input.focus({ preventScroll: true });
    });
    input.addEventListener('keydown', (event) => unlessPrevented(event, () => this.#key(event)));
    // Not keydown, which the page hears of, and may prevent, only after us.
    input.addEventListener('keypress', ({ key }) => key === 'Enter' && this.#enter());
    input.addEventListener('focus', () => {
      this.#labelling.update();
      this.#loan.wake();
      if (this.length === 1) input.select();
    });
    input.addEventListener('blur', () => this.#finish());
    undo.addEventListener('click', () => this.#undo());
    clear.addEventListener('click', () => this.#clearByUser());
    this.addEventListener('invalid', () => {
      input.setAttribute('aria-invalid', 'true');
      this.#judge();
    });
  }

  // --- Life ------------------------------------------------------------------------------------------------------

  connectedCallback() {
    this.#isConnected = true;
    for (const name of ownProperties) upgrade(this, name);
    this.#labelling.update();
    this.#update();
    this.#loan.enter(this);
    // It was moved before it had settled.
    if (this.#answer.isSettling) this.#commitSoon();
    if (this.#isUpgraded && this.autofocus) focusFromStart(this);
    this.#isUpgraded = false;
    // Labels may stand below the field.
    if (document.readyState === 'loading') {
      addEventListener('DOMContentLoaded', () => this.#labelling.update(), { once: true });
    }
  }

  disconnectedCallback() {
    this.#isConnected = false;
    this.#labelling.stop();
    clearTimeout(this.#settling);
    this.#loan.leave();
  }

  adoptedCallback() {
    this.#view.adopt(this.ownerDocument);
  }

  attributeChangedCallback(name) {
    if (name === 'value' && !this.#answer.isDirty) this.#setDefault();
    if ((name === 'length' || name === 'accept-unsure') && this.#inkCounts) this.#inkChanged();
    if (name === 'readonly') this.#fixed();
    if (name === 'base-url' || name === 'worker-url') {
      this.#loan.giveBack();
      if (this.#answer.state === 'failed') this.#tryAgain();
    }
    this.#labelling.update();
    this.#update();
  }

  formAssociatedCallback(form) {
    this.#labelling.update();
    this.#formLeft?.abort();
    this.#formLeft = new AbortController();
    // Whoever hears of the submission has heard of the value.
    form?.addEventListener('submit', () => this.#commit(), { capture: true, signal: this.#formLeft.signal });
  }

  formDisabledCallback(isDisabled) {
    this.#isDisabled = isDisabled;
    this.#fixed();
    this.#update();
  }

  formResetCallback() {
    this.#setDefault();
    this.#view.input.removeAttribute('aria-invalid');
    this.#isJudged = false;
    this.#update();
  }

  formStateRestoreCallback(kept, mode) {
    if (mode === 'autocomplete') {
      this.value = kept;
      return;
    }
    const found = unpackState(kept);
    if (!found) return;
    this.#stopReading();
    this.#pad.strokes = found.strokes;
    this.#answer.restore(found);
    if (this.#answer.state === 'reading') this.#readInk();
    this.#update();
  }

  // --- Attributes and properties ---------------------------------------------------------------------------------

  get value() {
    return this.#answer.value;
  }

  set value(value) {
    const digits = digitsOf(String(value ?? ''));
    this.#answer.isDirty = true;
    // Frameworks write back what they were just told; the drawing that it was read from may be under way.
    if (digits !== this.#answer.value) this.#overwrite(digits);
  }

  get defaultValue() {
    return this.getAttribute('value') ?? '';
  }

  set defaultValue(value) {
    this.setAttribute('value', value);
  }

  /** How many digits. */
  get length() {
    const length = Number.parseInt(this.getAttribute('length') ?? '1', 10);
    return length >= 1 ? Math.min(length, mostDigits) : 1;
  }

  set length(length) {
    this.setAttribute('length', length);
  }

  get state() {
    return this.#answer.state;
  }

  get error() {
    return this.#answer.error;
  }

  get strokes() {
    return structuredClone(this.#strokes);
  }

  get classifier() {
    return this.#loan.own;
  }

  set classifier(classifier) {
    this.#loan.own = classifier;
    if (this.#inkCounts) this.#inkChanged();
  }

  get type() {
    return this.localName;
  }

  get form() {
    return this.#internals.form;
  }

  /** As the attribute: some frameworks (React 19) set a property wherever there is one of an attribute's name. */
  set form(id) {
    if (id === null || id === undefined) this.removeAttribute('form');
    else this.setAttribute('form', id);
  }

  get labels() {
    return this.#internals.labels;
  }

  get validity() {
    return this.#internals.validity;
  }

  get validationMessage() {
    return this.#internals.validationMessage;
  }

  get willValidate() {
    return this.#internals.willValidate;
  }

  checkValidity() {
    return this.#internals.checkValidity();
  }

  reportValidity() {
    return this.#internals.reportValidity();
  }

  setCustomValidity(message) {
    this.#customMessage = String(message);
    this.#update();
  }

  clear() {
    this.#overwrite('');
  }

  #settings() {
    const { baseUrl, workerUrl } = this;
    return { baseUrl, workerUrl, isConnected: this.#isConnected, isFixed: this.#isFixed };
  }

  #overwrite(digits) {
    this.#pad.strokes = [];
    this.#write(digits);
    this.#answer.tell();
    this.#update();
  }

  // --- Ink -------------------------------------------------------------------------------------------------------

  get #strokes() {
    return this.#pad.strokes;
  }

  get #hasInk() {
    return this.#strokes.length > 0;
  }

  /** It does not where something was typed, chosen or set since. */
  get #inkCounts() {
    return this.#hasInk && !this.#answer.isTyped;
  }

  /** The last stroke was a mere tap, which leads to the field, as in every other: it is no ink, unless beside other that counts. */
  get #isTap() {
    return isDot(boxAround(this.#answer.isTyped ? this.#strokes.slice(-1) : this.#strokes));
  }

  get #isFixed() {
    return this.#isDisabled || this.readOnly;
  }

  get #isEmpty() {
    return this.#answer.value === '' && (!this.#hasInk || this.#isTap);
  }

  #beginStroke() {
    if (this.#isFixed) return false;
    this.#answer.forgive(); // it is tried again
    this.#loan.wake();
    return true;
  }

  #strokeGrown() {
    if (this.#isTap) return;
    if (this.#answer.isTyped) {
      // Ink on top of something typed begins anew.
      this.#stopReading();
      this.#pad.beginAnew();
      this.#answer.write('');
      this.#changedByUser();
      if (this.#isFixed) return; // the page has answered
    }
    this.#inkChanged({ grows: true });
  }

  #strokeEnded() {
    if (!this.#isTap) {
      this.#inkChanged({ grows: true });
      return;
    }
    this.#pad.strokes = this.#strokes.slice(0, -1);
    this.#update();
  }

  /** The drawing has changed; with `grows`, by more ink. */
  #inkChanged({ grows = false } = {}) {
    clearTimeout(this.#settling);
    if (!this.#hasInk) {
      this.#write('');
      this.#view.announce(words.cleared);
      this.#changedByUser();
      return;
    }
    // What failed in the middle of a stroke is not tried again by the rest of it.
    if (this.#answer.state !== 'failed' || !grows) {
      this.#answer.ink();
      this.#readInk({ grows });
    }
    this.#update();
  }

  /** Whether the user may change the value may have changed. If not, what is drawn stays as it is, and unread. */
  #fixed() {
    if (this.#isFixed) {
      this.#pad.end();
      this.#reader.stop();
    } else {
      this.#loan.wakeInView();
      if (this.#answer.state === 'reading') this.#readInk();
    }
  }

  #undo() {
    if (this.#isFixed || !this.#inkCounts) return;
    if (this.#pad.isDrawing) return this.#pad.cancel();
    this.#pad.strokes = this.#strokes.slice(0, -1);
    this.#inkChanged();
    if (!this.#hasInk) this.#commit();
  }

  #clearByUser() {
    if (this.#isFixed || this.#isEmpty) return;
    this.#pad.strokes = [];
    this.#inkChanged();
    this.#commit();
  }

  // --- Typing ----------------------------------------------------------------------------------------------------

  #typed(value) {
    this.#write(value);
    this.#changedByUser();
    if (value === '' || value.length === this.length) this.#commit();
  }

  #key(event) {
    if (event.isComposing) return; // the keys are the input method's
    const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'z';
    const isErase = event.key === 'Backspace' || event.key === 'Delete';
    if (isUndo && this.#inkCounts) {
      event.preventDefault();
      this.#undo();
    } else if (isErase && this.#answer.value === '' && this.#hasInk) {
      this.#clearByUser(); // ink that is not read yet, or that nobody can read
    } else if (isErase && this.length === 1) {
      this.#view.input.select(); // the browser erases it, wherever the caret stands
    }
  }

  #enter() {
    this.#finish();
    if (this.form) submitByEnter(this.form, (element) => element instanceof InkDigitElement);
  }

  // --- Reading ---------------------------------------------------------------------------------------------------

  #readInk(options) {
    if (!this.#isFixed) this.#reader.read(this.#strokes, options);
  }

  async #read(strokes) {
    const classifier = await this.#loan.borrow();
    return readingOf(await readStrokes(classifier, strokes, { count: this.length, width: this.#pad.width }));
  }

  #showReading(reading) {
    if (!this.#inkCounts) return;
    // Of less ink than there is, it may be another digit: it is told, and no more.
    if (this.#reader.isBehind) return this.#tell('classify', reading);
    const isOther = this.#answer.read(reading, this.acceptUnsure);
    this.#update();
    this.#tell('classify', reading);
    if (isOther) this.#changedByUser();
    if (!this.#pad.isDrawing) this.#commitSoon();
  }

  /** Unless the drawing changes before. */
  #commitSoon() {
    clearTimeout(this.#settling);
    const { value, guesses } = this.#answer;
    const [read = value] = guesses;
    const settle = () => {
      this.#view.announce(guesses.length > 0 ? words.unsure(guesses) : words.read(value));
      this.#commit();
    };
    this.#settling = setTimeout(settle, read.length < this.length ? pauseTime : settleTime);
  }

  #choose(guess) {
    this.#write(guess);
    this.#update();
    this.#view.announce(words.read(guess));
    this.#view.input.focus({ preventScroll: true });
    this.#changedByUser();
    this.#commit();
  }

  #fail(error) {
    this.#stopReading();
    this.#loan.giveBack({ isBroken: true });
    if (this.#answer.fail(error)) this.#changedByUser();
    else this.#update();
    this.#view.announce(words.failed);
    this.#tell('failure', error);
  }

  #tryAgain() {
    if (this.#hasInk) this.#answer.ink();
    else this.#answer.forgive();
    this.#loan.giveBack();
    this.#loan.wake();
    if (this.#hasInk) this.#readInk();
    this.#update();
  }

  #retry() {
    this.#tryAgain();
    this.#view.input.focus({ preventScroll: true });
  }

  // --- Value, validity, looks ------------------------------------------------------------------------------------

  /** See Answer; '' takes the ink away, too. */
  #write(value) {
    this.#stopReading();
    if (value === '') this.#pad.strokes = [];
    this.#answer.write(value);
  }

  #setDefault() {
    this.#stopReading();
    this.#pad.strokes = [];
    this.#answer.writeDefault(digitsOf(this.defaultValue));
  }

  #stopReading() {
    clearTimeout(this.#settling);
    this.#reader.stop();
  }

  #changedByUser() {
    this.#update();
    this.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  /** The user has done with the field. What is still being read will be told of once it is. */
  #finish() {
    if (this.#answer.state !== 'reading') this.#commit();
  }

  /** The value is final, as far as one can tell. */
  #commit() {
    clearTimeout(this.#settling);
    if (!this.#answer.tell()) return;
    this.#judge();
    this.dispatchEvent(new Event('change', { bubbles: true }));
  }

  #judge() {
    this.#isJudged = true;
    this.#update();
  }

  /** Brings the form, the attributes and the view in line with what is known here. */
  #update() {
    const { input, canvas, undo, clear, invitation } = this.#view;
    const { value, state, isTyped } = this.#answer;
    if (!this.#pad.isDrawing) this.#kept = packState(value, isTyped, this.#strokes, state);
    this.#internals.setFormValue(value, this.#kept);
    this.#validate();

    if (this.#isConnected) this.setAttribute('state', state); // for CSS; never read
    const isUserInvalid = this.#isJudged && this.willValidate && state !== 'reading' && !this.validity.valid;
    showStates(this.#internals, { state, isTyped, isUserInvalid });
    this.#typing.show(value);
    input.disabled = this.#isDisabled;
    input.readOnly = this.readOnly;
    input.setAttribute('aria-required', this.required);
    canvas.classList.toggle('overruled', this.#hasInk && isTyped);
    invitation.hidden = !this.#isEmpty || this.#isFixed || state === 'failed';
    undo.disabled = clear.disabled = this.#isFixed;
    // Not `disabled`: a button that has the focus must not lose it.
    undo.setAttribute('aria-disabled', !this.#inkCounts);
    clear.setAttribute('aria-disabled', this.#isEmpty);
    this.#showNotice();
  }

  #validate() {
    const { length, required } = this;
    const { value, state } = this.#answer;
    const [flags, fault] = faultsOf({ value, state, hasInk: this.#inkCounts, length, required });
    const message = this.#customMessage || fault;
    this.#internals.setValidity({ ...flags, customError: Boolean(this.#customMessage) }, message, this.#view.input);
    if (message === '') this.#view.input.removeAttribute('aria-invalid');
  }

  #showNotice() {
    const { state, guesses } = this.#answer;
    if (state === 'unsure' && guesses.length > 0 && !this.acceptUnsure && !this.#pad.isDrawing) {
      const buttons = guesses.map((guess) => ({
        text: `${guess}?`,
        label: words.choose(guess),
        part: 'suggestion',
        onClick: () => this.#choose(guess),
      }));
      // A question on each button, so that little of the drawing is covered; with none to press, in words.
      if (this.#isFixed) this.#view.showNotice(words.unsure(guesses));
      else this.#view.showNotice('', buttons);
    } else if (state === 'failed') {
      const retry = { text: words.retry, part: 'retry', onClick: () => this.#retry() };
      this.#view.showNotice(words.failed, this.#isFixed ? [] : [retry]);
    } else if (state === 'reading' && !this.#loan.isReady) {
      this.#view.showNotice(words.loading);
    } else {
      this.#view.showNotice('');
    }
  }
}

reflectBooleans(InkDigitElement, booleans);
reflectTexts(InkDigitElement, texts);
