/** A closer look at one run: its confusion matrix, its worst mistakes, its filters, what its layers see; and what can be done with it. */
import { showConfusion } from './confusion_table.js';
import { describeFailure } from './failure_messages.js';
import { readingOf, showActivations, showFilters } from './layer_view.js';
import { showMistakes, worstMistakes } from './mistakes.js';
import { loadHeldBack, loadTestSet } from './mnist.js';
import { isShown, pill } from '../controls.js';
import { drawFrame } from '../frame_view.js';
import { saveFile } from '../save_file.js';
import { digitCount, frameAt } from '../shapes.js';
import { canBeTaught } from './network_cost.js';
import { summary } from './settings.js';
import { count, percent } from '../quantities.js';

export class RunDetails {
  #root;
  #options;
  #record = null; // what is shown, if it is over
  #run = null; // the TrainingRun that is shown while it goes on
  #trainer = null; // promise of the trainer that holds a record's weights, to look at its layers
  #heldBack = null; // { images, labels }, once they were needed
  #test = null; // the same
  #measuring = null; // AbortController, while the test pictures are fetched and read
  #digit = 0;
  #picture = 0; // which one of the digit
  #isNear = false; // on the screen, or nearly
  #isBusy = false; // pictures are being made
  #isOutdated = false; // and others are wanted already

