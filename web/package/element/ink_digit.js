/** `<ink-digit>` as a form field: its value, validity, states and events. See element.d.ts. */
import { boxAround } from '../drawing/box.js';
import { attachPointerPen } from '../drawing/pointer_pen.js';
import { DrawingPad } from '../drawing/drawing_pad.js';
import { LiveReader } from '../drawing/live_reader.js';
import { isDot, readStrokes } from '../drawing/stroke_reader.js';
import { showStates } from './custom_states.js';
import { FieldView } from './field_view.js';
import { focusFromStart } from './focus_from_start.js';
import { submitByEnter } from './implicit_submission.js';
import { packState, unpackState } from './kept_state.js';
import { descriptionOf, nameOf } from './labelling.js';
import { guessesOf, readingOf } from './reading.js';
import { reflectBooleans, reflectTexts, upgrade } from './reflected.js';
import { borrowClassifier } from './shared_classifier.js';
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
  #pad = new DrawingPad(this.#view.canvas, {
    onBegin: () => this.#beginStroke(),
    onInk: () => this.#isDot || this.#inkChanged({ grows: true }),
    onStroke: () => (this.#isDot ? this.#dropDot() : this.#inkChanged({ grows: true })),
    onCancel: () => this.#inkChanged(),
  });
  #reader = new LiveReader({
    classify: (strokes) => this.#read(strokes),
    onResult: (reading) => this.#showReading(reading),
    onError: (error) => this.#fail(error),
    onBusy: (isBusy) => {
      this.#isBusy = isBusy;
      this.#giveBackIfGone();
    },
  });

  #value = '';
  #isDirty = false; // the value is the user's or the page's: the `value` attribute no longer counts
  #isTyped = false; // it was typed, chosen or set, not read: the ink does not count
  #state = 'blank';
  #guesses = []; // of an unsure reading, the likeliest first
  #error; // the last
  #committed = ''; // the value that the last `change` told of
  #typing = null; // what the input is to be after the event `input`: [text, caret]
  #isJudged = false; // a fault may be shown: the form was not sent, or the user has changed the value
  #isComposing = false; // an input method is at work, which writing into the input would disturb
  #settling;
  #formLeft; // AbortController, for the listener on the form
  #kept = ''; // of the last drawing that was whole, see kept_state.js
  #customMessage = '';
  #isDisabled = false; // by itself or by a fieldset
  #loan = null; // of the shared classifier
  #isReady = false; // the classifier has been fetched
  #ownClassifier = null;
  #isUpgraded = this.isConnected; // it stood in the page before it was defined
  #isConnected = false;
  #isBusy = false; // reading
  #visibility;
  #isInView = false;
  #labelWatch = new MutationObserver(() => this.#describe());

  constructor() {
    super();
    const { canvas, input, undo, clear } = this.#view;
    attachPointerPen(canvas, this.#pad);
    // A finger or a pen that draws must not call up the keyboard; with a mouse at hand, typing is.
    canvas.addEventListener('mousedown', (event) => event.preventDefault());
    canvas.addEventListener('pointerdown', ({ pointerType }) => {
      if (pointerType === 'mouse' && !this.#isDisabled) input.focus({ preventScroll: true });
    });
    input.addEventListener('beforeinput', (event) => this.#beforeTyping(event));
    input.addEventListener('input', (event) => {
      event.stopPropagation(); // ours tells of it
      if (!this.#isComposing) this.#takeTyped();
    });
    input.addEventListener('compositionstart', () => (this.#isComposing = true));
    input.addEventListener('compositionend', () => {
      this.#isComposing = false;
      this.#takeTyped();
    });
    input.addEventListener('keydown', (event) => unlessPrevented(event, () => this.#key(event)));
    // Not keydown, which the page hears of, and may prevent, only after us.
    input.addEventListener('keypress', ({ key }) => key === 'Enter' && this.#enter());
    input.addEventListener('focus', () => {
      this.#describe();
      this.#wake();
      if (this.length === 1) input.select();
    });
    input.addEventListener('blur', () => {
      this.#isComposing = false; // all that is told if the field is taken away meanwhile
      this.#finish();
    });
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
    this.#describe();
    this.#update();
    // The classifier is fetched when the field can be seen.
    this.#visibility ??= new IntersectionObserver(
      (entries) => {
        this.#isInView = entries.at(-1).isIntersecting;
        if (this.#isInView) this.#wake();
      },
      { rootMargin: '200px' },
    );
    this.#visibility.observe(this);
    // It was moved before it had settled.
    if (this.#value !== this.#committed && !this.#isTyped && this.#state !== 'reading') this.#commitSoon();
    if (this.#isUpgraded && this.autofocus) focusFromStart(this);
    this.#isUpgraded = false;
    // Labels may stand below the field.
    if (document.readyState === 'loading') {
      addEventListener('DOMContentLoaded', () => this.#describe(), { once: true });
    }
  }

  disconnectedCallback() {
    this.#isConnected = false;
    this.#visibility.disconnect();
    this.#labelWatch.disconnect();
    clearTimeout(this.#settling);
    this.#giveBackIfGone();
  }

  adoptedCallback() {
    this.#view.adopt(this.ownerDocument);
  }

  attributeChangedCallback(name) {
    if (name === 'value' && !this.#isDirty) this.#setDefault();
    if ((name === 'length' || name === 'accept-unsure') && this.#inkCounts) this.#inkChanged();
    if (name === 'readonly') this.#fixed();
    if (name === 'base-url' || name === 'worker-url') {
      this.#giveBack();
      if (this.#state === 'failed') this.#tryAgain();
    }
    this.#describe();
    this.#update();
  }

  formAssociatedCallback(form) {
    this.#describe();
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
    this.#isDirty = false;
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
    const { value, isTyped, strokes, state } = found;
    this.#setValue(value, { isTyped });
    this.#committed = value;
    this.#pad.strokes = strokes;
    if (this.#inkCounts) {
      // What gave the value is not read anew, which may fail now.
      this.#state = value !== '' && state !== 'reading' ? state : 'reading';
      if (this.#state === 'reading') this.#readInk();
    }
    this.#update();
  }

  // --- Attributes and properties ---------------------------------------------------------------------------------

  get value() {
    return this.#value;
  }

  set value(value) {
    const digits = digitsOf(String(value ?? ''));
    this.#isDirty = true;
    // Frameworks write back what they were just told; the drawing that it was read from may be under way.
    if (digits !== this.#value) this.#overwrite(digits);
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
    return this.#state;
  }

  get error() {
    return this.#state === 'failed' ? this.#error : null;
  }

  get strokes() {
    return structuredClone(this.#strokes);
  }

  get classifier() {
    return this.#ownClassifier;
  }

  set classifier(classifier) {
    this.#ownClassifier = classifier ?? null;
    this.#giveBack();
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

  #overwrite(digits) {
    this.#setValue(digits, { isTyped: true });
    this.#pad.strokes = [];
    this.#committed = this.#value;
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
    return this.#hasInk && !this.#isTyped;
  }

  /** All there is was drawn by a tap. */
  get #isDot() {
    return isDot(boxAround(this.#strokes));
  }

  get #isFixed() {
    return this.#isDisabled || this.readOnly;
  }

  get #isEmpty() {
    return !this.#hasInk && this.#value === '';
  }

  #beginStroke() {
    if (this.#isFixed) return false;
    if (this.#state === 'failed') this.#state = 'blank'; // it is tried again
    this.#wake();
    if (this.#isTyped) {
      // Ink on top of something typed begins anew.
      this.#pad.strokes = [];
      this.#setValue('', { isTyped: false });
      this.#changedByUser();
    }
    return !this.#isFixed; // the page may have answered
  }

  /** A tap alone leads to the field, as in every other, and is no ink, which nobody could read. */
  #dropDot() {
    this.#pad.strokes = [];
    this.#setValue('', { isTyped: false });
    this.#update();
    this.#commit();
  }

  /** The drawing has changed; with `grows`, by more ink. */
  #inkChanged({ grows = false } = {}) {
    clearTimeout(this.#settling);
    this.#isDirty = true;
    this.#isTyped = false;
    if (!this.#hasInk) {
      this.#setValue('', { isTyped: false });
      this.#view.announce(words.cleared);
      this.#changedByUser();
      return;
    }
    // What failed in the middle of a stroke is not tried again by the rest of it.
    if (this.#state !== 'failed' || !grows) {
      this.#state = 'reading';
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
      if (this.#isInView) this.#wake();
      if (this.#state === 'reading') this.#readInk();
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

  /** Only digits, and no more of them than there is room for. The page, which hears of it after us, may prevent it. */
  #beforeTyping(event) {
    this.#typing = null;
    if (this.#isFixed || !event.data || event.isComposing) return;
    const { value, selectionStart, selectionEnd } = this.#view.input;
    // A single digit is replaced by the next.
    const [start, end] = this.length === 1 ? [0, value.length] : [selectionStart, selectionEnd];
    const room = Math.max(0, this.length - value.length + end - start);
    const typed = digitsOf(event.data).slice(0, room);
    if (typed === '') event.preventDefault();
    else this.#typing = [value.slice(0, start) + typed + value.slice(end), start + typed.length];
  }

  /** What stands in the input now. */
  #takeTyped() {
    const { input } = this.#view;
    if (this.#typing) {
      const [text, caret] = this.#typing;
      this.#typing = null;
      input.value = text; // mostly what it is already
      input.setSelectionRange(caret, caret);
      this.#typed(text);
      return;
    }
    const digits = digitsOf(input.value);
    const value = this.length === 1 ? digits.slice(-1) : digits.slice(0, this.length);
    if (value === this.#value)
      this.#update(); // all that came is no digit, or one too many
    else this.#typed(value);
  }

  #typed(value) {
    if (value === '') this.#pad.strokes = [];
    this.#setValue(value, { isTyped: value !== '' });
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
    } else if (isErase && this.#value === '' && this.#hasInk) {
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

  /** Starts the classifier as soon as it may be needed. */
  #wake() {
    if (this.#isConnected && !this.#isFixed) this.#borrow();
  }

  #borrow() {
    if (this.#loan || this.#ownClassifier) return;
    const loan = borrowClassifier({ baseUrl: this.baseUrl || undefined, workerUrl: this.workerUrl || undefined });
    this.#loan = loan;
    loan.classifier.then(
      () => {
        if (this.#loan !== loan) return;
        this.#isReady = true;
        if (this.#state === 'failed' && !this.#hasInk) this.#state = 'blank';
        this.#update();
      },
      (error) => {
        if (this.#loan !== loan) return;
        this.#giveBack({ isBroken: true }); // the next that needs one asks anew
        if (this.#isEmpty) this.#fail(error); // with ink there, its reading fails and tells of it
      },
    );
  }

  #giveBack({ isBroken = false } = {}) {
    if (isBroken) this.#loan?.discard();
    else this.#loan?.release();
    this.#loan = null;
    this.#isReady = false;
  }

  /** What is being read when the field leaves the page is read to its end. */
  #giveBackIfGone() {
    if (!this.#isConnected && !this.#isBusy) this.#giveBack();
  }

  #readInk(options) {
    if (!this.#isFixed) this.#reader.read(this.#strokes, options);
  }

  async #read(strokes) {
    this.#borrow();
    const classifier = this.#ownClassifier ?? (await this.#loan.classifier);
    return readingOf(await readStrokes(classifier, strokes, { count: this.length, width: this.#pad.width }));
  }

  #showReading(reading) {
    if (!this.#inkCounts) return;
    // Of less ink than there is, it may be another digit: it is told, and no more.
    if (this.#reader.isBehind) return this.#tell('classify', reading);
    const { state, value } = reading;
    const before = this.#value;
    this.#setValue(state === 'digit' || this.acceptUnsure ? value : '', { isTyped: false });
    this.#state = state;
    this.#guesses = guessesOf(reading);
    this.#update();
    this.#tell('classify', reading);
    if (this.#value !== before) this.#changedByUser();
    if (!this.#pad.isDrawing) this.#commitSoon();
  }

  /** Unless the drawing changes before. */
  #commitSoon() {
    clearTimeout(this.#settling);
    const [read = this.#value] = this.#guesses;
    const settle = () => {
      this.#view.announce(this.#guesses.length > 0 ? words.unsure(this.#guesses) : words.read(this.#value));
      this.#commit();
    };
    this.#settling = setTimeout(settle, read.length < this.length ? pauseTime : settleTime);
  }

  #choose(guess) {
    this.#setValue(guess, { isTyped: true });
    this.#update();
    this.#view.announce(words.read(guess));
    this.#view.input.focus({ preventScroll: true });
    this.#changedByUser();
    this.#commit();
  }

  #fail(error) {
    this.#error = error;
    this.#reader.stop();
    this.#giveBack({ isBroken: true });
    const before = this.#value;
    if (this.#inkCounts) {
      this.#setValue('', { isTyped: false });
    }
    this.#state = this.#isTyped ? 'digit' : 'failed';
    if (this.#value !== before) this.#changedByUser();
    else this.#update();
    this.#view.announce(words.failed);
    this.#tell('failure', error);
  }

  #tryAgain() {
    this.#state = this.#hasInk ? 'reading' : 'blank';
    this.#giveBack();
    this.#wake();
    if (this.#hasInk) this.#readInk();
    this.#update();
  }

  #retry() {
    this.#tryAgain();
    this.#view.input.focus({ preventScroll: true });
  }

  // --- Value, validity, looks ------------------------------------------------------------------------------------

  #setValue(value, { isTyped, isDirty = true }) {
    this.#value = value;
    this.#isTyped = isTyped && value !== '';
    this.#isDirty = isDirty;
    this.#guesses = [];
    if (isTyped || value === '') {
      clearTimeout(this.#settling);
      this.#state = value === '' ? 'blank' : 'digit';
      // An unsure reading gives no value, either, but a newer one may be on its way.
      if (isTyped || !this.#hasInk) this.#reader.stop();
    }
  }

  #setDefault() {
    this.#pad.strokes = [];
    this.#setValue(digitsOf(this.defaultValue), { isTyped: true, isDirty: false });
    this.#committed = this.#value;
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
    if (this.#state !== 'reading') this.#commit();
  }

  /** The value is final, as far as one can tell. */
  #commit() {
    clearTimeout(this.#settling);
    if (this.#value === this.#committed) return;
    this.#committed = this.#value;
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
    if (!this.#pad.isDrawing) this.#kept = packState(this.#value, this.#isTyped, this.#strokes, this.#state);
    this.#internals.setFormValue(this.#value, this.#kept);
    this.#validate();

    if (this.#isConnected) this.setAttribute('state', this.#state); // for CSS; never read
    const isUserInvalid = this.#isJudged && this.willValidate && this.#state !== 'reading' && !this.validity.valid;
    showStates(this.#internals, { state: this.#state, isTyped: this.#isTyped, isUserInvalid });
    if (input.value !== this.#value && !this.#isComposing) input.value = this.#value;
    input.disabled = this.#isDisabled;
    input.readOnly = this.readOnly;
    input.setAttribute('aria-required', this.required);
    canvas.classList.toggle('overruled', this.#hasInk && this.#isTyped);
    invitation.hidden = !this.#isEmpty || this.#isFixed || this.#state === 'failed';
    undo.disabled = clear.disabled = this.#isFixed;
    // Not `disabled`: a button that has the focus must not lose it.
    undo.setAttribute('aria-disabled', !this.#inkCounts);
    clear.setAttribute('aria-disabled', this.#isEmpty);
    this.#showNotice();
  }

  #validate() {
    const { length, required } = this;
    const field = { value: this.#value, state: this.#state, hasInk: this.#inkCounts, length, required };
    const [flags, fault] = faultsOf(field);
    const message = this.#customMessage || fault;
    this.#internals.setValidity({ ...flags, customError: Boolean(this.#customMessage) }, message, this.#view.input);
    if (message === '') this.#view.input.removeAttribute('aria-invalid');
  }

  #showNotice() {
    if (this.#state === 'unsure' && this.#guesses.length > 0 && !this.acceptUnsure && !this.#pad.isDrawing) {
      const buttons = this.#guesses.map((guess) => ({
        text: `${guess}?`,
        label: words.choose(guess),
        part: 'suggestion',
        onClick: () => this.#choose(guess),
      }));
      // A question on each button, so that little of the drawing is covered; with none to press, in words.
      if (this.#isFixed) this.#view.showNotice(words.unsure(this.#guesses));
      else this.#view.showNotice('', buttons);
    } else if (this.#state === 'failed') {
      const retry = { text: words.retry, part: 'retry', onClick: () => this.#retry() };
      this.#view.showNotice(words.failed, this.#isFixed ? [] : [retry]);
    } else if (this.#state === 'reading' && !this.#isReady && !this.#ownClassifier) {
      this.#view.showNotice(words.loading);
    } else {
      this.#view.showNotice('');
    }
  }

  /** Puts words on everything. A label names the field; what has the focus, and so is read out, is the input in it. */
  #describe() {
    this.#view.setLength(this.length);
    this.#view.showWords(words, this.length);
    const labels = [...(this.labels ?? [])];
    this.#view.input.setAttribute('aria-label', nameOf(this, labels) || words.name(this.length));
    this.#view.description.textContent = descriptionOf(this);
    this.#labelWatch.disconnect();
    for (const label of labels)
      this.#labelWatch.observe(label, { childList: true, characterData: true, subtree: true });
  }
}

reflectBooleans(InkDigitElement, booleans);
reflectTexts(InkDigitElement, texts);
