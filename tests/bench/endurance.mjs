/**
 * Memory over long use of the page: while it trains its preset network on all of MNIST, a drawing is corrected and the lesson taken
 * back, again and again. Prints what the page's process holds, as Linux tells it (wasm memory included).
 *
 *   node tests/bench/endurance.mjs [--minutes 60] [--every 60]
 *
 * `--every`: seconds from one lesson and look to the next. `npm run build` comes first.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { answer, drawMisreadSeven, outcome } from '../browser/learning_support.mjs';
import { button, openPage, serveSite } from '../browser/support.mjs';
import { choose, learning, start } from '../browser/train_support.mjs';
import { launchBrowser, median } from './support.mjs';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '60' }, every: { type: 'string', default: '60' } },
});
const [minutes, every] = [Number(values.minutes), Number(values.every)];

/** MB of its own that a process holds in memory, files of the disk left out. */
function heldMemory(processId) {
  const status = readFileSync(`/proc/${processId}/status`, 'utf8');
  const kilobytes = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)[1]);
  return (kilobytes('RssAnon') + kilobytes('RssShmem')) / 1024;
}

/** The process of the only page: the renderer that holds most. */
async function pageProcess(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  return renderers.reduce((most, id) => (heldMemory(id) > heldMemory(most) ? id : most));
}

/** A lesson about a drawing that is misread, which is taken back. → what came of it. */
async function lesson(page) {
  await page.evaluate(() => (location.hash = 'draw'));
  await drawMisreadSeven(page);
  await answer(page, 7);
  const words = await outcome(page);
  if (/^Learnt/.test(words)) await button(page, 'Take back the last lesson').click();
  await page.evaluate(() => (location.hash = 'train'));
  return words;
}

/** Growth in MB an hour: of medians, the second half's over the first's. */
function growth(looks) {
  const half = looks.length >> 1;
  const mean = (list) => list.reduce((sum, { minute }) => sum + minute, 0) / list.length;
  const [first, second] = [looks.slice(0, half), looks.slice(-half)];
  const grown = median(second.map(({ held }) => held)) - median(first.map(({ held }) => held));
  return (60 * grown) / (mean(second) - mean(first));
}

const ends = [];
const site = await serveSite();
const browser = await launchBrowser();
try {
  const page = await openPage({ after: (end) => ends.push(end) }, browser, `${site.url}#train`);
  await button(page, 'Start training').waitFor();
  await choose(page, { Epochs: '100' });
  await start(page);
  await learning(page);
  const processId = await pageProcess(browser);
  const begin = Date.now();
  const looks = [];
  for (let round = 0; Date.now() - begin < minutes * 60_000; ++round) {
    const words = await lesson(page);
    const look = { minute: (Date.now() - begin) / 60_000, held: heldMemory(processId) };
    looks.push(look);
    console.log(
      `${look.minute.toFixed(1)} min  ${look.held.toFixed(0)} MB  epoch ${await page.locator('[data-figure=epoch]').innerText()}  (lesson: ${words.split('\n')[0]})`,
    );
    if (page.problems.length > 0) throw new Error(page.problems.join('\n'));
    await page.waitForTimeout(Math.max(0, begin + (round + 1) * every * 1000 - Date.now()));
  }
  const settled = looks.slice(Math.ceil(looks.length / 3)); // until then ten lessons came together to go back to, which is no growth
  console.log(
    `${settled.length} looks: ${median(settled.map(({ held }) => held)).toFixed(0)} MB in the median, ${Math.max(...settled.map(({ held }) => held)).toFixed(0)} at most; ${growth(settled).toFixed(1)} MB an hour`,
  );
} finally {
  for (const end of ends) await end().catch(() => {}); // the problems are told above
  await browser.close();
  await site.close();
}
