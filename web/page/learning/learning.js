/** Learning in the page: joins the tutor (what is learnt and kept) with the bar under the result and the panel of lessons. */
import { drawFrame } from '../frame_view.js';
import { labelText, oneLabel } from '../label_words.js';
import { askFirst } from '../leaving.js';
import { mayBeToo, ranked } from '../ranking.js';
import { saveFile } from '../save_file.js';
import { Turns } from '../turns.js';
import { HistoryPanel } from './history_panel.js';
import { LessonBar } from './lesson_bar.js';
import { isDigitNumber, isShipped } from './lesson_book.js';
import { readLessonFiles, samplesToFile } from './lesson_files.js';
import { LessonStore } from './lesson_store.js';
import { NetworkCue } from './network_cue.js';
import {
  cancelled,
  damageText,
  lessonFailure,
  lessonOutcome,
  lessonPostponed,
  reasonOf,
  troubleText,
} from './learning_words.js';
import { checkSymbols } from './symbol_name.js';
import { Tutor } from './tutor.js';

/** An unsure reading offers as many answers at once, the likeliest first. */
const mostCandidates = 2;
/** What is told of a press until something comes of it: another tab may be learning. */
const waiting = 'Waiting…';

export class Learning {
  #tutor;
  #bar;
  #panel;
  #cue;
  #messages;
  #read;
  #onRead;
  #sheet = null; // that the bar speaks of
  #latest = null; // { sheet, readings } of what lies on the pad
  #note = ''; // what came of a lesson during which #sheet was drawn
  #lesson = null; // AbortController of the lesson under way
  #teaching = null; // promise of that lesson's end
  #learnt = 0; // the lesson that the bar can take back
  #isPressed = false; // what a button has asked for is under way
  #hasAskedToKeep = false; // what is learnt
  #openings = new Turns(); // of the files that are chosen

