// The Train view: a network is trained from nothing, watched, halted, kept, compared and used.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { readHeader } from '../../web/package/safetensors.js';
import {
  button,
  drawWithMouse,
  drawnZero,
  missingFile,
  nextFrames,
  serveSite,
  settledReading,
  useSite,
} from './support.mjs';
import {
  choose,
  finished,
  endlessRun,
  fillStorage,
  quickRun,
  learning,
  opened,
  openTraining,
  runRows,
  start,
  status,
} from './train_support.mjs';

const stage = useSite();

/** Counts the steps that workers tell of, from before the page's own scripts on. */
const countSteps = (page) =>
  page.addInitScript(() => {
    globalThis.steps = 0;
    const { addEventListener } = Worker.prototype;
    Worker.prototype.addEventListener = function (type, listener, options) {
      const counting = ({ data }) => (globalThis.steps += data?.progress?.step ? 1 : 0);
      if (type === 'message') addEventListener.call(this, type, counting);
      return addEventListener.call(this, type, listener, options);
    };
  });

/** Milliseconds that each of the page's tasks took of its processor: what a busy machine does besides is not counted. */
function mainThreadTasks(trace) {
  const { traceEvents } = JSON.parse(trace);
  const threads = traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
  return traceEvents
    .filter(({ name, ph, pid, tid }) => {
      return ph === 'X' && name.endsWith('RunTask') && threads.some((one) => one.pid === pid && one.tid === tid);
    })
    .filter(({ tdur }) => tdur !== undefined) // one that was under way when tracing ended
    .map(({ tdur }) => tdur / 1000);
}

test('a small network learns 2,000 pictures: more than 90 % of those held back are read right, and the page stays free', async (t) => {
  const page = await openTraining(t, stage);
  await choose(page, { preset: 'Tiny', 'Training pictures': '2000', Epochs: '4', 'Learning rate': '0.003' });
  await start(page);
  await learning(page);
  await stage.browser.startTracing(page, { categories: ['toplevel'] });
  await page.evaluate(() => {
    globalThis.ends = 0;
    new MutationObserver(() => ++globalThis.ends).observe(document.getElementById('train-status'), { childList: true });
  });
  await finished(page);
  const accuracy = Number((await status(page).innerText()).match(/([\d.]+)% of the held-back/)[1]);
  assert.ok(accuracy > 90, `${accuracy} %`);

  const tasks = mainThreadTasks(await stage.browser.stopTracing());
  assert.ok(tasks.length > 100, `${tasks.length} tasks were traced`);
  assert.ok(Math.max(...tasks) < 50, `a task of ${Math.max(...tasks)} ms`);

  assert.ok((await page.evaluate(() => globalThis.ends)) <= 10, 'the status speaks at turns only');

  const cells = await page.locator('#train-confusion td').allInnerTexts();
  assert.equal(
    cells.filter(Boolean).reduce((sum, text) => sum + Number(text), 0),
    5000,
    'every held-back picture is in the matrix',
  );
  assert.match(await page.locator('#train-confusion caption').innerText(), new RegExp(`${accuracy}`));
  assert.ok((await page.locator('#train-mistakes li').count()) > 0);
  assert.match(await page.locator('#train-mistakes li').first().innerText(), /\d read as \d/);
});

test('the layers show what they make of a digit, and the filters what they look for', async (t) => {
  const page = await openTraining(t, stage);
  await choose(page, { ...quickRun, preset: 'Tiny' });
  await start(page);
  await finished(page);
  await page.getByRole('heading', { name: 'What each layer sees' }).scrollIntoViewIfNeeded();
  await page.getByRole('img', { name: 'conv1: 8 pictures of 26×26' }).waitFor();
  await page.getByRole('img', { name: 'conv2: 16 pictures of 24×24' }).waitFor();
  await page.getByRole('img', { name: 'First layer: 8 filters of 3×3 pixels' }).waitFor();
  const picture = () =>
    page
      .locator('#train-layers canvas')
      .first()
      .evaluate((canvas) => canvas.toDataURL());
  const zero = await picture();
  await page.getByRole('group', { name: 'Digit' }).getByText('7', { exact: true }).click();
  await page.getByRole('img', { name: 'A 7 that was held back' }).waitFor();
  assert.notEqual(await picture(), zero);
});