  /** `createTrainer`: the package's. `drawing`: see TrainView.open. The others are told what was done. */
  constructor(root, { drawing, store, createTrainer, onSettings, onTested, onRemove }) {
    this.#root = root;
    this.#options = { drawing, store, createTrainer, onTested };
    const listen = (id, listener) => this.#find(id).addEventListener('click', listener);
    listen('details-use', () => this.#do(() => this.#useForDrawing()));
    listen('details-shipped', () => this.#do(() => this.#useShipped()));
    listen('details-export', () => this.#do(() => this.#export()));
    listen('details-test', () => {
      if (this.#measuring) this.#cancel();
      else if (!this.#record.test) this.#do(() => this.#measure());
    });
    listen('details-settings', () => this.#do(() => onSettings(this.#record.settings)));
    listen('details-remove', () => this.#do(() => onRemove(this.#record)));
    listen('train-another', () => this.#choose(this.#digit, this.#picture + 1));
    const digits = this.#find('train-digits');
    for (let digit = 0; digit < digitCount; ++digit) digits.append(pill('seen-digit', digit, String(digit)));
    digits.querySelector('input').checked = true;
    digits.addEventListener('change', ({ target }) => this.#choose(Number(target.value), 0));
    this.#find('details-set').addEventListener('change', () => this.#showEvaluation());
    // Pictures and weights are fetched only when somebody may look at them.
    new IntersectionObserver(
      (changes) => {
        this.#isNear = changes.at(-1).isIntersecting;
        if (this.#isNear) this.refreshPictures();
      },
      { rootMargin: '200px' },
    ).observe(root);
  }

  /** A run that is over. */
  show(record) {
    const hadFocus = this.#hasFocus;
    this.#run = null;
    this.#take(record);
    this.#find('details-heading').textContent = `Run ${record.number}`;
    this.#find('details-summary').textContent = [
      `${summary(record.settings)}.`,
      record.phase === 'stopped' && 'Stopped early.',
      record.phase === 'unfinished' && 'So far: it goes on in another tab, or was broken off.',
      !canBeTaught(record.settings) && 'It can read your drawings, but is too large to learn from your corrections.',
    ]
      .filter(Boolean)
      .join(' ');
    this.#find('details-tools').hidden = false;
    this.#find('details-set').hidden = !record.test;
    this.#showTest();
    this.#showEvaluation();
    if (hadFocus) this.#keepFocus();
    if (this.#isNear) this.refreshPictures();
  }

  /** One that goes on, after a check of the held-back pictures. */
  showRunning(run) {
    const hadFocus = this.#hasFocus;
    if (this.#run !== run) this.#take(null);
    this.#run = run;
    this.#find('details-heading').textContent = 'This run, so far';
    this.#find('details-summary').textContent = `After epoch ${run.epoch}.`;
    this.#find('details-tools').hidden = true;
    this.#find('details-set').hidden = true;
    this.#showEvaluation();
    if (hadFocus) this.#keepFocus();
    if (this.#isNear) this.refreshPictures();
  }

  hide() {
    this.#take(null);
    this.#root.hidden = true;
  }

  /** What was told last: it may not be true any more when the view is opened again. */
  forget() {
    this.#tell('');
  }

  /** Shows it to who asked for it elsewhere. */
  reveal() {
    this.#find('details-heading').focus({ preventScroll: true });
    this.#root.scrollIntoView({ block: 'nearest' });
  }

  /** Where Delete was pressed, after it was taken back. */
  focus() {
    this.#find('details-remove').focus();
  }

  get #hasFocus() {
    return this.#root.contains(document.activeElement);
  }

  /** What had the focus may be hidden now: then the heading gets it. */
  #keepFocus() {
    if (this.#hasFocus && isShown(document.activeElement)) return;
    this.#find('details-heading').focus({ preventScroll: true });
  }

  #take(record) {
    if (record === null || record !== this.#record) {
      this.#cancel(); // it is about this one
      this.#trainer?.then((trainer) => trainer.dispose()).catch(() => {});
      this.#trainer = null;
    }
    this.#record = record;
    this.#root.hidden = false;
    this.#tell('');
    this.#root.querySelector('#details-set input').checked = true;
  }

  /** Draws filters, layers and mistakes anew, if they can be seen. */
  async refreshPictures() {
    if (!this.#isNear || this.#isBusy || this.#root.hidden || !(this.#record ?? this.#run)) return;
    this.#isBusy = true;
    const record = this.#record;
    const run = this.#run;
    try {
      this.#heldBack ??= await loadHeldBack();
      this.#showMistakes();
      const digit = this.#digit;
      const image = this.#image();
      const [weights, activations] = await this.#look((trainer) =>
        Promise.all([trainer.exportWeights(), trainer.activations(Float32Array.from(image, (ink) => ink / 255))]),
      );
      if (record === this.#record && run === this.#run) this.#showLayers(digit, image, weights, activations);
    } catch (error) {
      if (record === this.#record && run === this.#run && !run) this.#tell(describeFailure(error).text);
    } finally {
      this.#isBusy = false;
    }
    if (this.#isOutdated || record !== this.#record || run !== this.#run) {
      this.#isOutdated = false;
      this.refreshPictures();
    }
  }

  #showLayers(digit, image, weights, activations) {
    const filters = this.#find('train-filters');
    filters.nextElementSibling.textContent = showFilters(filters, weights);
    drawFrame(this.#find('train-picture'), image);
    this.#find('train-picture').setAttribute('aria-label', `A ${digit} that was held back`);
    this.#find('train-reading').textContent = readingOf(activations);
    showActivations(this.#find('train-layers'), activations);
  }

  /** Runs `look(trainer)` on the network that is shown. */
  #look(look) {
    if (this.#run) return this.#run.peek(look);
    const { store, createTrainer } = this.#options;
    // One thread: it only looks.
    this.#trainer ??= store.weights(this.#record.id).then((weights) => createTrainer({ weights, threads: 1 }));
    const trainer = this.#trainer;
    trainer.catch(() => {
      if (this.#trainer === trainer) this.#trainer = null; // the next look tries again
    });
    return trainer.then(look);
  }

  /** The chosen picture, 784 values from 0 to 255. */
  #image() {
    const { images, labels } = this.#heldBack;
    const all = [...labels.keys()].filter((i) => labels[i] === this.#digit);
    return frameAt(images, all[this.#picture % all.length]);
  }

  #choose(digit, picture) {
    this.#digit = digit;
    this.#picture = picture;
    if (this.#isBusy) this.#isOutdated = true;
    else this.refreshPictures();
  }

  // --- How it does ---------------------------------------------------------------------------------------------------

  get #isTest() {
    return Boolean(this.#record?.test) && this.#root.querySelector('#details-set input:checked').value === 'test';
  }

  #showEvaluation() {
    const source = this.#record ?? this.#run;
    const { confusion } = this.#isTest ? source.test : source;
    const { accuracy } = this.#isTest ? source.test : source.checks.at(-1);
    const total = confusion.reduce((sum, n) => sum + n, 0);
    const table = this.#find('train-confusion');
    table.caption.textContent = `${percent(accuracy)} of ${count(total)} ${this.#isTest ? 'test' : 'held-back'} pictures are read right. Rows: what it is. Columns: what was read.`;
    showConfusion(table, confusion);
    this.#showMistakes();
  }

  /** The mistakes' texts at once, their pictures when they are there. */
  #showMistakes() {
    const source = this.#record ?? this.#run;
    const { mistakes } = this.#isTest ? source.test : source;
    showMistakes(this.#find('train-mistakes'), mistakes, this.#isTest ? this.#test?.images : this.#heldBack?.images);
    this.#find('mistakes-note').textContent =
      mistakes.length > 0
        ? 'Those first where it was surest of the wrong digit.'
        : 'None: every picture is read right.';
    if (this.#isTest && !this.#test) {
      loadTestSet()
        .then((test) => {
          this.#test = test;
          this.#showMistakes();
        })
        .catch((error) => this.#tell(describeFailure(error).text));
    }
  }

  /** The button that measures stays where it is, with what it has measured. */
  #showTest() {
    if (!this.#record || this.#measuring) return;
    const { test } = this.#record;
    const button = this.#find('details-test');
    button.textContent = test ? `Test set: ${percent(test.accuracy)}` : 'Measure on the test set';
    if (test) button.setAttribute('aria-disabled', 'true');
    else if (this.#root.getAttribute('aria-busy') !== 'true') button.removeAttribute('aria-disabled');
  }

  async #measure() {
    const record = this.#record;
    const { signal } = (this.#measuring = new AbortController());
    const [button, progress] = [this.#find('details-test'), this.#find('details-progress')];
    const show = (share) => (progress.value = share);
    this.#tell('Reading the 10,000 test pictures…');
    button.textContent = 'Cancel';
    button.removeAttribute('aria-disabled');
    progress.hidden = false;
    let result;
    try {
      this.#test ??= await loadTestSet({ signal, onProgress: ({ loaded, total }) => show(loaded / total) });
      signal.throwIfAborted();
      result = await this.#look((trainer) =>
        trainer.evaluate(this.#test, {
          probabilities: true,
          signal,
          onProgress: ({ done, count }) => show(done / count),
        }),
      );
    } finally {
      this.#measuring = null;
      this.#showTest();
      progress.hidden = true;
      progress.removeAttribute('value');
    }
    const { accuracy, loss, confusion } = result;
    record.test = { accuracy, loss, confusion, mistakes: worstMistakes(result.probabilities, this.#test.labels) };
    this.#options.onTested(record);
    if (record !== this.#record) return;
    this.show(record);
    this.#root.querySelector('#details-set [value=test]').checked = true;
    this.#showEvaluation();
    this.#tell(`${percent(accuracy)} of the test pictures are read right.`);
  }

  #cancel() {
    this.#measuring?.abort(new Error('Cancelled: nothing was measured.'));
  }

  // --- What can be done with it --------------------------------------------------------------------------------------

  async #useForDrawing() {
    const { number, id } = this.#record;
    const isDone = await this.#options.drawing.useWeights(await this.#options.store.weights(id), `Run ${number}`);
    this.#tell(
      isDone
        ? `Run ${number} reads your drawings now. “Use the shipped network” goes back.`
        : 'The drawing view did not take these weights; it says why under “What it has learnt from you”. Nothing was changed.',
    );
  }

  async #useShipped() {
    const isDone = await this.#options.drawing.useShippedWeights();
    this.#tell(
      isDone
        ? 'The shipped network reads your drawings again.'
        : 'The drawing view could not do that. Nothing was changed.',
    );
  }

  async #export() {
    const { number, id } = this.#record;
    const weights = await this.#options.store.weights(id);
    const name = `inkdigit-run-${number}.safetensors`;
    saveFile(new Blob([weights], { type: 'application/octet-stream' }), name);
    this.#tell(`Run ${number} is saved as ${name}.`);
  }

  /** One thing at a time; a failure is told where one has pressed. */
  async #do(action) {
    const record = this.#record;
    const buttons = this.#root.querySelectorAll('#details-tools button');
    if (this.#root.getAttribute('aria-busy') === 'true') return;
    this.#root.setAttribute('aria-busy', 'true');
    for (const button of buttons) button.setAttribute('aria-disabled', 'true');
    try {
      await action();
    } catch (error) {
      if (record === this.#record) this.#tell(describeFailure(error).text);
    } finally {
      this.#root.removeAttribute('aria-busy');
      for (const button of buttons) button.removeAttribute('aria-disabled');
      this.#showTest();
    }
  }

  #tell(text) {
    this.#find('details-status').textContent = text;
  }

  #find(id) {
    return this.#root.querySelector(`#${id}`);
  }
}
