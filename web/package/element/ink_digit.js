/**
 * `<ink-digit>` as a form field: its attributes, properties, validity, states and events, see element.d.ts. What is in it, and how that
 * changes, is FieldContent's; what is to be seen, FieldView's.
 */
import { showStates } from './custom_states.js';
import { DigitTyping } from './digit_typing.js';
import { FieldContent } from './field_content.js';
import { FieldView } from './field_view.js';
import { focusFromStart } from './focus_from_start.js';
import { submitByEnter } from './implicit_submission.js';
import { packState, unpackState } from './kept_state.js';
import { Labelling } from './labelling.js';
import { isOnlyAsked, noteAsked, noteWhenAsked } from './only_asked.js';
import { reflectBooleans, reflectTexts, upgrade, writeText } from './reflected.js';
import { digitsOf } from './typed_digits.js';
import { unlessPrevented } from './unless_prevented.js';
import { faultsOf } from './validity.js';
import { words } from './words.js';

const mostDigits = 20;

/** The fields that are in a page, for setWords(). Held weakly: nobody tells of those in a frame that is taken away. */
const inPages = new Set();

const booleans = { required: 'required', readOnly: 'readonly', disabled: 'disabled', acceptUnsure: 'accept-unsure' };
const texts = { name: 'name', baseUrl: 'base-url', workerUrl: 'worker-url' };
const ownProperties = [
  ...Object.keys(booleans),
  ...Object.keys(texts),
  'length',
  'minLength',
  'value',
  'defaultValue',
  'classifier',
];

/** Of a keyboard that has no Latin letters the key where Z is on others: as the browser's own Ctrl+Z. */
const isZ = ({ key, code }) => key.toLowerCase() === 'z' || (code === 'KeyZ' && !/\p{Script=Latin}/u.test(key));

// On a server there is nothing to extend; the class can be imported there, not made.
export class InkDigitElement extends (globalThis.HTMLElement ?? class {}) {
  static formAssociated = true;
  static observedAttributes = [
    ...['value', 'length', 'min-length', 'required', 'readonly', 'accept-unsure', 'base-url', 'worker-url'],
    ...['aria-label', 'aria-labelledby', 'aria-describedby', 'aria-invalid', 'title', 'autocomplete'],
    'state',
  ];
  static words = words;

  static setWords(others) {
    for (const [name, text] of Object.entries(others)) if (text !== undefined) words[name] = text;
    for (const field of inPages) field.deref()?.#sayAnew();
  }