test('pause halts it, resume goes on', async (t) => {
  const page = await openTraining(t, stage);
  await countSteps(page);
  await page.reload();
  await choose(page, endlessRun);
  await start(page);
  await learning(page);
  await button(page, 'Pause').click();
  await status(page).filter({ hasText: 'Paused' }).waitFor();
  // The worker is on its way to the pause, and steps told before are on theirs.
  const stepsAfter = async (count) => (await nextFrames(page, count), page.evaluate(() => globalThis.steps));
  let [before, steps] = [NaN, await stepsAfter(20)];
  while (steps !== before) [before, steps] = [steps, await stepsAfter(20)];
  assert.ok(steps > 0);
  assert.equal(await stepsAfter(60), steps, 'no step is taken while it is paused');

  await button(page, 'Resume').click();
  await page.waitForFunction((steps) => globalThis.steps > steps, steps);
  await button(page, 'Pause').click();
  await button(page, 'Stop').click();
  await status(page).filter({ hasText: 'Stopped; what was learnt is kept' }).waitFor();
});

test('stop keeps what was learnt so far, also over a reload', async (t) => {
  const page = await openTraining(t, stage);
  await choose(page, endlessRun);
  await start(page);
  await learning(page);
  await button(page, 'Stop').click();
  await status(page).filter({ hasText: 'Stopped; what was learnt is kept' }).waitFor();
  await runRows(page).filter({ hasText: '(stopped)' }).waitFor();

  await page.reload();
  await runRows(page).filter({ hasText: '(stopped)' }).waitFor();
  await page.getByRole('heading', { name: 'Run 1' }).waitFor();
  assert.match(await page.locator('#train-confusion caption').innerText(), /of 5,000 held-back pictures/);

  await button(page, 'Delete run').click();
  await runRows(page).waitFor({ state: 'hidden' });
  await page.reload();
  await opened(page);
  assert.equal(await runRows(page).count(), 0);
});

/** Trains a quick run, has it read the drawings, and goes to where one draws. */
async function drawWithQuickRun(page) {
  await page.getByRole('link', { name: 'Train' }).click();
  await choose(page, quickRun);
  await start(page);
  await finished(page);
  await button(page, 'Use for drawing').click();
  await page.getByText('Run 1 reads your drawings now').waitFor();
  await page.getByRole('link', { name: 'Draw' }).click();
}

test('a run reads the drawings, until the shipped network does so again', async (t) => {
  const page = await stage.openBlankPage(t);
  await drawWithMouse(page, drawnZero);
  const shipped = await settledReading(page);
  await drawWithQuickRun(page);
  const own = await settledReading(page);
  assert.notEqual(own.confidence, shipped.confidence);

  await page.getByRole('link', { name: 'Train' }).click();
  await button(page, 'Use the shipped network').click();
  await page.getByText('The shipped network reads your drawings again').waitFor();
  await page.getByRole('link', { name: 'Draw' }).click();
  await page.getByLabel('Drawing area').waitFor();
  assert.equal(await page.locator('#details-status').textContent(), '', 'it may not stay true');
  await page.waitForFunction(
    (confidence) => Number(document.getElementById('prediction').dataset.confidence) === confidence,
    shipped.confidence,
  );
});

test('where one draws it is told that a run reads, with the way back; it is no lesson', async (t) => {
  const page = await stage.openBlankPage(t);
  const cue = page.getByText('Reading with Run 1 ·');
  assert.equal(await button(page, 'back to the shipped network').count(), 0);
  await drawWithQuickRun(page);
  await cue.waitFor();
  const learnt = page.getByRole('region', { name: 'What it has learnt from you' });
  assert.equal(await learnt.locator('.summary').innerText(), 'Run 1 is in use.');
  await page.reload();
  await cue.waitFor();
  await button(page, 'back to the shipped network').press('Enter');
  await cue.waitFor({ state: 'hidden' });
  assert.equal(await page.evaluate(() => document.activeElement.id), 'pad', 'the button is gone: one can draw');
  await learnt.getByText('The shipped network is in use; what came before stays in the list.').waitFor();
});

