/** `<ink-digit>` as a form field: its value, validity, states and events. See element.d.ts. */
import { attachPointerPen } from '../drawing/pointer_pen.js';
import { DrawingPad } from '../drawing/drawing_pad.js';
import { LiveReader } from '../drawing/live_reader.js';
import { readStrokes } from '../drawing/stroke_reader.js';
import { FieldView } from './field_view.js';
import { borrowClassifier } from './shared_classifier.js';
import { words } from './words.js';

/** A drawing that has not changed for this long, in milliseconds, is finished: `change` tells of it. */
const settleTime = 500;
/** An unsure reading offers the runner-up, too, from this probability on. */
const mayBeToo = 0.05;
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

const digitsOf = (text) => text.normalize('NFKC').replace(/[^0-9]/g, '');

/** What people call the field: the text of its labels, or of the elements that an attribute names. */
const textOf = (elements) =>
  [...elements]
    .map((element) => element?.textContent?.trim())
    .filter(Boolean)
    .join(' ');

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
    onInk: () => this.#inkChanged({ grows: true }),
    onStroke: () => this.#inkChanged({ grows: true }),
    onCancel: () => this.#inkChanged(),
  });
  #reader = new LiveReader({
    classify: (strokes) => this.#read(strokes),
    onResult: (digits) => this.#showReading(digits),
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
  #error = null;
  #committed = ''; // the value that the last `change` told of
  #settling;
  #customMessage = '';
  #isDisabled = false; // by itself or by a fieldset
  #loan = null; // of the shared classifier
  #isReady = false; // the classifier has been fetched
  #ownClassifier = null;
  #isConnected = false;
  #isBusy = false; // reading
  #visibility;
  #labelWatch = globalThis.MutationObserver && new MutationObserver(() => this.#describe());

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
      const typed = digitsOf(input.value);
      this.#typed(this.length === 1 ? typed.slice(-1) : typed.slice(0, this.length));
    });
    input.addEventListener('keydown', (event) => this.#key(event));
    input.addEventListener('focus', () => {
      this.#describe();
      this.#wake();
      if (this.length === 1) input.select();
    });
    input.addEventListener('blur', () => this.#commit());
    undo.addEventListener('click', () => this.#undo());
    clear.addEventListener('click', () => this.#clearByUser());
    this.addEventListener('invalid', () => input.setAttribute('aria-invalid', 'true'));
  }

  // --- Life ------------------------------------------------------------------------------------------------------

  connectedCallback() {
    this.#isConnected = true;
    for (const name of ownProperties) this.#upgrade(name);
    this.#describe();
    this.#update();
    // The classifier is fetched when the field can be seen.
    this.#visibility ??= new IntersectionObserver(
      (entries) => entries.some(({ isIntersecting }) => isIntersecting) && this.#wake(),
      { rootMargin: '200px' },
    );
    this.#visibility.observe(this);
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

  attributeChangedCallback(name) {
    if (name === 'value' && !this.#isDirty) this.#setDefault();
    if (name === 'length' && this.#strokes.length > 0 && !this.#isTyped) this.#inkChanged();
    if (name === 'base-url' || name === 'worker-url') this.#giveBack();
    this.#describe();
    this.#update();
  }

  formAssociatedCallback() {
    this.#describe();
  }

  formDisabledCallback(isDisabled) {
    this.#isDisabled = isDisabled;
    this.#update();
  }

  formResetCallback() {
    this.#isDirty = false;
    this.#setDefault();
    this.#view.input.removeAttribute('aria-invalid');
    this.#update();
  }

  formStateRestoreCallback(state, mode) {
    if (mode === 'autocomplete') {
      this.value = state;
      return;
    }
    const { value, isTyped, strokes } = JSON.parse(state);
    this.#setValue(value, { isTyped, isDirty: true });
    this.#committed = value;
    this.#pad.strokes = strokes;
    if (strokes.length > 0 && !isTyped) this.#reader.read(strokes);
    this.#update();
  }

  /** A property that was set before the element was defined hides the accessor: set it again. */
  #upgrade(name) {
    if (!Object.hasOwn(this, name)) return;
    const value = this[name];
    delete this[name];
    this[name] = value;
  }

  // --- Attributes and properties ---------------------------------------------------------------------------------

  get value() {
    return this.#value;
  }

  set value(value) {
    this.#setValue(digitsOf(String(value ?? '')), { isTyped: true, isDirty: true });
    this.#pad.strokes = [];
    this.#committed = this.#value;
    this.#update();
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
    return this.#error;
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
    if (this.#strokes.length > 0 && !this.#isTyped) this.#inkChanged();
  }

  get type() {
    return this.localName;
  }

  get form() {
    return this.#internals.form;
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
    this.value = '';
  }

  // --- Ink -------------------------------------------------------------------------------------------------------

  get #strokes() {
    return this.#pad.strokes;
  }

  get #isFixed() {
    return this.#isDisabled || this.readOnly;
  }

  get #isEmpty() {
    return this.#strokes.length === 0 && this.#value === '';
  }

  #beginStroke() {
    if (this.#isFixed) return false;
    this.#wake();
    if (this.#isTyped) {
      // Ink on top of something typed begins anew.
      this.#pad.strokes = [];
      this.#setValue('', { isTyped: false, isDirty: true });
      this.#changedByUser();
    }
    return !this.#isFixed; // the page may have answered
  }

  /** The drawing has changed; with `grows`, by more ink. */
  #inkChanged({ grows = false } = {}) {
    clearTimeout(this.#settling);
    this.#isDirty = true;
    this.#isTyped = false;
    if (this.#strokes.length === 0) {
      this.#setValue('', { isTyped: false, isDirty: true });
      this.#view.announce(words.cleared);
      this.#changedByUser();
      return;
    }
    if (this.#state === 'blank' || this.#state === 'failed' || !grows) this.#state = 'reading';
    this.#reader.read(this.#strokes, { grows });
    this.#update();
  }

  #undo() {
    if (this.#isFixed || this.#isTyped || this.#strokes.length === 0) return;
    if (this.#pad.isDrawing) return this.#pad.cancel();
    this.#pad.strokes = this.#strokes.slice(0, -1);
    this.#inkChanged();
    if (this.#strokes.length === 0) this.#commit();
  }

  #clearByUser() {
    if (this.#isFixed || this.#isEmpty) return;
    this.#pad.strokes = [];
    this.#inkChanged();
    this.#commit();
  }

  // --- Typing ----------------------------------------------------------------------------------------------------

  #beforeTyping(event) {
    if (this.#isFixed || !event.data || event.isComposing) return;
    const typed = digitsOf(event.data);
    if (typed === '') event.preventDefault(); // no letters
    // A single digit is replaced by the next.
    if (typed !== '' && this.length === 1) {
      event.preventDefault();
      this.#typed(typed.at(-1));
    }
  }

  #typed(value) {
    const wasEmpty = this.#value === '' && this.#state === 'blank';
    if (value === '') this.#pad.strokes = [];
    this.#setValue(value, { isTyped: value !== '', isDirty: true });
    this.#update();
    if (wasEmpty && value === '') return;
    this.#changedByUser();
    if (value === '' || value.length === this.length) this.#commit();
  }

  #key(event) {
    if (event.isComposing) return; // the keys are the input method's
    const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'z';
    const isErase = event.key === 'Backspace' || event.key === 'Delete';
    if (isUndo && !this.#isTyped && this.#strokes.length > 0) {
      event.preventDefault();
      this.#undo();
    } else if (isErase && this.#value === '' && this.#strokes.length > 0) {
      this.#clearByUser(); // ink that is not read yet, or that nobody can read
    } else if (isErase && this.length === 1 && this.#value !== '' && !this.#isFixed) {
      event.preventDefault(); // wherever the caret stands
      this.#typed('');
    } else if (event.key === 'Enter') {
      this.#commit();
      this.#submit();
    }
  }

  /** Enter sends the form, as in the browser's own fields. */
  #submit() {
    const { form } = this;
    if (!form) return;
    // Not form.elements, which leaves out the buttons that are images.
    const candidates = form.getRootNode().querySelectorAll('button, input');
    const button = [...candidates].find((one) => one.form === form && ['submit', 'image'].includes(one.type));
    if (button)
      button.click(); // which does nothing if it is disabled
    else if ([...form.elements].filter(holdsText).length <= 1) form.requestSubmit();
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
        if (this.#state === 'failed' && this.#strokes.length === 0) this.#state = 'blank';
        this.#update();
      },
      // With ink there, its reading fails and tells of it.
      (error) => this.#loan === loan && this.#value === '' && this.#strokes.length === 0 && this.#fail(error),
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

  async #read(strokes) {
    this.#borrow();
    const classifier = this.#ownClassifier ?? (await this.#loan.classifier);
    return readStrokes(classifier, strokes, { count: this.length, width: this.#pad.width });
  }

  #showReading(digits) {
    if (this.#isTyped || this.#strokes.length === 0) return;
    const confidence = Math.min(...digits.map((digit) => digit.confidence));
    const state = digits.every((one) => one.state === 'digit' && one.digit <= 9) ? 'digit' : 'unsure';
    const guess = digits.map((one) => rankedDigits(one)[0].digit).join('');
    const before = this.#value;
    this.#setValue(state === 'digit' || this.acceptUnsure ? guess : '', { isTyped: false, isDirty: true });
    this.#state = state;
    this.#guesses = state === 'unsure' ? guessesOf(digits, guess) : [];
    this.#error = null;
    this.#update();
    const reading = { ...(digits.length === 1 ? digits[0] : {}), value: guess, state, confidence, digits };
    this.dispatchEvent(new CustomEvent('classify', { detail: reading, bubbles: true, composed: true }));
    if (this.#value !== before) this.#changedByUser();
    if (this.#pad.isDrawing) return;
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => {
      this.#view.announce(this.#guesses.length > 0 ? words.unsure(this.#guesses) : words.read(this.#value));
      this.#commit();
    }, settleTime);
  }

  #choose(guess) {
    this.#setValue(guess, { isTyped: true, isDirty: true });
    this.#update();
    this.#view.announce(words.read(guess));
    this.#view.input.focus({ preventScroll: true });
    this.#changedByUser();
    this.#commit();
  }

  #fail(error) {
    this.#error = error;
    this.#giveBack({ isBroken: true });
    const before = this.#value;
    if (!this.#isTyped && this.#strokes.length > 0) {
      this.#setValue('', { isTyped: false, isDirty: true });
    }
    this.#state = this.#isTyped ? 'digit' : 'failed';
    if (this.#value !== before) this.#changedByUser();
    else this.#update();
    this.#view.announce(words.failed);
    this.dispatchEvent(new CustomEvent('failure', { detail: error, bubbles: true, composed: true }));
  }

  #retry() {
    this.#error = null;
    this.#state = this.#strokes.length > 0 ? 'reading' : 'blank';
    this.#giveBack();
    this.#wake();
    if (this.#strokes.length > 0) this.#reader.read(this.#strokes);
    this.#update();
    this.#view.input.focus({ preventScroll: true });
  }

  // --- Value, validity, looks ------------------------------------------------------------------------------------

  #setValue(value, { isTyped, isDirty }) {
    this.#value = value;
    this.#isTyped = isTyped && value !== '';
    this.#isDirty = isDirty;
    this.#guesses = [];
    if (isTyped || value === '') {
      clearTimeout(this.#settling);
      this.#state = value === '' ? 'blank' : 'digit';
      // An unsure reading gives no value, either, but a newer one may be on its way.
      if (isTyped || this.#strokes.length === 0) this.#reader.stop();
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

  /** The value is final, as far as one can tell. */
  #commit() {
    clearTimeout(this.#settling);
    if (this.#value === this.#committed) return;
    this.#committed = this.#value;
    this.dispatchEvent(new Event('change', { bubbles: true }));
  }

  /** → [flags, message] as ElementInternals.setValidity takes them. */
  #faults() {
    const hasInk = this.#strokes.length > 0 && !this.#isTyped;
    const { length } = this;
    const got = this.#value.length;
    if (this.#customMessage) return [{ customError: true }, this.#customMessage];
    if (hasInk && this.#state === 'reading' && got === 0) return [{ customError: true }, words.notReadYet];
    // As a number field that holds no number.
    if (hasInk && got === 0) return [{ badInput: true }, words.notRead];
    if (got === 0) return this.required ? [{ valueMissing: true }, words.valueMissing(length)] : [{}, ''];
    if (got < length) return [{ tooShort: true }, words.wrongLength(length, got)];
    if (got > length) return [{ tooLong: true }, words.wrongLength(length, got)];
    return [{}, ''];
  }

  /** Brings the form, the attributes and the view in line with what is known here. */
  #update() {
    const { input, canvas, undo, clear, invitation } = this.#view;
    const strokes = this.#strokes;
    const hasInk = strokes.length > 0;

    if (!this.#pad.isDrawing) {
      const state = { value: this.#value, isTyped: this.#isTyped, strokes: strokes.map(roundStroke) };
      this.#internals.setFormValue(this.#value, JSON.stringify(state));
    }
    const [flags, message] = this.#faults();
    this.#internals.setValidity(flags, message, input);
    if (message === '') input.removeAttribute('aria-invalid');

    if (this.#isConnected) this.setAttribute('state', this.#state); // for CSS; never read
    this.#setStates();
    if (input.value !== this.#value) input.value = this.#value;
    input.disabled = this.#isDisabled;
    input.readOnly = this.readOnly;
    input.setAttribute('aria-required', this.required);
    canvas.classList.toggle('overruled', hasInk && this.#isTyped);
    invitation.hidden = !this.#isEmpty || this.#isFixed || this.#state === 'failed';
    undo.disabled = clear.disabled = this.#isFixed;
    // Not `disabled`: a button that has the focus must not lose it.
    undo.setAttribute('aria-disabled', !hasInk || this.#isTyped);
    clear.setAttribute('aria-disabled', this.#isEmpty);
    this.#showNotice();
  }

  #setStates() {
    for (const state of ['blank', 'reading', 'digit', 'unsure', 'failed']) this.#setState(state, state === this.#state);
    this.#setState('typed', this.#isTyped);
  }

  #setState(name, isSet) {
    try {
      if (isSet) this.#internals.states.add(name);
      else this.#internals.states.delete(name);
    } catch {
      // An older browser, which wants another form of name, or has none of these: the attribute does.
    }
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
      this.#view.showNotice(words.failed, [{ text: words.retry, part: 'retry', onClick: () => this.#retry() }]);
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
    const root = this.getRootNode();
    const named = (attribute) =>
      textOf((this.getAttribute(attribute) ?? '').split(/\s+/).map((id) => id && root.getElementById?.(id)));
    const labels = [...(this.#internals.labels ?? [])];
    const name =
      named('aria-labelledby') ||
      this.getAttribute('aria-label') ||
      textOf(labels) ||
      this.title ||
      words.name(this.length);
    this.#view.input.setAttribute('aria-label', name);
    const description = named('aria-describedby');
    if (description) this.#view.input.setAttribute('aria-description', description);
    else this.#view.input.removeAttribute('aria-description');
    this.#labelWatch.disconnect();
    for (const label of labels)
      this.#labelWatch.observe(label, { childList: true, characterData: true, subtree: true });
  }
}

for (const [property, attribute] of Object.entries(booleans)) {
  Object.defineProperty(InkDigitElement.prototype, property, {
    get() {
      return this.hasAttribute(attribute);
    },
    set(isSet) {
      this.toggleAttribute(attribute, Boolean(isSet));
    },
    enumerable: true,
    configurable: true,
  });
}
for (const [property, attribute] of Object.entries(texts)) {
  Object.defineProperty(InkDigitElement.prototype, property, {
    get() {
      return this.getAttribute(attribute) ?? '';
    },
    set(value) {
      this.setAttribute(attribute, value);
    },
    enumerable: true,
    configurable: true,
  });
}

/** Of a form without a button that has several such fields, Enter sends nothing (HTML, "implicit submission"). */
const textTypes = 'date datetime-local email month number password search tel text time url week'.split(' ');
const holdsText = (element) => element instanceof InkDigitElement || textTypes.includes(element.type);

/** The ten digits, the likeliest first: a classifier of the page's own may know other symbols, which are none here. */
const rankedDigits = ({ probabilities }) =>
  Array.from(probabilities.slice(0, 10), (probability, digit) => ({ probability, digit })).sort(
    (a, b) => b.probability - a.probability,
  );

/** Of a single digit also the runner-up, if it is near; of a number only what was read, once there is all of it. */
function guessesOf(digits, guess) {
  if (digits.length > 1) return [guess];
  return rankedDigits(digits[0])
    .filter(({ probability }, rank) => rank === 0 || (rank === 1 && probability >= mayBeToo))
    .map(({ digit }) => String(digit));
}

/** Enough digits for the eye: this is kept in the browser's history. */
const roundStroke = (stroke) =>
  stroke.map(({ x, y, pressure }) => ({ x: round(x), y: round(y), pressure: round(pressure) }));
const round = (value) => Math.round(value * 1000) / 1000;