  #internals = this.attachInternals();
  #view = new FieldView(this.attachShadow({ mode: 'open', delegatesFocus: true }));
  #typing = new DigitTyping(this.#view.input, {
    length: () => this.length,
    onTyped: (value) => this.#content.type(value),
  });
  #content = new FieldContent(this, this.#view, {
    onChange: () => this.#update(),
    onInput: () => this.#changedByUser(),
    onFinal: () => {
      this.#judge();
      this.dispatchEvent(new Event('change', { bubbles: true }));
    },
    onReading: (reading) => this.#tell('classify', reading),
    onFailure: (error) => this.#tell('failure', error),
  });
  #answer = this.#content.answer;
  #isJudged = false; // a fault may be shown: the form was not sent, or the user has changed the value
  #formLeft; // AbortController, for the listener on the form
  #kept = ''; // of the last drawing that was whole, see kept_state.js
  #customMessage = '';
  #isDisabled = false; // by itself or by a fieldset
  #isUpgraded = this.isConnected; // it stood in the page before it was defined
  #isConnected = false;
  #labelling = new Labelling(this, this.#view);
  #held = new WeakRef(this); // as it stands in `inPages`

  constructor() {
    super();
    const { canvas, input, undo, clear } = this.#view;
    // A finger or a pen that draws must not call up the keyboard; with a mouse at hand, typing is.
    canvas.addEventListener('mousedown', (event) => event.preventDefault());
    canvas.addEventListener('pointerdown', ({ pointerType }) => {
      if (pointerType === 'mouse' && !this.#isDisabled) input.focus({ preventScroll: true });
    });
    input.addEventListener('keydown', (event) => unlessPrevented(event, () => this.#key(event)));
    // Not keydown, which the page hears of, and may prevent, only after us.
    input.addEventListener('keypress', (event) => {
      if (event.key === 'Enter') unlessPrevented(event, () => this.#enter());
    });
    input.addEventListener('focus', () => {
      this.#content.loan.wake();
      if (this.length === 1) input.select();
    });
    undo.addEventListener('click', () => this.#content.undo());
    clear.addEventListener('click', () => this.#content.clear());
    this.addEventListener('focusout', () => this.#content.finish()); // not heard where the focus moves within the field
    this.addEventListener('invalid', () => isOnlyAsked(this) || this.#judge());
  }

  // --- Life ------------------------------------------------------------------------------------------------------

  connectedCallback() {
    this.#isConnected = true;
    inPages.add(this.#held);
    for (const name of ownProperties) upgrade(this, name);
    this.#labelling.start();
    this.#update();
    this.#content.enter();
    if (this.#isUpgraded && this.autofocus) focusFromStart(this);
    this.#isUpgraded = false;
  }

  disconnectedCallback() {
    this.#isConnected = false;
    inPages.delete(this.#held);
    this.#labelling.stop();
    this.#content.leave();
  }

  adoptedCallback() {
    this.#view.adopt(this.ownerDocument);
  }

  attributeChangedCallback(name, before, after) {
    // (Elements that are set as what names the field leave "" in the attribute, each time.)
    if (before === after && !name.startsWith('aria-')) return;
    if (name === 'state') {
      // Whoever brings the page in line with a server's takes it away, or has another.
      if (after !== this.#answer.state) this.#showState();
      return;
    }
    if (name === 'value' && !this.#answer.isDirty) this.#content.writeDefault();
    if (['length', 'min-length', 'accept-unsure'].includes(name)) this.#content.readAnew();
    if (name === 'readonly') this.#fix();
    if (name === 'base-url' || name === 'worker-url') {
      if (['failed', 'reading'].includes(this.#answer.state)) this.#content.tryAgain();
      else this.#content.loan.giveBack();
    }
    this.#sayAnew();
  }

  formAssociatedCallback(form) {
    this.#labelling.update();
    this.#formLeft?.abort();
    if (!form) return;
    noteWhenAsked(form);
    this.#formLeft = new AbortController();
    // Whoever hears of the submission has heard of the value. (A control may have the name of the method.)
    const options = { capture: true, signal: this.#formLeft.signal };
    EventTarget.prototype.addEventListener.call(form, 'submit', () => this.#content.commit(), options);
  }

  formDisabledCallback(isDisabled) {
    this.#isDisabled = isDisabled;
    this.#fix();
    this.#update();
  }

  formResetCallback() {
    this.#content.writeDefault();
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
    this.#content.restore(found);
    this.#update();
  }

  // --- Attributes and properties ---------------------------------------------------------------------------------

  get value() {
    return this.#answer.value;
  }

  set value(value) {
    this.#content.assign(digitsOf(String(value ?? '')));
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

  /** How many there are at least: as many, unless there may be fewer. */
  get minLength() {
    const least = Number.parseInt(this.getAttribute('min-length'), 10);
    return least >= 1 ? Math.min(least, this.length) : this.length;
  }

  set minLength(least) {
    writeText(this, 'min-length', least);
  }

  get state() {
    return this.#answer.state;
  }

  get error() {
    return this.#answer.error;
  }

  get strokes() {
    return structuredClone(this.#content.strokes);
  }

  get classifier() {
    return this.#content.loan.own;
  }

  set classifier(classifier) {
    this.#content.readBy(classifier);
  }

  get type() {
    return this.localName;
  }

  get form() {
    return this.#internals.form;
  }

  /** As the attribute: some frameworks (React 19) set a property wherever there is one of an attribute's name. */
  set form(id) {
    writeText(this, 'form', id);
  }

  get labels() {
    return this.#internals.labels;
  }

  get validity() {
    return this.#internals.validity;
  }

  get validationMessage() {
    return this.willValidate ? this.#internals.validationMessage : '';
  }

  get willValidate() {
    return this.#internals.willValidate;
  }

  checkValidity() {
    return noteAsked(this, () => this.#internals.checkValidity());
  }

  reportValidity() {
    return this.#internals.reportValidity();
  }

  setCustomValidity(message) {
    this.#customMessage = String(message);
    this.#update();
  }

  clear() {
    this.#content.overwrite('');
  }

  /** Whether the user may change the value may have changed. */
  #fix() {
    this.#content.fix(this.#isDisabled || this.readOnly);
  }

  // --- Keys ------------------------------------------------------------------------------------------------------

  #key(event) {
    if (event.isComposing) return; // the keys are the input method's
    const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && isZ(event);
    const isErase = event.key === 'Backspace' || event.key === 'Delete';
    if (isUndo && this.#content.inkCounts) {
      event.preventDefault();
      this.#content.undo();
    } else if (isErase && this.#answer.value === '' && this.#content.hasInk) {
      this.#content.clear(); // ink that is not read yet, or that nobody can read
    } else if (isErase && this.length === 1) {
      this.#view.input.select(); // the browser erases it, wherever the caret stands
    }
  }

  #enter() {
    this.#content.finish();
    if (this.form) submitByEnter(this.form, (element) => element instanceof InkDigitElement);
  }

  // --- Telling and showing ---------------------------------------------------------------------------------------

  #changedByUser() {
    this.#update();
    this.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  #judge() {
    this.#isJudged = true;
    this.#update();
  }

  #sayAnew() {
    this.#labelling.update();
    this.#update();
  }

  /** By the browser, in its history: not what the page gave it, nor where that wants nothing kept. */
  get #isToBeKept() {
    return this.#answer.isDirty && !/^off$/i.test(this.getAttribute('autocomplete'));
  }

  /** Brings the form, the attributes and the view in line with what is known here. */
  #update() {
    const { value, state, isTyped } = this.#answer;
    if (!this.#content.isDrawing) this.#kept = packState(value, isTyped, this.#content.strokes, state);
    this.#internals.setFormValue(value, this.#isToBeKept ? this.#kept : '');
    this.#validate();

    this.#showState();
    const isUserInvalid = this.#isJudged && this.willValidate && state !== 'reading' && !this.validity.valid;
    showStates(this.#internals, { state, isTyped, isUserInvalid });
    this.#view.showInvalid(isUserInvalid ? 'true' : this.getAttribute('aria-invalid'));
    this.#typing.show(value);
    this.#view.show(this.#content, this, this.#isDisabled);
  }

  /** For CSS; never read. */
  #showState() {
    if (this.#isConnected) this.setAttribute('state', this.#answer.state);
  }

  #validate() {
    const { length, minLength, required } = this;
    const { value, state } = this.#answer;
    const hasInk = this.#content.inkCounts;
    // What the user may not change is not for the user to mend.
    const [flags, fault] = this.willValidate
      ? faultsOf({ value, state, hasInk, length, minLength, required })
      : [{}, ''];
    const message = this.#customMessage || fault;
    this.#internals.setValidity({ ...flags, customError: Boolean(this.#customMessage) }, message, this.#view.input);
  }
}

reflectBooleans(InkDigitElement, booleans);
reflectTexts(InkDigitElement, texts);