test('without a reader no run can be used for drawing, and it says so', async (t) => {
  const page = await stage.openBlankPage(t);
  page.expectedProblems = missingFile;
  await page.route('**/inkdigit.int8*', (route) => route.abort());
  await page.reload();
  await button(page, 'Try again').waitFor();
  await page.getByRole('link', { name: 'Train' }).click();
  await choose(page, quickRun);
  await start(page);
  await finished(page);
  for (const name of ['Use for drawing', 'Use the shipped network']) {
    await button(page, name).click();
    await page.getByText('The reader is not ready: the Draw view says why.').waitFor();
    await page.locator('#details-status').evaluate((status) => status.replaceChildren());
  }
});

test('weights are exported as a safetensors file of that network', async (t) => {
  const page = await openTraining(t, stage);
  await choose(page, quickRun);
  await start(page);
  await finished(page);
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Export weights').click()]);
  assert.equal(download.suggestedFilename(), 'inkdigit-run-1.safetensors');
  const { tensors } = readHeader(await readFile(await download.path()));
  assert.deepEqual(tensors['dense1.weight'].shape, [10, 784]);
});

test('a network too large for the memory of several threads trains on one, and its weights are kept', async (t) => {
  const page = await openTraining(t, stage);
  await choose(page, {
    ...quickRun,
    'Filters, first convolution': '64',
    'Kernel size': '1',
    'Dense units': '660',
    'Batch size': '64',
  });
  await page.getByText(/8,286,438 parameters · at least .* · on one thread/).waitFor();
  await start(page);
  await finished(page);
  await runRows(page).filter({ hasText: 'dense 660' }).waitFor();
  await page.getByText('too large to learn from your corrections').waitFor();
});

test('two runs are compared: rows, curves, the test set', async (t) => {
  const page = await openTraining(t, stage);
  await choose(page, quickRun);
  await start(page);
  await finished(page);
  await choose(page, { Seed: '2', Optimizer: 'sgd', 'Learning rate': '0,01' });
  await start(page);
  await runRows(page).nth(1).waitFor();
  assert.match(await runRows(page).nth(0).innerText(), /Run 2\s+one layer · SGD 0.01 · batch 32\s+7,850/);
  assert.match(await runRows(page).nth(1).innerText(), /Run 1\s+one layer · AdamW 0.003/);

  const chart = page.getByRole('img', { name: 'Held-back pictures read right' });
  const named = async () => (await chart.getAttribute('aria-label')).match(/Run \d/g) ?? [];
  await page.getByRole('img', { name: /Held-back.*Run 1.*Run 2/ }).waitFor();
  await page.getByLabel('Show the curves of run 1').uncheck();
  await page.getByRole('img', { name: /^Held-back pictures read right. Run 2/ }).waitFor();
  assert.deepEqual(await named(), ['Run 2']);

  await button(page, 'Look at run 1').click();
  await page.getByRole('heading', { name: 'Run 1' }).waitFor();
  await button(page, 'Measure on the test set').click();
  await page.getByText(/of the test pictures are read right/).waitFor();
  assert.match(await page.locator('#train-confusion caption').innerText(), /of 10,000 test pictures/);
  assert.match(await runRows(page).nth(1).innerText(), /%\s+\d+\.\d+%/);
});

test('a run can be stopped while its engine is still on its way, and another one be started', async (t) => {
  const page = await openTraining(t, stage);
  await choose(page, quickRun);
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route(/\/inkdigit\.wasm$/, (route) => held.then(() => route.continue()).catch(() => {}));
  const asked = page.waitForRequest(/\/inkdigit\.wasm$/);
  await start(page);
  await asked;
  assert.equal(await status(page).innerText(), 'Starting…');
  await button(page, 'Stop').click();
  await status(page).filter({ hasText: 'Stopped before it had learnt anything.' }).waitFor();
  assert.equal(await runRows(page).count(), 0);
  release();
  await start(page);
  await finished(page);
});

