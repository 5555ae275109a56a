/** Loss and accuracy over the pictures seen, one colour for each run (uPlot). */
import uPlot from '../vendor/uplot/uPlot.esm.js';
import { percent } from '../quantities.js';

const colourCount = 6;
const chartHeight = 220; // px
/** Nats, of who guesses at random among ten: where an empty chart ends. */
const guessingLoss = Math.log(10);

/** The colour of the n-th run shown: a custom property of train.css. */
export const colourOf = (n) => `var(--run-${(n % colourCount) + 1})`;

/** uPlot draws by requests for frames of its own; here they are at most ten a second. */
export class Curves {
  #loss;
  #accuracy;
  #lossBox;
  #accuracyBox;
  #style;

  constructor({ loss, accuracy }) {
    this.#lossBox = loss;
    this.#accuracyBox = accuracy;
    this.#style = getComputedStyle(loss);
    new ResizeObserver(() => this.#resize()).observe(loss);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      this.#loss?.redraw();
      this.#accuracy?.redraw();
    });
  }

  /** `runs`: records or running ones, with the number that gives their colour and what they are called: [{ run, colour, name }]. */
  show(runs) {
    this.#loss = this.#draw(this.#loss, this.#lossBox, runs, lossChart);
    this.#accuracy = this.#draw(this.#accuracy, this.#accuracyBox, runs, accuracyChart);
    const text = runs.map(({ run, name }) => describe(run, name)).join(' ');
    this.#lossBox.setAttribute('aria-label', `Loss in training and held back. ${text || 'No run is shown.'}`);
    this.#accuracyBox.setAttribute('aria-label', `Held-back pictures read right. ${text || 'No run is shown.'}`);
  }

  /** `kind`: lossChart or accuracyChart. */
  #draw(chart, box, runs, kind) {
    const { seriesOf } = kind;
    const tables = runs.flatMap(({ run }) => seriesOf(run));
    const data = tables.length > 0 ? uPlot.join(tables.map(({ x, y }) => [x, y])) : [[], []];
    const key = runs.map(({ colour }) => colour).join();
    if (!chart || chart.key !== key) {
      chart?.destroy();
      const series = runs.flatMap(({ run, colour }) =>
        seriesOf(run).map(({ isCheck }) => this.#series(colour, isCheck)),
      );
      chart = new uPlot(this.#options(box, series, kind), data, box);
      chart.key = key;
      box.toggleAttribute('data-empty', runs.length === 0);
    } else {
      chart.setData(data);
    }
    return chart;
  }

  #series(colour, isCheck) {
    const stroke = () => this.#colour(`--run-${(colour % colourCount) + 1}`);
    return isCheck
      ? { stroke, width: 2.5, spanGaps: true, points: { show: true, size: 8, fill: stroke } }
      : { stroke, width: 1.25, spanGaps: true, points: { show: false } };
  }

  #options(box, series, { format, range }) {
    const axis = () => ({
      stroke: () => this.#colour('--muted'),
      grid: { stroke: () => this.#colour('--squares'), width: 1 },
      ticks: { show: false },
      font: '12px system-ui, sans-serif',
    });
    return {
      width: Math.max(160, box.clientWidth),
      height: chartHeight,
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { show: false }, y: false },
      scales: { x: { time: false, range: (_, min, max) => [0, Math.max(max ?? 1, 1)] }, y: { range } },
      series: [{}, ...series],
      axes: [
        { ...axis(), values: (_, ticks) => ticks.map((v) => (v >= 1000 ? `${v / 1000}k` : v)), size: 28 },
        { ...axis(), values: (_, ticks) => ticks.map(format), size: 56 },
      ],
    };
  }

  #colour(name) {
    return this.#style.getPropertyValue(name).trim();
  }

  #resize() {
    for (const [chart, box] of [
      [this.#loss, this.#lossBox],
      [this.#accuracy, this.#accuracyBox],
    ]) {
      if (box.clientWidth > 0) chart?.setSize({ width: box.clientWidth, height: chartHeight });
    }
  }
}

const lossSeries = ({ curve, checks }) => [
  { x: curve.seen, y: curve.loss },
  { x: checks.map(({ seen }) => seen), y: checks.map(({ loss }) => loss), isCheck: true },
];

const accuracySeries = ({ glances, checks }) => [
  { x: glances.map(({ seen }) => seen), y: glances.map(({ accuracy }) => accuracy) },
  { x: checks.map(({ seen }) => seen), y: checks.map(({ accuracy }) => accuracy), isCheck: true },
];

/** What the charts show: a run's series, how a value is written, and from where to where the axis goes. */
const lossChart = {
  seriesOf: lossSeries,
  format: (v) => v.toFixed(2),
  range: (_, min, max) => (max > 0 ? uPlot.rangeNum(min, max, 0.1, true) : [0, guessingLoss]),
};
const accuracyChart = {
  seriesOf: accuracySeries,
  format: (v) => percent(v, 1),
  range: (_, min, max) => shareRange(min ?? 0, max ?? 1),
};

/** A little room around shares, also around a single one; none above all and below nothing. */
function shareRange(min, max) {
  const room = Math.max((max - min) / 10, 0.02);
  return [Math.max(0, min - room), Math.min(1, max + room)];
}

function describe({ checks }, name) {
  if (checks.length === 0) return `${name}: not measured yet.`;
  const { epoch, accuracy, loss } = checks.at(-1);
  return `${name}: ${percent(accuracy)} and a loss of ${loss.toFixed(3)} on the held-back pictures after epoch ${epoch}.`;
}
