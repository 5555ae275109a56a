/** One training run: from its settings to a trained network, with everything that can be watched on the way. */
import { frameSize } from '../shapes.js';
import { Turns } from '../turns.js';
import { LossCurve, withGlance } from './curve.js';
import { worstMistakes } from './mistakes.js';
import { costPerPicture, layersOf, needsOneThread, parameterCount } from './network_cost.js';
import { augmentOf } from './settings.js';

/** Pictures of the held-back ones that are read now and then within an epoch. */
const glancePictures = 500;
/** Glances take this share of the time at most. */
const glanceShare = 0.04;
const shortestGlanceGap = 1; // seconds
/** Seconds of steps over which the speed is measured. */
const speedWindow = 3;
/** What is kept of a run as it is, beside its start and its curve. */
const recordedFields = [
  ...['settings', 'phase', 'parameters', 'seen', 'epoch', 'seconds', 'speed'],
  ...['glances', 'checks', 'confusion', 'mistakes'],
];

/** `phase`: 'starting', 'running', 'checking' (an epoch's end), 'paused', 'stopping', then 'finished', 'stopped' or 'failed'. */
export class TrainingRun {
  #createTrainer;
  #trainer;
  #heldBack;
  #abort = new AbortController();
  #peeks = new Turns();
  #isPaused = false;
  #isFitting = false;
  #fault = null; // why it was broken off: an Error
  #speedMarks = []; // [{ seconds, seen }] of the last few seconds
  #onChange;
  #onEpoch;

  phase = 'starting';
  failure = null; // an Error
  epoch = 0; // whole ones
  seen = 0; // pictures
  seconds = 0; // of steps
  picturesPerSecond = 0;
  checkSeconds = 0; // that the last check took
  curve = new LossCurve();
  glances = []; // [{ seen, accuracy }]: a few held-back pictures
  checks = []; // [{ epoch, seen, accuracy, loss, seconds }]: all held-back pictures
  confusion = null; // Uint32Array(100) of the last check: rows are labels
  mistakes = []; // of the last check, the worst first; see mistakes.js

  /** `onChange(what)`: 'progress' at each step, 'glance', 'check' or 'phase'. `onEpoch(weights)`: at the end of each epoch but the last. */
  constructor(settings, { createTrainer, onChange, onEpoch }) {
    this.settings = settings;
    this.#createTrainer = createTrainer;
    this.#onChange = onChange;
    this.#onEpoch = onEpoch;
    this.startedAt = Date.now();
  }

  get isActive() {
    return ['starting', 'running', 'checking', 'paused', 'stopping'].includes(this.phase);
  }

  get pictures() {
    return this.settings.epochs * this.settings.pictures;
  }

  get parameters() {
    return parameterCount(this.settings);
  }

  /** For the estimate of other settings; undefined while nothing is known. */
  get speed() {
    return this.seconds > 0 ? (this.seen / this.seconds) * costPerPicture(this.settings) : undefined;
  }

  get secondsLeft() {
    if (!this.picturesPerSecond) return undefined;
    return (
      (this.pictures - this.seen) / this.picturesPerSecond + (this.settings.epochs - this.epoch) * this.checkSeconds
    );
  }

  /** Trains to the end, or until stop(). Resolves when it is over; what went wrong is in `failure`. */
  async start({ train, heldBack }) {
    this.#heldBack = heldBack;
    try {
      await this.#prepare(train);
      await this.#train();
      this.#enter('finished');
    } catch (error) {
      if (!this.#abort.signal.aborted) {
        this.failure = this.#fault ?? error;
        this.#enter('failed');
      } else {
        await this.#endEarly();
      }
    }
  }

