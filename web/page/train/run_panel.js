/** The run that goes on: its buttons, how far it is, its figures, and a few words at each turn. */
import { count, duration, megabytes, percent } from '../quantities.js';

/** Guesses at random are right for one picture in ten. */
const hardlyMore = 0.2;

export class RunPanel {
  #start;
  #pause;
  #stop;
  #progress;
  #status;
  #figures;

  constructor(section, { onPause, onResume, onStop }) {
    const byId = (id) => section.querySelector(`#${id}`);
    this.#start = byId('train-start');
    this.#pause = byId('train-pause');
    this.#stop = byId('train-stop');
    this.#progress = byId('train-progress');
    this.#status = byId('train-status');
    this.#figures = Object.fromEntries(
      [...section.querySelectorAll('[data-figure]')].map((element) => [element.dataset.figure, element]),
    );
    this.#pause.addEventListener('click', () => (this.#pause.textContent === 'Pause' ? onPause() : onResume()));
    this.#stop.addEventListener('click', onStop);
  }

  /** Brings what is told of the run onto the screen. */
  reveal() {
    this.#status.scrollIntoView({ block: 'nearest' });
  }

  showIdle(text = '') {
    this.#buttons({ canStart: true });
    this.#progress.hidden = true;
    this.#say(text);
  }

  /** There is no run, not even one that is over. */
  clear() {
    this.showIdle();
    for (const element of Object.values(this.#figures)) element.textContent = '–';
  }

  /** MNIST is on its way: `loaded` of `total` bytes, once they are known. */
  showLoading({ loaded, total } = {}) {
    this.#buttons({ canStop: true, stop: 'Cancel' });
    this.#showShare(total ? loaded / total : 0);
    const text = total ? `${megabytes(loaded)} of ${megabytes(total)}` : 'Asking for MNIST';
    this.#progress.dataset.text = text;
    this.#progress.setAttribute('aria-valuetext', text);
    this.#say('Loading MNIST…');
  }

  /** What a run has come to, in words: at its turns and at the end of its epochs only. */
  tell(run) {
    const { epochs } = run.settings;
    const { accuracy } = run.checks.at(-1) ?? {};
    const advice = accuracy < hardlyMore ? ' That is hardly more than guessing: try a smaller learning rate.' : '';
    const result =
      accuracy === undefined ? '' : ` ${percent(accuracy)} of the held-back pictures are read right.${advice}`;
    const words = {
      starting: () => 'Starting…',
      running: () => (run.epoch === 0 ? 'Training.' : `Epoch ${run.epoch} of ${epochs} done.${result}`),
      checking: () => `Epoch ${run.epoch} of ${epochs} done; reading the held-back pictures.`,
      paused: () => 'Paused. The network waits as it is.',
      stopping: () =>
        run.seen === 0 ? 'Stopping.' : 'Stopping; reading the held-back pictures to see what was learnt.',
      finished: () => `Finished after ${duration(run.seconds)}.${result}`,
      stopped: () =>
        accuracy === undefined
          ? 'Stopped before it had learnt anything.'
          : `Stopped; what was learnt is kept.${result}`,
      failed: () => 'The run has failed.',
    };
    this.#say(words[run.phase]());
    this.#buttons({
      canStart: !run.isActive,
      canStop: run.isActive, // it has the focus, and may keep it
      pause: run.phase === 'paused' ? 'Resume' : ['running', 'checking'].includes(run.phase) ? 'Pause' : '',
    });
  }

  /** The figures; many times a second, so they are not for reading out. */
  show(run) {
    const { epochs } = run.settings;
    const check = run.checks.at(-1);
    const glance = run.glances.at(-1); // of fewer pictures, but often newer
    const accuracy = (glance?.seen > check?.seen ? glance : (check ?? glance))?.accuracy;
    const loss = run.curve.loss.at(-1);
    const set = (name, text) => {
      if (this.#figures[name].textContent !== text) this.#figures[name].textContent = text;
    };
    set('epoch', `${Math.min(run.epoch + 1, epochs)} of ${epochs}`);
    set('loss', loss === undefined ? '–' : loss.toFixed(3));
    set('accuracy', accuracy === undefined ? '–' : percent(accuracy, 1));
    set('speed', run.picturesPerSecond ? count(run.picturesPerSecond) : '–');
    set('left', run.isActive ? (run.secondsLeft === undefined ? '–' : duration(run.secondsLeft)) : '–');
    this.#progress.dataset.text = '';
    this.#progress.removeAttribute('aria-valuetext');
    this.#showShare(run.seen / run.pictures);
  }

  #showShare(share) {
    this.#progress.hidden = false;
    this.#progress.setAttribute('aria-valuenow', Math.round(share * 100));
    this.#progress.style.setProperty('--share', share);
  }

  #say(text) {
    if (this.#status.textContent !== text) this.#status.textContent = text;
  }

  /** What has the focus keeps it where it can: on the button that takes its place. */
  #buttons({ canStart = false, canStop = false, stop = 'Stop', pause = '' }) {
    const buttons = [this.#pause, this.#stop, this.#start];
    const focused = buttons.find((button) => button === document.activeElement);
    this.#start.hidden = !canStart;
    this.#stop.hidden = !canStop;
    this.#stop.textContent = stop;
    this.#pause.hidden = !pause;
    if (pause) this.#pause.textContent = pause;
    if (focused?.hidden) buttons.find((button) => !button.hidden)?.focus();
  }
}
