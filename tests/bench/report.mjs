/** The figures of a run as Markdown. */
import { median } from './support.mjs';

const round = (value) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(Math.abs(value) >= 10 ? 3 : 2));

/** `0.61 (0.58–0.70)`, or `–` if there is nothing. */
const spread = (values) =>
  values?.length ? `${round(median(values))} (${round(Math.min(...values))}–${round(Math.max(...values))})` : '–';

const megabytes = (bytes) => (bytes === null || bytes === undefined ? '–' : (bytes / 1e6).toFixed(bytes < 1e6 ? 3 : 2));

function table(heads, rows) {
  return [heads, heads.map((_, i) => (i === 0 ? '---' : '---:')), ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');
}

export function report({ machine, results, roofline, emptyPage, leftOut, settings }) {
  const rows = results.filter(({ single }) => single.length > 0);
  const parts = [
    `${machine.cpu}, ${machine.cores} cores, Chromium ${machine.browser}, ${machine.date.slice(0, 10)}; ` +
      `medians of ${settings.repetitions} interleaved repetitions (least–most).`,
    table(
      ['', '1 image, ms', 'first after a pause, ms', 'batch 64, images/s', 'training, steps/s: all', 'head'],
      rows.map(({ label, single, afterPause, batch, training }) => [
        label,
        spread(single),
        spread(afterPause),
        spread(batch),
        spread(training.all),
        spread(training.head),
      ]),
    ),
    table(
      [
        '',
        'cold start over an empty page, ms',
        'code, MB brotli',
        'weights, MB brotli',
        'memory over an empty page, MB (as the browser tells; wasm memory may be missing)',
        'outputs differ by',
      ],
      rows.map(({ label, coldStart, transfer, memory, difference, agreement }) => [
        label,
        spread(coldStart),
        megabytes(transfer?.code),
        megabytes(transfer?.weights),
        memory?.length ? megabytes(median(memory)) : '–',
        `${difference.toExponential(0)}, ${agreement} of 64 read alike`,
      ]),
    ),
    `An empty page takes ${spread(emptyPage)} ms. This machine on one thread, 10^9 operations a second: ` +
      `${Object.entries(roofline)
        .map(([name, values]) => `${name} ${spread(values)}`)
        .join('; ')}.`,
  ];
  const hops = workerHops(rows);
  if (hops.length) parts.push(`The way to the worker and back adds: ${hops.join('; ')}.`);
  const cannotTrain = rows.flatMap(({ label, training }) =>
    ['all', 'head'].flatMap((scope) =>
      training[`${scope}Failure`] ? [`- ${label}, ${scope}: ${training[`${scope}Failure`]}`] : [],
    ),
  );
  if (cannotTrain.length) parts.push(`NOT TRAINED:\n${cannotTrain.join('\n')}`);
  if (leftOut.length) {
    parts.push(`LEFT OUT (not measured):\n${leftOut.map(({ label, reason }) => `- ${label}: ${reason}`).join('\n')}`);
  }
  return parts.join('\n\n');
}

/** Each repetition's difference of one image in the worker and in an engine that says it has the same backend. */
function workerHops(rows) {
  return rows
    .filter(({ engine }) => engine === 'inkdigit_worker')
    .flatMap((inWorker) => {
      const direct = rows.find(({ engine, backend }) => engine === 'inkdigit' && backend === inWorker.backend);
      if (!direct) return [];
      return `${inWorker.backend}: ${spread(inWorker.single.map((time, i) => time - direct.single[i]))} ms`;
    });
}