  async #prepare(train) {
    const { optimizer, learningRate, seed } = this.settings;
    const layers = layersOf(this.settings);
    const threads = needsOneThread(this.settings) ? 1 : undefined; // as many as there are
    const { signal } = this.#abort;
    this.#trainer = await this.#createTrainer({ layers, optimizer, learningRate, seed, threads, signal });
    await this.#trainer.load('train', train);
    const glance = {
      images: this.#heldBack.images.slice(0, glancePictures * frameSize),
      labels: this.#heldBack.labels.slice(0, glancePictures),
    };
    await this.#trainer.load('glance', glance);
    await this.#trainer.load('heldBack', this.#heldBack);
    signal.throwIfAborted();
  }

  async #train() {
    const { epochs, batchSize, pictures } = this.settings;
    for (let epoch = 0; epoch < epochs; ++epoch) {
      this.#enter(this.#isPaused ? 'paused' : 'running');
      const secondsBefore = this.seconds;
      this.#isFitting = true;
      const glancing = this.#glanceNowAndThen();
      try {
        await this.#trainer.fit('train', {
          epochs: 1,
          firstEpoch: epoch,
          batchSize,
          augment: augmentOf(this.settings),
          signal: this.#abort.signal,
          onProgress: ({ step, loss, seconds }) => {
            this.seconds = secondsBefore + seconds;
            this.#step(epoch * pictures + Math.min(step * batchSize, pictures), loss);
          },
        });
      } finally {
        this.#isFitting = false;
        await glancing.end();
      }
      this.epoch = epoch + 1;
      this.#enter(this.#isPaused ? 'paused' : 'checking');
      await this.#check();
      if (this.epoch < epochs) await this.#tellWeights();
    }
  }

  /** The run goes on without, when they cannot be had. */
  async #tellWeights() {
    try {
      this.#onEpoch?.(await this.#trainer.exportWeights());
    } catch {
      // At the end they are asked for again.
    }
  }

  #step(seen, loss) {
    if (this.#abort.signal.aborted || this.#fault) return;
    if (!Number.isFinite(loss)) {
      const text =
        'The loss is no longer a number: the weights have grown without bounds. Choose a smaller learning rate and start again.';
      return this.#breakOff(new Error(text));
    }
    this.seen = seen;
    this.curve.add(seen, loss);
    this.#speedMarks.push({ seconds: this.seconds, seen });
    while (this.seconds - this.#speedMarks[0].seconds > speedWindow && this.#speedMarks.length > 2) {
      this.#speedMarks.shift();
    }
    const { seconds, seen: seenThen } = this.#speedMarks[0];
    if (this.seconds > seconds) this.picturesPerSecond = (seen - seenThen) / (this.seconds - seconds);
    this.#onChange('progress');
  }

  /** Reads a few held-back pictures while an epoch goes on. → { end() }. */
  #glanceNowAndThen() {
    let timer;
    let isOver = false;
    let pending = Promise.resolve();
    let gap = shortestGlanceGap;
    const glance = async () => {
      if (this.#isPaused || this.seen === 0) return;
      const started = performance.now();
      const seen = this.seen;
      const { accuracy } = await this.peek((trainer) => trainer.evaluate('glance'));
      const took = (performance.now() - started) / 1000;
      if (!isOver) {
        this.glances = withGlance(this.glances, { seen, accuracy });
        this.#onChange('glance');
      }
      gap = Math.max(shortestGlanceGap, took / glanceShare);
    };
    const plan = () => {
      timer = setTimeout(() => {
        pending = glance()
          .catch(() => {}) // the run itself will say what is wrong
          .then(() => {
            if (!isOver) plan();
          });
      }, gap * 1000);
    };
    plan();
    return {
      end: () => {
        isOver = true;
        clearTimeout(timer);
        return pending;
      },
    };
  }

  async #check() {
    const started = performance.now();
    const evaluation = await this.#trainer.evaluate('heldBack', { probabilities: true });
    this.checkSeconds = (performance.now() - started) / 1000;
    const { accuracy, loss, confusion } = evaluation;
    this.confusion = confusion;
    this.mistakes = worstMistakes(evaluation.probabilities, this.#heldBack.labels);
    this.checks.push({ epoch: this.epoch, seen: this.seen, accuracy, loss, seconds: this.seconds });
    this.#onChange('check');
  }

  /** Stopped: what was learnt so far is measured and kept. */
  async #endEarly() {
    try {
      if (this.#trainer && this.seen > (this.checks.at(-1)?.seen ?? 0)) {
        this.#isPaused = false;
        await this.#trainer.resume();
        await this.#check();
      }
      this.#enter('stopped');
    } catch (error) {
      this.failure = error;
      this.#enter('failed');
    }
  }

  async pause() {
    if (!['running', 'checking'].includes(this.phase)) return;
    this.#isPaused = true;
    this.#enter('paused');
    await this.#trainer.pause().catch((error) => this.#breakOff(error));
  }

  async resume() {
    if (this.phase !== 'paused') return;
    this.#isPaused = false;
    this.#enter(this.#isFitting ? 'running' : 'checking');
    await this.#trainer.resume().catch((error) => this.#breakOff(error));
  }

  /** It cannot go on: what is under way fails, and with it the run. */
  #breakOff(error) {
    if (!this.isActive) return; // its weights may still be wanted
    this.#fault ??= error;
    this.#trainer.dispose();
  }

  stop() {
    if (['starting', 'running', 'checking', 'paused'].includes(this.phase)) this.#enter('stopping');
    this.#abort.abort(new DOMException('The run was stopped.', 'AbortError'));
  }

  /**
   * Looks at the network as it is now: `look(trainer)` is run between two steps, and its answer returned.
   * Training stands still meanwhile.
   */
  peek(look) {
    return this.#peeks.take(async () => {
      if (!this.#trainer) throw new Error('The run has not begun yet.');
      if (!this.#isFitting) return look(this.#trainer);
      await this.#trainer.pause();
      try {
        return await look(this.#trainer);
      } finally {
        if (!this.#isPaused) await this.#trainer.resume();
      }
    });
  }

  exportWeights() {
    return this.peek((trainer) => trainer.exportWeights());
  }

  /** What is kept of it: plain values, that IndexedDB can hold. */
  toRecord() {
    const curve = { seen: this.curve.seen, loss: this.curve.loss };
    return { ...Object.fromEntries(recordedFields.map((name) => [name, this[name]])), id: this.startedAt, curve };
  }

  /** Ends its worker; the curves stay. */
  dispose() {
    this.#abort.abort(new DOMException('The run is over.', 'AbortError'));
    this.#trainer?.dispose();
  }

  #enter(phase) {
    if (this.phase === phase || (this.phase === 'stopping' && ['running', 'checking', 'paused'].includes(phase)))
      return;
    this.phase = phase;
    this.#onChange('phase');
  }
}
