/**
 * What is in a field: the ink on its pad and the answer, which is read from the ink or stands in its place, and when that is final.
 * Owns the DrawingPad, the LiveReader, the ClassifierLoan and the Answer, and changes them as the user and the page want it; the element
 * tells the page.
 */
import { boxAround } from '../drawing/box.js';
import { DrawingPad } from '../drawing/drawing_pad.js';
import { LiveReader } from '../drawing/live_reader.js';
import { attachPointerPen } from '../drawing/pointer_pen.js';
import { isDot, readStrokes } from '../drawing/stroke_reader.js';
import { Answer } from './answer.js';
import { ClassifierLoan } from './classifier_loan.js';
import { readingOf } from './reading.js';
import { digitsOf } from './typed_digits.js';
import { words } from './words.js';

/** A drawing that has not changed for this long, in milliseconds, is finished: `change` tells of it. */
const settleTime = 500;
/** And one of fewer digits than are asked for, whose writer may only pause. */
const pauseTime = 5000;

export class FieldContent {
  answer = new Answer(); // others only look at it
  loan; // ClassifierLoan
  isFixed = false; // the user may change nothing, see fix()
  #isOutdated = false; // its ink is to be read anew once it is not
  #field;
  #view;
  #tell;
  #pad;
  #reader;
  #settling;
  #isLeft = false; // since the drawing last changed, the user has done with the field

