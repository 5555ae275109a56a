/** The Train view: settings, a run, its curves, earlier runs, and a closer look at one of them. */
import { importPackage } from '../imports.js';
import { askFirst } from '../leaving.js';
import { MessageBar } from '../message_bar.js';
import { Curves } from './curves.js';
import { describeFailure } from './failure_messages.js';
import { loadTrainingSet } from './mnist.js';
import { RunDetails } from './run_details.js';
import { RunPanel } from './run_panel.js';
import { RunStore } from './run_store.js';
import { RunTable } from './run_table.js';
import { SettingsForm } from './settings_form.js';
import { TrainingRun } from './training_run.js';
import { addStyles, fetchElements } from './view_files.js';

/** Milliseconds between two looks at a run that goes on: numbers and curves; and its pictures, for which it stands still a moment. */
const redrawGap = 100;
const picturesGap = 2000;

export class TrainView {
  #messages;
  #deletion; // MessageBar: what was deleted last, and the way back
  #form;
  #panel;
  #curves;
  #table;
  #details;
  #store = new RunStore({ onChange: () => this.#showRuns() });
  #drawing;
  #onRunProgress;
  #createTrainer;
  #run = null; // the latest TrainingRun
  #underWay = 0; // runs that go on, or are on their way into the store
  #unkept = null; // one that has ended, but whose weights could not be read out
  #loading = null; // AbortController of the data that is being fetched
  #looked = null; // what the details show: a record, or the run that goes on
  #isFollowing = true; // the details show the run that goes on, until another one is asked for
  #isShown = false;
  #timer = 0;
  #isStale = false;
  #picturesAt = 0;

  /**
   * Fills `section`. `drawing`: { useWeights(bytes, title), useShippedWeights() }, both promises. `onRunProgress(share)` is told
   * how far a run is, and null when there is none.
   */
  static async open(section, options) {
    const [elements, { createTrainer }] = await Promise.all([
      fetchElements(new URL('view.html', import.meta.url)),
      importPackage(),
      addStyles(new URL('../vendor/uplot/uPlot.min.css', import.meta.url)),
      addStyles(new URL('train.css', import.meta.url)),
    ]);
    section.replaceChildren(...elements);
    const view = new TrainView(section, options);
    view.#createTrainer = createTrainer;
    await view.#openRuns();
    return view;
  }

