/**
 * `<ink-digit>`: a form field that is drawn in, or typed into. Importing this module defines the element. On a server it does
 * nothing, nor in a document that has no canvas or no fields of one's own, such as jsdom and happy-dom: there `<ink-digit>` stays a
 * plain element, on which a test of a component may set `value` and dispatch `input` itself.
 *
 *     <label for="floor">Floor</label> <ink-digit id="floor" name="floor" required></ink-digit>
 *
 * Attributes: `name`, `value`, `required`, `disabled`, `readonly`, `length` (how many digits), `min-length` (how many at least),
 * `accept-unsure`, `base-url`, `worker-url`; `aria-invalid` is passed on to what has the focus; with `autocomplete="off"` the browser does
 * not bring back what the user drew or typed. CSS custom properties: `--ink-digit-size`, `-paper`, `-ink`, `-text`, `-line`, `-accent`,
 * `-error`, `-radius`. Parts: `field`, `paper`, `pad`, `invitation`, `notice`, `suggestion`, `retry`, `bar`, `input`,
 * `button`, `undo`, `clear`. Of a field whose width the page gives (`width: 100%`) all is paper. Light or dark follows
 * the page's `color-scheme`.
 */
import type { DigitClassifier, Stroke, StrokeReading } from './drawing.js';
import type { Classification, InkdigitError } from './index.js';

/**
 * 'reading': there is ink that is being read, of which the value does not tell yet; 'unsure': it was read, but not surely; 'failed': drawings cannot be read.
 * Also the element's `state` attribute and, where the browser has them, its custom states: `ink-digit:state(unsure)`.
 * `:state(typed)` holds, too, if the value was not read from ink; `:state(user-invalid)`, as the browser's `:user-invalid`, if the value is
 * not valid and the form was not sent for it, reportValidity() has said so or the user has changed it (`change`), until the form is reset.
 * checkValidity(), of the field or of its form, only asks.
 */
export type InkDigitState = 'blank' | 'reading' | 'digit' | 'unsure' | 'failed';

/** Of a single digit, everything that `classify` gives is there, too. */
export interface InkDigitReading extends Partial<Omit<Classification, 'state' | 'confidence'>> {
  /** What was read, the best guess if unsure. */
  value: string;
  state: 'digit' | 'unsure';
  /** That of the least sure digit. */
  confidence: number;
  /** In reading order; of a `classifier` of your own, what that told. */
  digits: StrokeReading[];
}

/** What the element says; functions get `length` and `minLength`, or what is told of. */
export interface InkDigitWords {
  name(length: number, minLength?: number): string;
  hint(length: number, minLength?: number): string;
  pad: string;
  invitation(length: number, minLength?: number): string;
  undo: string;
  clear: string;
  retry: string;
  read(value: string): string;
  cleared: string;
  unsure(guesses: string[]): string;
  choose(guess: string): string;
  loading: string;
  failed: string;
  valueMissing(length: number, minLength?: number): string;
  wrongLength(length: number, got: number, minLength?: number): string;
  notRead: string;
  notReadYet: string;
}

// Omitted, as TypeScript 6 and newer have another event for the browser's own `input`.
export interface InkDigitEventMap extends Omit<HTMLElementEventMap, 'input' | 'change'> {
  /** The value changed, by the user, or a drawing that gave none was cleared, which changes `validity`. */
  input: Event;
  /**
   * The value is final: typed, or drawn and unchanged for half a second; for five seconds if there are fewer digits than `length`, unless
   * the focus leaves or the form is sent before.
   */
  change: Event;
  /** A drawing was read, also while it grows: then `value` may not follow yet. */
  classify: CustomEvent<InkDigitReading>;
  /** Drawings cannot be read; typing goes on, and the next stroke tries again. Tells the `error`. */
  failure: CustomEvent<InkdigitError | Error>;
}

export class InkDigitElement extends HTMLElement {
  static readonly formAssociated: true;
  /** What all fields say now. */
  static readonly words: Readonly<InkDigitWords>;
  /**
   * Has all fields say other words, such as those of another language, also those that stand in the page already:
   * `InkDigitElement.setWords({ clear: 'Löschen', invitation: (length) => … })`. What is not given stays.
   */
  static setWords(words: Partial<InkDigitWords>): void;

  name: string;
  /**
   * Digits, '' if there are none or (unless `acceptUnsure`) if they were not read surely. Setting another one clears the ink. Setting the
   * one that it has already changes nothing, also while a drawing is being read, since frameworks do so at any time; see `clear()`.
   */
  value: string;
  /** The `value` attribute, to which the form's reset goes back. */
  defaultValue: string;
  required: boolean;
  disabled: boolean;
  readOnly: boolean;
  /** How many digits, 1…20. Default 1. */
  length: number;
  /**
   * How many at least, where there may be fewer: the field then has no cells, and any drawing of so many is valid (else
   * `validity.tooShort`). Default: `length`. The attribute is `min-length`.
   */
  minLength: number;
  /** Takes the best guess of an unsure reading for the value, rather than asking the user (`validity.badInput`). */
  acceptUnsure: boolean;
  /** Folder of the package's files, as the option of `createClassifier`. */
  baseUrl: string;
  /** As the option of `createClassifier`. */
  workerUrl: string;
  /**
   * A classifier of your own, say one that has learnt its user's hand. Default null: one is shared by all fields. In tests one that
   * answers `{ digit, state, confidence }` will do.
   */
  classifier: DigitClassifier | null;

  readonly state: InkDigitState;
  /** Why drawings cannot be read, in state 'failed': of a `classifier` of your own, what it was rejected with. Else null. */
  readonly error: InkdigitError | Error | null;
  /** A copy of what is drawn. A tap (a dot) alone is dropped when the pen lifts: it only leads to the field. */
  readonly strokes: Stroke[];
  readonly type: 'ink-digit';
  readonly form: HTMLFormElement | null;
  readonly labels: NodeListOf<HTMLLabelElement>;
  /** `badInput`: there is ink that is not read yet, or not surely. Of a field that is disabled or read-only only `customError` is told. */
  readonly validity: ValidityState;
  readonly validationMessage: string;
  readonly willValidate: boolean;
  checkValidity(): boolean;
  reportValidity(): boolean;
  setCustomValidity(message: string): void;
  /** Takes ink and value away, without an event, also a drawing that is still being read. */
  clear(): void;

  addEventListener<K extends keyof InkDigitEventMap>(
    type: K,
    listener: (this: InkDigitElement, event: InkDigitEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<K extends keyof InkDigitEventMap>(
    type: K,
    listener: (this: InkDigitElement, event: InkDigitEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | EventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'ink-digit': InkDigitElement;
  }
}