  /**
   * `field`: the element, of which only attributes are asked; `view`: its FieldView, which has the canvas and announces. Calls
   * - `onChange()`: something here is other than it was,
   * - `onInput()`: and what the user did has changed the value,
   * - `onFinal()`: the value is final, and another than the last time,
   * - `onReading(reading)`, `onFailure(error)`: what the events `classify` and `failure` tell.
   */
  constructor(field, view, tell) {
    this.#field = field;
    this.#view = view;
    this.#tell = tell;
    this.#pad = new DrawingPad(view.canvas, {
      onBegin: () => this.#beginStroke(),
      onInk: () => this.#strokeGrown(),
      onStroke: () => this.#strokeEnded(),
      onCancel: () => this.answer.isTyped || this.#inkChanged(),
    });
    attachPointerPen(view.canvas, this.#pad);
    this.#reader = new LiveReader({
      classify: (strokes) => this.#read(strokes),
      onResult: (reading) => this.#take(reading),
      onError: (error) => this.#fail(error),
      onBusy: (isBusy) => (this.loan.isInUse = isBusy),
    });
    this.loan = new ClassifierLoan(field, {
      onReady: () => {
        if (!this.hasInk) this.answer.forgive();
        tell.onChange();
      },
      onFailure: (error) => this.isEmpty && this.#fail(error), // with ink there, its reading fails and tells of it
    });
  }

  get strokes() {
    return this.#pad.strokes;
  }

  get hasInk() {
    return this.strokes.length > 0;
  }

  /** It does not where something was typed, chosen or set since. */
  get inkCounts() {
    return this.hasInk && !this.answer.isTyped;
  }

  get isDrawing() {
    return this.#pad.isDrawing;
  }

  get isEmpty() {
    return this.answer.value === '' && (!this.hasInk || this.#isTap);
  }

  // --- The user draws, takes back, is done -----------------------------------------------------------------------

  /** The last stroke was a mere tap, which leads to the field, as in every other: it is no ink, unless beside other that counts. */
  get #isTap() {
    return isDot(boxAround(this.answer.isTyped ? this.strokes.slice(-1) : this.strokes));
  }

  #beginStroke() {
    if (this.isFixed) return false;
    this.answer.forgive(); // it is tried again
    this.loan.wake();
    return true;
  }

  #strokeGrown() {
    if (this.#isTap) return;
    if (this.answer.isTyped) {
      // Ink on top of something typed begins anew.
      this.#stopReading();
      this.#pad.beginAnew();
      this.answer.write('');
      this.#tell.onInput();
      if (this.isFixed || !this.hasInk) return; // the page has answered
    }
    this.#inkChanged({ grows: true });
  }

  #strokeEnded() {
    if (!this.#isTap) {
      this.#inkChanged({ grows: true });
      return;
    }
    this.#pad.strokes = this.strokes.slice(0, -1);
    this.#tell.onChange();
  }

  undo() {
    if (this.isFixed || !this.inkCounts) return;
    if (this.isDrawing) return this.#pad.cancel();
    this.#pad.strokes = this.strokes.slice(0, -1);
    this.#inkChanged();
    if (!this.hasInk) this.commit();
  }

  clear() {
    if (this.isFixed || this.isEmpty) return;
    this.#pad.strokes = [];
    this.#inkChanged();
    this.commit();
  }

  /** The user has done with the field. What is still being read will be told of once it is. */
  finish() {
    this.#isLeft = true;
    if (this.answer.state !== 'reading') this.commit();
  }

  /** The drawing has changed; with `grows`, by more ink. */
  #inkChanged({ grows = false } = {}) {
    clearTimeout(this.#settling);
    this.#isLeft = false;
    if (!grows) this.#view.announce('');
    if (!this.hasInk) {
      if (this.answer.state === 'blank') return this.#tell.onChange(); // a palm that was no stroke
      this.#write('');
      this.#view.announce(words.cleared);
      this.#tell.onInput();
      return;
    }
    // What failed in the middle of a stroke is not tried again by the rest of it.
    if (this.answer.state !== 'failed' || !grows) {
      this.answer.ink();
      this.#readInk({ grows });
    }
    this.#tell.onChange();
  }

  // --- The ink is read -------------------------------------------------------------------------------------------

  #readInk(options) {
    if (!this.isFixed) this.#reader.read(this.strokes, options);
  }

  async #read(strokes) {
    const classifier = await this.loan.borrow();
    const { length, minLength } = this.#field;
    const count = minLength < length ? undefined : length;
    // Hidden or taken away meanwhile, it has no width; style.css gives it this one.
    const width = this.#view.canvas.clientHeight > 0 ? this.#pad.width : 0.75 * length;
    return readingOf(await readStrokes(classifier, strokes, { count, width }));
  }

  #take(reading) {
    if (!this.inkCounts) return;
    // Of less ink than there is, it may be another digit: it is told, and no more.
    if (this.#reader.isBehind) return this.#tell.onReading(reading);
    const isOther = this.answer.read(reading, this.#field.acceptUnsure);
    const { value } = this.answer;
    this.#tell.onChange();
    this.#tell.onReading(reading);
    // Unless the page has answered by another value, or asks for another reading.
    if (isOther && this.answer.value === value) this.#tell.onInput();
    if (!this.isDrawing && this.inkCounts && this.answer.state !== 'reading') this.#commitSoon();
  }

  #fail(error) {
    this.#stopReading();
    this.loan.giveBack({ isBroken: true });
    if (this.answer.fail(error)) this.#tell.onInput();
    else this.#tell.onChange();
    this.#view.announce(words.failed);
    this.#tell.onFailure(error);
    this.commit();
  }

  tryAgain() {
    this.#stopReading();
    if (this.hasInk) this.answer.ink();
    else this.answer.forgive();
    this.loan.giveBack();
    this.loan.wake();
    if (this.hasInk) this.#readInk();
    this.#tell.onChange();
  }

  #stopReading() {
    clearTimeout(this.#settling);
    this.#reader.stop();
    this.#view.announce(''); // what comes next is said, be it the same again
  }

  /** Unless the drawing changes before. */
  #commitSoon() {
    clearTimeout(this.#settling);
    const { value, guesses } = this.answer;
    const [read = value] = guesses;
    const settle = () => {
      this.#view.announce(guesses.length > 0 ? words.unsure(guesses) : words.read(value));
      this.commit();
    };
    const mayGoOn = read.length < this.#field.length && !this.#isLeft;
    this.#settling = setTimeout(settle, mayGoOn ? pauseTime : settleTime);
  }

  /** The value is final, as far as one can tell. */
  commit() {
    clearTimeout(this.#settling);
    if (this.answer.tell()) this.#tell.onFinal();
  }

  // --- The user or the page writes -------------------------------------------------------------------------------

  /** The user types: `value` stands in the input now. */
  type(value) {
    this.#write(value);
    this.#tell.onInput();
    if (value === '' || value.length === this.#field.length) this.commit();
  }

  choose(guess) {
    this.#write(guess);
    this.#tell.onChange();
    this.#view.announce(words.read(guess));
    this.#tell.onInput();
    this.commit();
  }

  /** The page sets the value. */
  assign(value) {
    this.answer.isDirty = true;
    // Frameworks write back what they were just told; the drawing that it was read from may be under way.
    if (value !== this.answer.value) this.overwrite(value);
  }

  /** The same, whatever was there. */
  overwrite(value) {
    this.#pad.strokes = [];
    this.#write(value);
    this.answer.tell();
    this.#tell.onChange();
  }

  /** The value is that of the attribute again. */
  writeDefault() {
    this.#stopReading();
    this.#pad.strokes = [];
    this.answer.writeDefault(digitsOf(this.#field.defaultValue));
  }

  /** What the browser has kept, see kept_state.js. */
  restore(kept) {
    this.#stopReading();
    this.#pad.strokes = kept.strokes;
    this.answer.restore(kept);
    if (this.answer.state === 'reading') this.#readInk();
  }

  /** See Answer; '' takes the ink away, too. */
  #write(value) {
    this.#stopReading();
    if (value === '') this.#pad.strokes = [];
    this.answer.write(value);
  }

  // --- The field's life ------------------------------------------------------------------------------------------

  /** Into the page. */
  enter() {
    this.loan.enter();
    this.#pad.strokes = this.strokes; // drawn in the colours of this place
    // It was moved before it had settled.
    if (this.answer.isSettling) this.#commitSoon();
  }

  /** Out of the page. */
  leave() {
    this.#pad.end(); // its pen is lifted elsewhere
    clearTimeout(this.#settling);
    this.loan.leave();
  }

  /** Who reads is another: a classifier of the page's own, or null. What the one before was asked for does not count any more. */
  readBy(classifier) {
    if (classifier === this.loan.own && this.answer.state !== 'failed') return; // frameworks set it each time
    this.#reader.stop();
    this.loan.own = classifier;
    if (this.answer.state === 'failed') this.tryAgain();
    else this.readAnew();
  }

  /** Other digits are asked for, or who reads them is another. */
  readAnew() {
    if (this.isFixed) this.#isOutdated = true;
    else if (this.inkCounts) this.#inkChanged();
  }

  /** Whether the user may change the value. If not, what is drawn stays as it is, and unread. */
  fix(isFixed) {
    this.isFixed = isFixed;
    this.loan.mayWake = !isFixed;
    if (isFixed) {
      this.#pad.end();
      this.#reader.stop();
      return;
    }
    if (this.#isOutdated) this.readAnew();
    else if (this.answer.state === 'reading') this.#readInk();
    this.#isOutdated = false;
  }
}