  constructor(section, { drawing, onRunProgress }) {
    const byId = (id) => section.querySelector(`#${id}`);
    this.#drawing = drawing;
    this.#onRunProgress = onRunProgress;
    const leave = () => byId('train-start').focus();
    this.#messages = new MessageBar(byId('train-message'), { leave });
    this.#deletion = new MessageBar(byId('runs-message'), { leave });
    this.#form = new SettingsForm(byId('train-settings'), { onStart: (settings) => this.#start(settings) });
    this.#panel = new RunPanel(section.querySelector('.run'), {
      onPause: () => this.#run.pause(),
      onResume: () => this.#run.resume(),
      onStop: () => (this.#loading ? this.#loading.abort() : this.#run.stop()),
    });
    this.#curves = new Curves({ loss: byId('train-loss'), accuracy: byId('train-accuracy') });
    this.#table = new RunTable(section.querySelector('.runs'), {
      isSaved: (id) => this.#store.isSaved(id),
      onLook: (record) => {
        this.#isFollowing = false;
        this.#look(record);
        this.#details.reveal();
      },
      onChange: () => this.#redrawSoon(),
    });
    this.#details = new RunDetails(byId('train-details'), {
      drawing: this.#drawing,
      store: this.#store,
      createTrainer: (options) => this.#createTrainer(options),
      onSettings: (settings) => {
        this.#form.fill(settings);
        this.#form.reveal();
      },
      onTested: (record) => this.#keepTest(record),
      onRemove: (record) => this.#remove(record),
    });
    addEventListener('beforeunload', (event) => {
      if (this.#underWay > 0 || this.#unkept || this.#store.hasUnsaved) askFirst(event);
    });
    document.addEventListener('visibilitychange', () => this.#redrawSoon());
  }

  /** Whether one can see it; nothing is drawn meanwhile. */
  setShown(isShown) {
    this.#isShown = isShown;
    if (isShown) this.#redrawSoon();
    else this.#details.forget();
  }

  async #openRuns() {
    try {
      await this.#store.read();
    } catch (error) {
      const text = 'Your earlier runs could not be read from the storage of this browser.';
      this.#messages.show({ text, detail: error.message }, { action: 'Try again', onAction: () => this.#openRuns() });
    }
    this.#form.setSpeed(this.#store.records[0]?.speed);
    this.#showRuns();
  }

  // --- A run -------------------------------------------------------------------------------------------------------

  async #start(settings) {
    if (this.#loading || this.#run?.isActive) return;
    this.#messages.hide();
    this.#deletion.hide();
    this.#unkept?.dispose();
    this.#unkept = null;
    const loading = (this.#loading = new AbortController());
    this.#panel.showLoading();
    this.#panel.reveal(); // on a phone it is below the settings
    let data;
    try {
      data = await loadTrainingSet(settings.pictures, {
        signal: loading.signal,
        onProgress: (bytes) => this.#panel.showLoading(bytes),
      });
    } catch (error) {
      this.#panel.showIdle(loading.signal.aborted ? 'Cancelled: no run was started.' : '');
      if (!loading.signal.aborted) this.#fail(error, () => this.#form.submit());
      return;
    } finally {
      this.#loading = null;
    }

    let isKept = false;
    let lastEpochKept;
    const run = (this.#run = new TrainingRun(settings, {
      createTrainer: this.#createTrainer,
      onChange: (what) => this.#changed(run, what),
      // With its tab, no more than an epoch is lost.
      onEpoch: (weights) => {
        lastEpochKept = this.#store.write({ ...run.toRecord(), phase: 'unfinished' }, weights, { again: isKept }).then(
          () => (isKept = true),
          () => {},
        );
      },
    }));
    this.#isFollowing = true;
    this.#changed(run, 'phase');
    await this.#untilKept(async () => {
      await run.start(data);
      await lastEpochKept; // a run that has failed is listed as it was then
      await this.#finish(run);
    });
  }

  /** Closing the tab asks first while `work` goes on. */
  async #untilKept(work) {
    ++this.#underWay;
    try {
      await work();
    } finally {
      --this.#underWay;
    }
  }

  async #finish(run) {
    this.#onRunProgress(null);
    if (run.phase === 'failed') {
      this.#fail(run.failure, () => this.#form.submit()); // its words may be to choose other settings
      const kept = this.#records.find(({ id }) => id === run.startedAt); // if it came as far as an epoch's end
      if (kept) {
        kept.phase = 'stopped';
        this.#store.update(kept).catch(() => {}); // then other tabs do not know
      }
      this.#table.show(this.#records);
      if (kept && this.#isFollowing) this.#look(kept);
    } else if (run.checks.length > 0) {
      await this.#keep(run);
    }
    if (run !== this.#unkept) run.dispose();
    this.#redrawSoon();
  }

  /** A run that has ended comes into the list. It is not lost when its weights cannot be read out: that can be tried again. */
  async #keep(run) {
    this.#unkept = null;
    let weights;
    try {
      weights = await run.exportWeights();
    } catch (error) {
      this.#unkept = run;
      this.#messages.show(
        {
          text: 'The run has ended, but its weights could not be read out. They wait until another run starts or the page is closed.',
          detail: error.message,
        },
        { action: 'Try again', onAction: () => this.#untilKept(() => this.#finish(run)) },
      );
      return;
    }
    const record = run.toRecord();
    const isSaved = await this.#store.add(record, weights);
    if (!isSaved) this.#tellUnsaved();
    this.#form.setSpeed(run.speed);
    this.#table.show(this.#records);
    if (this.#isFollowing) this.#look(record);
  }

  #tellUnsaved() {
    this.#messages.show({
      text: 'This run could not be kept in this browser (its storage is full or not allowed). Export its weights before you close the page.',
    });
  }

  #fail(error, onAgain) {
    this.#messages.show(describeFailure(error), onAgain ? { action: 'Try again', onAction: onAgain } : {});
    this.#panel.reveal();
  }

  #changed(run, what) {
    if (run !== this.#run) return;
    if (what === 'phase' || what === 'check') this.#panel.tell(run);
    if (what === 'check' && this.#isFollowing) this.#lookAtRunning();
    this.#onRunProgress(run.isActive ? run.seen / run.pictures : null);
    this.#redrawSoon();
  }

  // --- Drawing -----------------------------------------------------------------------------------------------------

  /** At most ten times a second, and not at all while it cannot be seen. */
  #redrawSoon() {
    this.#isStale = true;
    if (this.#timer || !this.#isShown || document.hidden) return;
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      if (!this.#isStale || !this.#isShown || document.hidden) return;
      requestAnimationFrame(() => this.#redraw());
    }, redrawGap);
  }

  #redraw() {
    this.#isStale = false;
    const run = this.#run;
    if (run) this.#panel.show(run);
    const shown = this.#table.shown.map(({ record, colour }) => ({
      run: record,
      colour,
      name: `Run ${record.number}`,
    }));
    if (run && !this.#records.some(({ id }) => id === run.startedAt) && run.phase !== 'failed') {
      shown.push({ run, colour: this.#store.numberOf(run.startedAt) - 1, name: 'This run' });
    }
    this.#curves.show(shown);
    if (run?.phase === 'running' && performance.now() - this.#picturesAt > picturesGap) {
      this.#picturesAt = performance.now();
      this.#details.refreshPictures();
    }
  }

  // --- Earlier runs ------------------------------------------------------------------------------------------------

  /** Those that are over. */
  get #records() {
    const running = this.#run?.isActive ? this.#run.startedAt : null;
    return this.#store.records.filter(({ id }) => id !== running);
  }

  #look(record) {
    this.#looked = record;
    this.#table.mark(record);
    this.#details.show(record);
    this.#redrawSoon();
  }

  #lookAtRunning() {
    this.#looked = this.#run;
    this.#details.showRunning(this.#run);
  }

  #lookAtNewest() {
    const [newest] = this.#records;
    if (newest) {
      this.#look(newest);
    } else {
      this.#looked = null;
      this.#details.hide();
    }
  }

  /** Those that are over, as the store has them now. */
  #showRuns() {
    const records = this.#records;
    this.#table.show(records);
    if (!(this.#looked instanceof TrainingRun)) {
      const looked = records.find(({ id }) => id === this.#looked?.id);
      if (!looked) this.#lookAtNewest();
      // Another tab has gone on with it, or ended it.
      else if (looked.seen !== this.#looked.seen || looked.phase !== this.#looked.phase) this.#look(looked);
    }
    this.#redrawSoon();
  }

  #keepTest(record) {
    this.#store.update(record).catch(() => {}); // it is shown all the same, and can be measured again
    this.#table.show(this.#records);
  }

  async #remove(record) {
    let restore;
    try {
      restore = await this.#store.remove(record);
    } catch (error) {
      this.#fail(new Error('The run could not be deleted.', { cause: error }));
      return;
    }
    if (this.#run && !this.#run.isActive && this.#run.startedAt === record.id) {
      this.#run = null;
      this.#panel.clear();
    }
    this.#table.show(this.#records);
    this.#isFollowing = true; // a run that goes on is what there is to look at
    if (this.#run?.isActive && this.#run.checks.length > 0) this.#lookAtRunning();
    else this.#lookAtNewest();
    const text = `Run ${record.number} is deleted.`;
    this.#deletion.hide(); // of an earlier one, whose weights are let go
    this.#deletion.show({ text }, restore ? { action: 'Undo', onAction: () => this.#restore(record, restore) } : {});
    this.#deletion.focus();
    this.#redrawSoon();
  }

  async #restore(record, restore) {
    if (!(await restore())) this.#tellUnsaved();
    this.#table.show(this.#records);
    this.#look(record);
    this.#details.focus();
  }
}