test('after a run that has grown without bounds, Try again takes the settings as they are now', async (t) => {
  const page = await openTraining(t, stage);
  await page.addInitScript(() => {
    globalThis.isDiverging = true;
    const { addEventListener } = Worker.prototype;
    Worker.prototype.addEventListener = function (type, listener, options) {
      const growing = ({ data }) => {
        if (globalThis.isDiverging && data?.progress?.step) data.progress.loss = NaN;
      };
      if (type === 'message') addEventListener.call(this, type, growing);
      return addEventListener.call(this, type, listener, options);
    };
  });
  await page.reload();
  await choose(page, quickRun);
  await start(page);
  await page.getByText('The loss is no longer a number').waitFor();
  await page.evaluate(() => (globalThis.isDiverging = false));
  await choose(page, { 'Learning rate': '0.001' });
  await button(page, 'Try again').click();
  await finished(page);
  await runRows(page).filter({ hasText: 'AdamW 0.001' }).waitFor();
});

test('values that cannot be are told, with what to choose instead, and nothing starts', async (t) => {
  const page = await openTraining(t, stage);
  const problem = page.locator('#train-problems');
  for (const [fields, text] of [
    [{ 'Kernel size': '14' }, 'Kernel size: choose a whole number from 1 to 13.'],
    [{ 'Kernel size': '' }, 'Kernel size: choose a whole number from 1 to 13.'],
    [{ 'Dense units': '12.5' }, 'Dense units: choose a whole number from 0 to 1024.'],
    [{ 'Learning rate': 'fast' }, 'Learning rate: choose a number from 0.000001 to 1.'],
    [{ 'Dropout before dense': '1' }, 'Dropout before the dense layer: choose a number from 0 to 0.95.'],
    [{ preset: 'Small, with augmentation', 'Covered, share': '2' }, 'Covered: choose a number from 0 to 1.'],
    [{ 'Filters, first convolution': '128', 'Dense units': '1024', 'Batch size': '512' }, 'Choose a smaller batch'],
  ]) {
    await choose(page, { preset: 'inkdigit’s own', ...fields });
    await problem.filter({ hasText: text }).waitFor();
    const wrong = page.locator('#train-settings [aria-invalid=true]');
    assert.equal(await wrong.count(), 1);
    await start(page);
    assert.ok(await wrong.evaluate((field) => field === document.activeElement), 'it has the focus');
    assert.equal(await button(page, 'Stop').count(), 0);
  }
  // As people write numbers: thousands apart, and fractions after a comma.
  await choose(page, { preset: 'No hidden layer', 'Dense units': '1,000', 'Learning rate': '0,002' });
  assert.match(await page.locator('#train-costs').innerText(), /^795,010 parameters/);
  await choose(page, { preset: 'inkdigit’s own' });
  assert.equal(await problem.innerText(), '');
  assert.match(await page.locator('#train-costs').innerText(), /^1,199,882 parameters · about /);
});

test('a learning rate that is far too large is told', async (t) => {
  const page = await openTraining(t, stage);
  await choose(page, { ...quickRun, preset: 'Tiny', 'Learning rate': '1' });
  await start(page);
  await finished(page);
  await status(page).filter({ hasText: 'hardly more than guessing: try a smaller learning rate' }).waitFor();
});

test('pictures that do not come: it says what to do, and can be tried again; a load can be cancelled', async (t) => {
  const page = await openTraining(t, stage);
  await choose(page, quickRun);
  page.expectedProblems = missingFile;
  await page.route('**/mnist/train_images_0.bin', (route) => route.abort());
  await start(page);
  await page.getByText('MNIST could not be loaded. Check the connection, then try again.').waitFor();
  await page.unroute('**/mnist/train_images_0.bin');

  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route('**/mnist/train_images_0.bin', (route) => held.then(() => route.continue()).catch(() => {}));
  await button(page, 'Try again').click();
  await button(page, 'Cancel').click();
  await status(page).filter({ hasText: 'Cancelled: no run was started.' }).waitFor();
  release();
  await page.unroute('**/mnist/train_images_0.bin');

  await start(page);
  await finished(page);
});