  /**
   * `bar`, `panel`, `cue`: their elements. `onChoose(index | -1, onPick(index))`: which of several readings the answer is about, and
   * what is to be called when another is picked on the pad. `messages`: the MessageBar. `read(sheet)` → promise of its
   * results, in reading order. `onRead()`: the weights are others, what lies on the pad is to be read again. `leave()`: puts the focus where one draws.
   */
  constructor({ bar, panel, cue, onChoose, messages, read, onRead, leave }) {
    this.#messages = messages;
    this.#read = read;
    this.#onRead = onRead;
    this.#tutor = new Tutor({
      store: new LessonStore(),
      onChange: (change) => this.#changed(change),
    });
    this.#bar = new LessonBar(bar, {
      onConfirm: (readings) => this.#confirm(readings),
      onCorrect: (reading, label) => this.#correct(reading, label),
      onTakeBack: () => this.#once(() => this.#undo(this.#learnt, { isByBar: true })),
      onOpen: () => this.#tutor.prepare(),
      onChoose: (index) => onChoose(index, (i) => this.#bar.choose(i)),
      symbols: () => this.#tutor.symbols,
      picture,
      leave,
    });
    this.#panel = new HistoryPanel(
      panel,
      {
        onUndo: () => this.#once(() => this.#undo(this.#tutor.book.current)),
        onReset: () => this.#once(() => this.useShippedWeights()),
        onGoTo: (id) => this.#once(() => this.#goTo(id)),
        onRemoveSymbol: (name) =>
          this.#once(() =>
            this.#change(
              () => this.#tutor.removeSymbol(name),
              `The symbol ${labelText(name)} is forgotten. “Take back the last lesson” brings it back.`,
            ),
          ),
        onSaveWeights: () => this.#saveWeights(),
        onSaveSamples: () =>
          this.#attempt(
            () => saveFile(samplesToFile(this.#tutor.samples), 'inkdigit-drawings.json'),
            'Your drawings are saved as a file.',
          ),
        onImport: (files) => this.importFiles(files),
        onForget: (sample) =>
          this.#changeDrawing(() => this.#tutor.forget(sample), `The drawing of ${oneLabel(sample.label)} is removed.`),
        onPutBack: (sample) =>
          this.#changeDrawing(
            () => this.#tutor.putBack(sample),
            `The drawing of ${oneLabel(sample.label)} is kept again.`,
          ),
      },
      picture,
    );
    this.#panel.show(this.#tutor);
    this.#cue = new NetworkCue(cue, { onReset: () => this.#once(() => this.useShippedWeights()), leave });
  }

  /** Creates the classifier, with what was learnt last. The arguments are the package's own. → the classifier. */
  async start({ createClassifier }) {
    const { classifier, damages, isSetAside } = await this.#tutor.start(createClassifier);
    if (damages.length > 0) {
      this.#warn({
        text: damageText({ isSetAside, isShipped: isShipped(this.#tutor.book) }),
        detail: damages[0].message,
      });
    } else if (this.#tutor.trouble?.reason === 'newer') {
      this.#warn({ text: troubleText(this.#tutor.trouble) });
    }
    return classifier;
  }

  /** A message that stays until it is answered: drawing neither hides it nor moves under the pen. */
  #warn(message) {
    this.#messages.show(message, { action: 'Go on', onAction: () => {} });
  }

  /** The classifier is gone. */
  stop() {
    this.#lesson?.abort();
    this.#tutor.stop();
    this.#latest = this.#sheet = null; // nothing can be answered
    this.#bar.idle();
  }

  /** The reading of `sheet` is there: results of `classifier.classify`, in reading order. */
  ask(results, sheet) {
    const readings = results.map((result) => this.#asReading(result));
    this.#latest = { sheet, readings };
    if (this.#lesson) return;
    if (this.#sheet !== sheet) this.#askAboutLatest();
    else if (this.#bar.step === 'told') this.#bar.update(readings);
    else if (this.#bar.step === 'choose') this.#bar.markChosen();
    else if (this.#bar.step !== 'keep') this.#bar.ask(readings, this.#note);
  }

  #askAboutLatest(note = '') {
    this.#note = note;
    this.#sheet = this.#latest.sheet;
    this.#bar.ask(this.#latest.readings, note);
  }

  /** Nothing is to be asked: the pad is blank, or is being drawn on. */
  rest() {
    this.#latest = null;
    if (this.#lesson) return;
    this.#sheet = null;
    this.#bar.idle();
  }

  /** What is asked, or learnt, is left at that. → whether there was something. */
  leaveOff() {
    if (this.#lesson) this.#lesson.abort();
    else return this.#bar.close();
    return true;
  }

  /** Weights from elsewhere in the page (a safetensors file) become the newest step of the history; `title` says what they are. → whether it went well. */
  async useWeights(bytes, title) {
    const use = () => this.#tutor.importWeights(bytes, { title, kind: 'training' });
    return !(await this.#change(use, `In use: ${title}.`));
  }

  /** → whether it went well. */
  async useShippedWeights() {
    const text = isShipped(this.#tutor.book)
      ? 'The shipped network is in use.'
      : 'The shipped network is in use again. Your lessons stay in the list: “Take back the last lesson” brings them and your drawings back.';
    return !(await this.#change(() => this.#tutor.reset(), text));
  }

  /** Whether a file holds lessons rather than a picture, by its name. */
  static isLessonFile(file) {
    return /\.(safetensors|json)$/i.test(file.name);
  }

  /** Weights, samples, or both, that were saved here or elsewhere. Files are opened in the order in which they were chosen. */
  importFiles(files) {
    const names = files.map(({ name }) => name).join(', ');
    this.#panel.tell(`Opening ${names}…`);
    this.#panel.reveal(); // files may come from anywhere on the page
    return this.#openings.take(() => this.#importFiles(files, names));
  }

  async #importFiles(files, names) {
    let read;
    try {
      read = await readLessonFiles(files);
      const named = read.samples?.map(({ label }) => label).filter((label) => !isDigitNumber(label)) ?? [];
      checkSymbols([...(read.weights ? [] : this.#tutor.symbols), ...named]);
    } catch (error) {
      this.#panel.tell(`${reasonOf(error)} Nothing was changed.`);
      this.#panel.reveal();
      return;
    }
    const { weights, samples } = read;
    if (weights) {
      await this.#change(
        () => this.#tutor.importWeights(weights, { title: names, samples }),
        `The weights of ${names} are in use${samples ? `, and ${samples.length} drawings are kept` : ''}.`,
        ({ code }) => (code === 'weights' ? `${names} does not fit.` : `${names} could not be taken over.`),
      );
    } else {
      if (this.#lesson) this.#panel.tell(`${names}: next, when this lesson is over.`);
      while (this.#lesson) await this.#teaching;
      await this.#teach(samples, { kind: 'samples', title: names });
    }
  }

  // --- Answers ---------------------------------------------------------------------------------------------------

  #asReading({ label, digit, state, confidence, frame, probabilities }) {
    const { labels } = this.#tutor;
    const shares = labels.map((_, i) => probabilities[i] ?? 0); // of a symbol that is new since, none
    const order = ranked(shares);
    const candidates = order
      .filter((index, rank) => rank === 0 || shares[index] >= mayBeToo)
      .slice(0, mostCandidates)
      .map((index) => labels[index]);
    return { label: digit >= 0 ? digit : label, state, confidence, frame, candidates, runnerUp: labels[order[1]] };
  }

  async #confirm(readings) {
    const sheet = this.#sheet;
    this.#bar.keep(); // it waits for its turn while another tab learns
    let told;
    try {
      await this.#tutor.confirm(readings.map(({ frame, label }) => ({ frame, label })));
      const [{ label }] = readings;
      const headline =
        readings.length === 1
          ? `Good: kept as ${oneLabel(label)} of yours.`
          : `Good: all ${readings.length} are kept as yours.`;
      told = { headline, detail: troubleText(this.#tutor.trouble) };
    } catch (error) {
      told = { headline: 'That could not be kept.', detail: error.message };
    }
    if (this.#sheet === sheet) this.#bar.tell(told, { canCorrect: true }); // drawing may have gone on
  }

  async #correct({ frame, label: readAs, state }, label) {
    if (label === readAs && state === 'digit') return this.#confirm([{ frame, label }]);
    await this.#teach([{ frame, label }], { readAs });
  }

  #teach(samples, options) {
    if (!this.#lesson) this.#teaching = this.#runLesson(samples, options);
    return this.#teaching;
  }

  async #runLesson(samples, options) {
    const lesson = (this.#lesson = new AbortController());
    const sheet = this.#latest?.sheet ?? null;
    this.#panel.tell(''); // what it said is past
    this.#bar.learn(samples.length === 1 ? samples[0].label : undefined, () => lesson.abort());
    let told;
    let isLearnt = false;
    try {
      const outcome = await this.#tutor.teach(samples, {
        ...options,
        signal: lesson.signal,
        onProgress: ({ step, steps }) => this.#bar.showProgress(step / steps),
      });
      const isKept = !outcome.accepted && options.kind === 'samples'; // somebody has chosen them one by one
      if (isKept) await this.#tutor.confirm(samples);
      told = lessonOutcome(outcome, samples, { isSure: await this.#isSure(sheet, samples), isKept });
      if (this.#tutor.trouble) told.detail = `${told.detail} ${troubleText(this.#tutor.trouble)}`.trim();
      isLearnt = outcome.accepted;
      this.#learnt = outcome.lesson;
      if (isLearnt) this.#askToKeep();
    } catch (error) {
      told = lesson.signal.aborted ? cancelled : await this.#failed(error, samples);
    } finally {
      this.#lesson = null;
    }
    const isElsewhere = (this.#latest?.sheet ?? null) !== sheet; // drawing has gone on
    if (isElsewhere && this.#latest) {
      this.#askAboutLatest(told.brief);
    } else {
      this.#sheet = this.#latest && sheet;
      if (this.#latest) this.#bar.update(this.#latest.readings); // those by what it has learnt
      const canCorrect = this.#latest !== null && (!isLearnt || this.#latest.readings.length > 1);
      this.#bar.tell(told, { canTakeBack: isLearnt, canCorrect: canCorrect && options.kind !== 'samples' });
    }
    if (isElsewhere || options.kind === 'samples') {
      this.#panel.tell([told.headline, told.detail].filter(Boolean).join(' '));
    }
  }

  /** Asks the browser not to clear what is learnt; once, as some ask the user each time. */
  #askToKeep() {
    if (!this.#hasAskedToKeep) navigator.storage?.persist?.().catch(() => {});
    this.#hasAskedToKeep = true;
  }

  /** Whether what was taught of `sheet` is read surely now. What comes from elsewhere is counted, not looked at. */
  async #isSure(sheet, [{ frame }]) {
    if (!sheet) return true;
    const isTaught = (result) => result.frame.every((ink, i) => ink === frame[i]);
    const results = await this.#read(sheet).catch(() => []); // what is wrong, the next reading says
    return results.find(isTaught)?.state !== 'unsure';
  }

  /** → what to tell of a lesson that failed. */
  async #failed(error, samples) {
    if (error.code !== 'load') return lessonFailure(error);
    try {
      await this.#tutor.confirm(samples);
      return lessonPostponed(samples);
    } catch {
      return lessonFailure(error);
    }
  }

  /** `isByBar`: it was asked for in the bar, which then tells how it goes. */
  async #undo(id, { isByBar = false } = {}) {
    const sheet = this.#latest?.sheet ?? null;
    const wasTold = this.#bar.step === 'told';
    if (isByBar) this.#bar.tell({ headline: 'Taking it back…' }, { canTakeBack: true }); // the button keeps the focus
    const undo = async () => {
      if (!(await this.#tutor.undo(id))) throw new Error('It is no longer the last lesson.');
    };
    const text = 'The last lesson is taken back. It stays in the list until something new is taught.';
    const failure = await this.#change(undo, text, () => 'Not taken back.');
    const isElsewhere = (this.#latest?.sheet ?? null) !== sheet; // drawing has gone on
    if (!wasTold || isElsewhere) return;
    if (failure && isByBar) {
      this.#bar.tell({ headline: 'Not taken back.', detail: reasonOf(failure) }, { canTakeBack: true });
    } else if (!failure) {
      this.#sheet = sheet;
      this.#bar.tell({ headline: 'Taken back: it reads as it did before.' }, { canCorrect: sheet !== null });
    }
  }

  async #goTo(id) {
    const isNewest = id === this.#tutor.book.lessons.at(-1)?.id;
    const later = isNewest ? '' : ' What comes after it stays in the list until something new is taught.';
    await this.#change(() => this.#tutor.goTo(id), `Done: another lesson’s network is in use.${later}`);
  }

  // --- The panel ---------------------------------------------------------------------------------------------------

  /** Does what a button asks for; one that is pressed in the meantime asks for nothing. */
  async #once(act) {
    if (this.#isPressed) return;
    this.#isPressed = true;
    this.#panel.tell(waiting);
    try {
      await act();
    } finally {
      this.#isPressed = false;
    }
  }

  /** Unlike other changes, one of these can be asked for while another is under way. */
  async #changeDrawing(change, text) {
    this.#panel.tell(waiting);
    await this.#attempt(change, text);
  }

  /** Runs a change of the tutor and tells what came of it. → the error that it failed with, if it did. */
  async #change(change, text, failure) {
    const error = await this.#attempt(change, text, failure);
    if (!error) this.#sheet = null; // what the bar said of the last lesson is over
    return error;
  }

  /** `failure(error)`: how what is told of it begins. → the error, if there was one. */
  async #attempt(work, text, failure = () => 'That did not work.') {
    try {
      await work();
    } catch (error) {
      this.#panel.tell(`${failure(error)} ${reasonOf(error)} Nothing was changed.`);
      return error;
    }
    this.#panel.tell(text);
    return undefined;
  }

  async #saveWeights() {
    await this.#attempt(async () => {
      const bytes = await this.#tutor.exportWeights();
      saveFile(new Blob([bytes], { type: 'application/octet-stream' }), 'inkdigit-lessons.safetensors');
    }, 'The weights are saved as a file.');
  }

  #changed({ byOtherTab }) {
    // Only while leaving would lose something: a listener may keep browsers from going back to the page at once.
    if (this.#tutor.hasUnsaved) addEventListener('beforeunload', askFirst);
    else removeEventListener('beforeunload', askFirst);
    this.#panel.show(this.#tutor);
    this.#cue.show(this.#tutor.book);
    if (byOtherTab) {
      this.#panel.tell('Another tab of this page has changed what is learnt; it is in use here, too.');
      if (this.#bar.step === 'told') this.#sheet = null; // an answer that is being chosen is not disturbed
    }
    this.#onRead();
  }
}

function picture(frame) {
  const canvas = document.createElement('canvas');
  drawFrame(canvas, frame);
  return canvas;
}