test('a piece that is damaged is told by its name', async (t) => {
  const page = await openTraining(t, stage);
  await choose(page, quickRun);
  await page.route('**/mnist/train_images_0.bin', async (route) => {
    const response = await route.fetch();
    const body = await response.body();
    await route.fulfill({ contentType: 'application/octet-stream', body: body.subarray(0, body.length / 2) });
  });
  await start(page);
  await page.getByText('MNIST did not arrive whole (train_images_0.bin)').waitFor();
});

test('one may leave: the run goes on, the link tells how far it is, and closing the tab asks first', async (t) => {
  const page = await openTraining(t, stage);
  await choose(page, endlessRun);
  await start(page);
  await learning(page);
  await page.evaluate(() => {
    globalThis.changes = 0;
    const what = { childList: true, subtree: true, characterData: true };
    const count = (list) => (globalThis.changes += list.length);
    new MutationObserver(count).observe(document.getElementById('train-figures'), what);
  });
  await page.waitForFunction(() => globalThis.changes > 0);
  await page.getByRole('link', { name: 'Draw' }).click();
  await page.getByLabel('Drawing area').waitFor();
  await page.getByRole('link', { name: /Train \d+%/ }).waitFor();
  await nextFrames(page, 20);
  await page.evaluate(() => (globalThis.changes = 0));
  await nextFrames(page, 30);
  assert.equal(await page.evaluate(() => globalThis.changes), 0, 'nothing is drawn that cannot be seen');

  const asked = page.waitForEvent('dialog');
  await page.close({ runBeforeUnload: true });
  const dialog = await asked;
  assert.equal(dialog.type(), 'beforeunload');
  await dialog.dismiss();
  await page.getByRole('link', { name: /Train/ }).click();
  await button(page, 'Stop').click();
  await status(page).filter({ hasText: 'Stopped' }).waitFor();
});

test('without cross-origin isolation it trains on one thread', async (t) => {
  const site = await serveSite({ isolated: false });
  t.after(() => site.close());
  const page = await openTraining(t, { ...stage, browser: stage.browser, site });
  assert.equal(await page.evaluate(() => typeof SharedArrayBuffer), 'undefined');
  await choose(page, quickRun);
  await start(page);
  await finished(page);
});

test('a view that is long on its way says so', async (t) => {
  const page = await stage.openBlankPage(t);
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route('**/train/view.html', (route) => held.then(() => route.continue()));
  await page.getByRole('link', { name: 'Train' }).click();
  const waiting = page.getByText('Loading…').and(page.locator(':visible'));
  await waiting.waitFor();
  release();
  await button(page, 'Start training').waitFor();
  assert.equal(await waiting.count(), 0);
});

test('code that does not come can be asked for again', async (t) => {
  const page = await stage.openBlankPage(t);
  page.expectedProblems = missingFile;
  await page.route('**/train/run_table.js*', (route) => route.abort());
  await page.getByRole('link', { name: 'Train' }).click();
  await page
    .getByText('This view could not be loaded. Check the connection, then try again, or reload the page.')
    .waitFor();
  await page.unroute('**/train/run_table.js*');
  await button(page, 'Try again').press('Enter');
  await button(page, 'Start training').waitFor();
  await page.waitForFunction(() => document.activeElement.textContent === 'Train a network of your own');
});

test('keys of the drawing view leave the drawing alone while one trains', async (t) => {
  const page = await stage.openBlankPage(t);
  await drawWithMouse(page, drawnZero);
  const { digit } = await settledReading(page);
  await page.getByRole('link', { name: 'Train' }).click();
  await button(page, 'Start training').waitFor();
  await page.getByLabel('Seed').focus();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+z');
  await page.getByRole('link', { name: 'Draw' }).click();
  assert.equal((await settledReading(page)).digit, digit);
});

test('a storage that refuses: the run lasts as long as the page, and it says so', async (t) => {
  const page = await openTraining(t, stage);
  await page.addInitScript(fillStorage);
  await page.reload();
  await choose(page, quickRun);
  await start(page);
  await finished(page);
  await page.getByText('could not be kept in this browser').waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Export weights').click()]);
  assert.ok(await download.path());
});
